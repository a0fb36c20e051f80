/* See the header. Text is escaped as little as these people's names need it. */
#include "pages.h"

#ifdef BENCH_TOOLBAR
#define TOOLBAR_MHD_DROP_IN
#include <debugtoolbar/mhd.h>
#endif
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "usage.h"

enum { PEOPLE = 1000 };

static sqlite3 *database(struct databases *databases)
{
    static atomic_uint taken;
    static _Thread_local sqlite3 *own;

    if (!own) {
        unsigned next = atomic_fetch_add(&taken, 1);

        own = next < databases->count ? databases->connections[next] : NULL;
    }
    return own;
}

static enum MHD_Result reply(struct MHD_Connection *connection, char *text, size_t size_bytes,
                             const char *type)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(size_bytes, text, MHD_RESPMEM_MUST_FREE);
    enum MHD_Result result;

    if (!response) {
        free(text);
        return MHD_NO;
    }
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Referrer-Policy", "same-origin");
    MHD_add_response_header(response, "Content-Security-Policy",
                            "default-src 'self'; img-src 'self' data:; base-uri 'none'; "
                            "form-action 'self'; frame-ancestors 'self'; object-src 'none'");
    result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

static void head(FILE *out, const char *title)
{
    fprintf(out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<title>%s</title>\n<link rel=\"icon\" href=\"data:,\">\n"
            "<link rel=\"stylesheet\" href=\"/demo.css\">\n</head>\n<body>\n"
            "<header>\n<nav aria-label=\"Pages\"><ul>\n<li><a href=\"/plain\">Start</a></li>\n"
            "<li><a href=\"/fathers/50\">Fathers</a></li>\n</ul></nav>\n</header>\n"
            "<main id=\"content\">\n<h1>%s</h1>\n",
            title, title);
}

static void foot(FILE *out)
{
    fputs("</main>\n<footer>\n<p>A libmicrohttpd server with SQLite, and a thousand people who "
          "never lived.</p>\n</footer>\n</body>\n</html>\n",
          out);
}

static bool father_name(FILE *out, sqlite3 *db, sqlite3_int64 id)
{
    sqlite3_stmt *statement;

    if (sqlite3_prepare_v2(db, "SELECT name FROM person WHERE id = ?1", -1, &statement, NULL) !=
        SQLITE_OK)
        return false;
    sqlite3_bind_int64(statement, 1, id);
    if (sqlite3_step(statement) == SQLITE_ROW)
        fprintf(out, "<a href=\"/people/%lld\">%s</a>", (long long)id,
                (const char *)sqlite3_column_text(statement, 0));
    return sqlite3_finalize(statement) == SQLITE_OK;
}

static bool fathers(FILE *out, sqlite3 *db, long count)
{
    sqlite3_stmt *statement;
    bool answered = true;

    head(out, "People and their fathers");
    fputs("<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Name</th>"
          "<th scope=\"col\">Father</th></tr></thead>\n<tbody>\n",
          out);
    if (sqlite3_prepare_v2(db,
                           "SELECT id, name, father_id FROM person WHERE father_id IS NOT NULL"
                           " ORDER BY id LIMIT ?1",
                           -1, &statement, NULL) != SQLITE_OK)
        return false;
    sqlite3_bind_int64(statement, 1, count);
    while (answered && sqlite3_step(statement) == SQLITE_ROW) {
        fprintf(out, "<tr><td><a href=\"/people/%lld\">%s</a></td><td>",
                (long long)sqlite3_column_int64(statement, 0),
                (const char *)sqlite3_column_text(statement, 1));
        answered = father_name(out, db, sqlite3_column_int64(statement, 2));
        fputs("</td></tr>\n", out);
    }
    fputs("</tbody>\n</table></div>\n", out);
    foot(out);
    return sqlite3_finalize(statement) == SQLITE_OK && answered;
}

static bool statements(FILE *out, sqlite3 *db, long count)
{
    bool answered = true;

    head(out, "Statements");
    for (long i = 0; answered && i < count; i++) {
        answered = father_name(out, db, 1 + i % PEOPLE);
        fputc('\n', out);
    }
    foot(out);
    return answered;
}

static bool plain(FILE *out, sqlite3 *db, long count)
{
    /* Aligned, or what the C library needs to find its end is not the same in all servers. */
    static const _Alignas(64) char paragraph[] = "<p>A paragraph of a page that asks nobody.</p>\n";

    (void)db, (void)count;
    head(out, "No queries");
    for (int i = 0; i < 50; i++)
        fputs(paragraph, out);
    foot(out);
    return true;
}

static enum MHD_Result reply_page(struct databases *databases, struct MHD_Connection *connection,
                                  bool (*write)(FILE *, sqlite3 *, long), long count)
{
    sqlite3 *db = database(databases);
    char *text = NULL;
    size_t size_bytes;
    FILE *out = open_memstream(&text, &size_bytes);
    bool written;

    if (!out) return MHD_NO;
    written = db && write(out, db, count);
    written = fclose(out) == 0 && written;
    if (written) return reply(connection, text, size_bytes, "text/html; charset=utf-8");
    free(text);
    return MHD_NO;
}

static enum MHD_Result reply_bytes(struct MHD_Connection *connection, long count)
{
    char *text = count > 0 ? malloc((size_t)count) : NULL;

    if (!text) return MHD_NO;
    memset(text, 'b', (size_t)count);
    return reply(connection, text, (size_t)count, "application/octet-stream");
}

static enum MHD_Result reply_usage(struct MHD_Connection *connection)
{
    char *text = malloc(USAGE_SIZE);

    if (!text) return MHD_NO;
    usage_print(text);
    return reply(connection, text, strlen(text), "text/plain");
}

/* The number after `prefix`, if the path begins so. */
static bool path_is(const char *url, const char *prefix, long *count)
{
    size_t length = strlen(prefix);

    if (strncmp(url, prefix, length) != 0) return false;
    *count = strtol(url + length, NULL, 10);
    return true;
}

enum MHD_Result pages_handler(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload_data,
                              size_t *upload_data_size, void **req_cls)
{
    long count = 0;

    (void)method, (void)version, (void)upload_data;
    if (!*req_cls) {
        *req_cls = cls;
        return MHD_YES;
    }
    if (*upload_data_size) {
        *upload_data_size = 0;
        return MHD_YES;
    }
    if (strcmp(url, "/usage") == 0) return reply_usage(connection);
    if (path_is(url, "/plain", &count)) return reply_page(cls, connection, plain, 0);
    if (path_is(url, "/fathers/", &count)) return reply_page(cls, connection, fathers, count);
    if (path_is(url, "/statements/", &count)) return reply_page(cls, connection, statements, count);
    if (path_is(url, "/bytes/", &count)) return reply_bytes(connection, count);
    return MHD_NO;
}
