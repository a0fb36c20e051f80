/*
 * A page whose size nobody knows when it begins: libmicrohttpd asks for the next piece, and the
 * next piece asks the database. The statement stays open from the first piece to the last.
 */
#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "pages.h"
#include "queries.h"
#include "reply.h"

enum { BLOCK_BYTES = 4096 };

struct stream {
    sqlite3 *db;
    sqlite3_stmt *people;
    enum { STREAM_BEGIN, STREAM_PEOPLE, STREAM_END } next;
    struct page piece;
    size_t sent_bytes;
};

bool people_count(sqlite3 *db, int *count)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, "SELECT count(*) FROM person", -1, &statement, NULL) != SQLITE_OK)
        return false;
    if (sqlite3_step(statement) == SQLITE_ROW) *count = sqlite3_column_int(statement, 0);
    return sqlite3_finalize(statement) == SQLITE_OK;
}

bool people_next(FILE *out, sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_ROW) return false;
    fputs("<li>", out);
    person_link(out, sqlite3_column_int64(statement, 0), sqlite3_column_text(statement, 1));
    fputs("</li>\n", out);
    return true;
}

static bool stream_begin(struct stream *stream, FILE *out)
{
    int count = 0;
    if (!people_count(stream->db, &count) ||
        sqlite3_prepare_v2(stream->db, "SELECT id, name FROM person ORDER BY name", -1,
                           &stream->people, NULL) != SQLITE_OK)
        return false;
    page_begin(out, "Everybody, streamed", "/streamed");
    fprintf(out,
            "<p class=\"lead\">All %d people by name, one piece for each, made while the page is "
            "being sent.</p>\n<ol class=\"columns\">\n",
            count);
    stream->next = STREAM_PEOPLE;
    return true;
}

/* Prints the next piece; false if the database failed. */
static bool stream_print(struct stream *stream, FILE *out)
{
    if (stream->next == STREAM_BEGIN) return stream_begin(stream, out);
    if (people_next(out, stream->people)) return true;
    stream->next = STREAM_END;
    fputs("</ol>\n", out);
    page_end(out);
    int result = sqlite3_finalize(stream->people);
    stream->people = NULL;
    return result == SQLITE_OK;
}

static bool stream_piece(struct stream *stream)
{
    page_drop(&stream->piece);
    stream->sent_bytes = 0;
    if (!page_open(&stream->piece)) return false;
    bool printed = stream_print(stream, stream->piece.out);
    return page_close(&stream->piece) && printed;
}

static ssize_t stream_read(void *cls, uint64_t position, char *buffer, size_t size_bytes)
{
    struct stream *stream = cls;
    (void)position;
    if (stream->sent_bytes == stream->piece.size_bytes) {
        if (stream->next == STREAM_END) return MHD_CONTENT_READER_END_OF_STREAM;
        if (!stream_piece(stream)) return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    size_t rest = stream->piece.size_bytes - stream->sent_bytes;
    size_t length = rest < size_bytes ? rest : size_bytes;
    memcpy(buffer, stream->piece.text + stream->sent_bytes, length);
    stream->sent_bytes += length;
    return (ssize_t)length;
}

static void stream_free(void *cls)
{
    struct stream *stream = cls;
    sqlite3_finalize(stream->people);
    page_drop(&stream->piece);
    free(stream);
}

enum MHD_Result page_streamed(struct visit *visit)
{
    sqlite3 *db = database_connection(visit->demo->database);
    if (!db) return reply_database_error(visit->connection, db);
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream) return MHD_NO;
    stream->db = db;
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, BLOCK_BYTES, stream_read, stream, stream_free);
    if (!response) {
        free(stream);
        return MHD_NO;
    }
    if (!reply_html_headers(response)) {
        MHD_destroy_response(response);
        return MHD_NO;
    }
    return reply_response(visit->connection, MHD_HTTP_OK, response);
}
