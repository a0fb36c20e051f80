#include "adapters/mhd/reader.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "adapters/mhd/chunked.h"

enum {
    /* Room for the response's own headers, and for libmicrohttpd to write them. */
    POOL_BYTES = 64 * 1024,
    HEAD_MAXIMUM = 64 * 1024,
    RECEIVE_BYTES = 64 * 1024
};

struct toolbar__reader {
    struct MHD_Daemon *daemon;
    pid_t owner;                   /* a child process must not touch what it inherited */
    int fd;                        /* the client's end; -1: closed */
    struct MHD_Response *response; /* to be queued */
    bool head_only;
    bool busy;  /* a reply is on its way */
    bool close; /* the connection ends with this reply */
    uint64_t left;
    bool chunked;
    struct toolbar__chunked decoder;
    struct toolbar_text received; /* bytes behind the head that came with it */
    char buffer[RECEIVE_BYTES];
};

static pthread_key_t idle_key;
static pthread_once_t idle_once = PTHREAD_ONCE_INIT;
static bool idle_key_made;

static void free_reader(void *cls)
{
    struct toolbar__reader *reader = cls;

    if (!reader) return;
    if (reader->fd >= 0) {
        /* A child process may hold a copy: closing alone would not end the connection. */
        (void)shutdown(reader->fd, SHUT_RDWR);
        close(reader->fd);
    }
    if (reader->daemon && reader->owner == getpid()) MHD_stop_daemon(reader->daemon);
    toolbar__text_free(&reader->received);
    free(reader);
}

static void make_idle_key(void)
{
    idle_key_made = pthread_key_create(&idle_key, free_reader) == 0;
}

/* Queueing on the first call would close the connection after the reply. */
static enum MHD_Result serve(void *cls, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *upload_data,
                             size_t *upload_data_size, void **req_cls)
{
    struct toolbar__reader *reader = cls;

    (void)url, (void)method, (void)version, (void)upload_data, (void)upload_data_size;
    if (!*req_cls) {
        *req_cls = reader;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, reader->response);
}

static struct toolbar__reader *new_reader(void)
{
    struct toolbar__reader *reader = malloc(sizeof *reader);

    if (!reader) return NULL;
    memset(reader, 0, offsetof(struct toolbar__reader, buffer));
    reader->fd = -1;
    reader->owner = getpid();
    toolbar__text_init(&reader->received, HEAD_MAXIMUM);
    reader->daemon =
        MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, serve, reader,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES, MHD_OPTION_END);
    if (!reader->daemon) {
        free_reader(reader);
        return NULL;
    }
    return reader;
}

struct toolbar__reader *toolbar__reader_take(void)
{
    struct toolbar__reader *reader;

    pthread_once(&idle_once, make_idle_key);
    reader = idle_key_made ? pthread_getspecific(idle_key) : NULL;
    if (!reader) return new_reader();
    pthread_setspecific(idle_key, NULL);
    if (reader->owner == getpid()) return reader;
    free_reader(reader);
    return new_reader();
}

void toolbar__reader_give_back(struct toolbar__reader *reader)
{
    if (!reader) return;
    pthread_once(&idle_once, make_idle_key);
    if (reader->busy || !idle_key_made || pthread_getspecific(idle_key) ||
        pthread_setspecific(idle_key, reader) != 0) {
        free_reader(reader);
    }
}

static bool open_connection(struct toolbar__reader *reader)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int pair[2];

    if (reader->fd >= 0) return true;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0) return false;
    /* libmicrohttpd closes its end in any case. */
    if (MHD_add_connection(reader->daemon, pair[1], (struct sockaddr *)&address, sizeof address) !=
        MHD_YES) {
        close(pair[0]);
        return false;
    }
    reader->fd = pair[0];
    return true;
}

static void close_connection(struct toolbar__reader *reader)
{
    if (reader->fd >= 0) close(reader->fd);
    reader->fd = -1;
    /* Lets the daemon notice, and give up its reference to the response. */
    MHD_run(reader->daemon);
    MHD_run(reader->daemon);
    reader->busy = false;
}

/* One turn of the daemon, then what it wrote; 0: nothing, -1: the connection is closed. */
static ssize_t receive(struct toolbar__reader *reader, size_t want)
{
    ssize_t got;

    /* The second turn is for the step between two states that makes no output of its own. */
    for (int turn = 0; turn < 2; turn++) {
        MHD_run(reader->daemon);
        got = recv(reader->fd, reader->buffer, want < RECEIVE_BYTES ? want : RECEIVE_BYTES, 0);
        if (got > 0) return got;
        if (got == 0 || errno != EAGAIN) return -1;
    }
    return 0;
}

/* Lets the daemon finish the reply, so that the response is given up now and not later. */
static void end_reply(struct toolbar__reader *reader)
{
    if (reader->close) {
        close_connection(reader);
    } else {
        MHD_run(reader->daemon);
        reader->busy = false;
    }
}

static bool send_request(struct toolbar__reader *reader)
{
    static const char get[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    static const char head[] = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
    const char *request = reader->head_only ? head : get;
    size_t length = strlen(request);

    return send(reader->fd, request, length, MSG_NOSIGNAL) == (ssize_t)length;
}

/* Reads one line of the head; false at the end of it. */
static bool next_line(const char **at, const char *end, const char **line, size_t *length)
{
    const char *line_end = memchr(*at, '\r', (size_t)(end - *at));

    *line = *at;
    *length = (size_t)(line_end - *at);
    *at = line_end + 2;
    return *length > 0;
}

static bool has_name(const char *line, size_t length, const char *name, const char **value)
{
    size_t name_length = strlen(name);

    if (length < name_length + 2 || !toolbar__ascii_equal(line, name, name_length)) return false;
    *value = line + name_length + 2;
    return line[name_length] == ':';
}

/* `head` ends with an empty line. libmicrohttpd wrote it, so its form is known. */
static bool parse_head(struct toolbar__reader *reader, const char *head, const char *end,
                       struct toolbar__reader_facts *facts)
{
    const char *at = head, *line, *value;
    size_t length;

    *facts = (struct toolbar__reader_facts){.length = TOOLBAR__READER_UNKNOWN_LENGTH};
    reader->chunked = false;
    if (!next_line(&at, end, &line, &length) || length < 12) return false;
    if (memcmp(line + 8, " 200", 4) != 0) return false;
    facts->http_1_0 = line[7] == '0';
    while (next_line(&at, end, &line, &length)) {
        size_t value_length;

        if (has_name(line, length, "Content-Length", &value)) {
            facts->length = strtoull(value, NULL, 10);
        } else if (has_name(line, length, "Transfer-Encoding", &value)) {
            reader->chunked = true;
        } else if (has_name(line, length, "Connection", &value)) {
            value_length = (size_t)(line + length - value);
            facts->keep_alive |= toolbar__ascii_is(value, value_length, "keep-alive");
            facts->close |= value_length >= 5 && toolbar__ascii_equal(value, "close", 5);
        }
    }
    /* The coding wins over the length if a response has both. */
    if (reader->chunked) facts->length = TOOLBAR__READER_UNKNOWN_LENGTH;
    reader->left = facts->length;
    reader->decoder = (struct toolbar__chunked){0};
    return true;
}

static bool read_head(struct toolbar__reader *reader, struct toolbar__reader_facts *facts)
{
    struct toolbar_text *head = &reader->received;
    const char *end = NULL;

    head->length = 0;
    head->failed = false;
    while (!end) {
        ssize_t got = receive(reader, RECEIVE_BYTES);

        if (got <= 0) return false;
        toolbar_text_append(head, reader->buffer, (size_t)got);
        if (head->failed) return false;
        end = memmem(head->data, head->length, "\r\n\r\n", 4);
    }
    end += 4;
    if (!parse_head(reader, head->data, end, facts)) return false;
    head->length -= (size_t)(end - head->data);
    memmove(head->data, end, head->length);
    if (reader->head_only) reader->left = 0;
    return true;
}

bool toolbar__reader_begin(struct toolbar__reader *reader, struct MHD_Response *response,
                           bool head_only, struct toolbar__reader_facts *facts)
{
    reader->response = response;
    reader->head_only = head_only;
    if (!open_connection(reader)) return false;
    reader->busy = true;
    if (!send_request(reader) || !read_head(reader, facts)) {
        close_connection(reader);
        return false;
    }
    /* libmicrohttpd 0.9 ends chunks that it does not send. */
    reader->close = facts->close || (head_only && reader->chunked);
    if (head_only) end_reply(reader);
    return true;
}

static enum toolbar__reader_state take(struct toolbar__reader *reader, const char *data,
                                       size_t length, struct toolbar_text *body)
{
    if (reader->chunked) {
        switch (toolbar__chunked_feed(&reader->decoder, data, length, body)) {
        case TOOLBAR__CHUNKED_MORE: return TOOLBAR__READER_MORE;
        case TOOLBAR__CHUNKED_END: return TOOLBAR__READER_END;
        default: return TOOLBAR__READER_ERROR;
        }
    }
    toolbar_text_append(body, data, length);
    if (reader->left == TOOLBAR__READER_UNKNOWN_LENGTH) return TOOLBAR__READER_MORE;
    reader->left -= length;
    return reader->left ? TOOLBAR__READER_MORE : TOOLBAR__READER_END;
}

static enum toolbar__reader_state read_some(struct toolbar__reader *reader, size_t want,
                                            struct toolbar_text *body)
{
    ssize_t got;

    if (reader->received.length) {
        size_t length = reader->received.length;

        reader->received.length = 0;
        return take(reader, reader->received.data, length, body);
    }
    if (!reader->chunked && reader->left == 0) return TOOLBAR__READER_END;
    got = receive(reader, want);
    if (got == 0) return TOOLBAR__READER_WAIT;
    if (got > 0) return take(reader, reader->buffer, (size_t)got, body);
    /* Without length and coding the end of the connection is the end of the body. */
    if (reader->chunked || reader->left != TOOLBAR__READER_UNKNOWN_LENGTH) {
        return TOOLBAR__READER_ERROR;
    }
    reader->close = true;
    return TOOLBAR__READER_END;
}

enum toolbar__reader_state toolbar__reader_read(struct toolbar__reader *reader, size_t want,
                                                struct toolbar_text *body)
{
    enum toolbar__reader_state state = read_some(reader, want, body);

    if (body->failed) state = TOOLBAR__READER_ERROR;
    if (state == TOOLBAR__READER_ERROR) {
        close_connection(reader);
    } else if (state == TOOLBAR__READER_END) {
        end_reply(reader);
    }
    return state;
}
