/*
 * A daemon serves its reader in one of two ways. The quick one makes no system call of its own:
 * the reader knows what may be read and written, and sends many requests at once, which wait in
 * libmicrohttpd's memory for their responses. It has no room for large heads and cannot have a
 * descriptor beyond FD_SETSIZE; where it fails, the sure way takes over.
 */
#include "adapters/mhd/reader.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "adapters/mhd/chunked.h"

#define REQUEST "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
#define REQUESTS_4 REQUEST REQUEST REQUEST REQUEST
#define REQUESTS_16 REQUESTS_4 REQUESTS_4 REQUESTS_4 REQUESTS_4

enum {
    /* Room for the response's own headers and one chunk; cleared for each response. */
    QUICK_POOL_BYTES = 16 * 1024,
    SURE_POOL_BYTES = 64 * 1024,
    QUICK_REQUESTS = 16, /* sent at once */
    /* From one state of libmicrohttpd to the next, until a reply is over. */
    TURNS_MAXIMUM = 4,
    HEAD_MAXIMUM = 64 * 1024,
    RECEIVE_BYTES = 64 * 1024
};

struct toolbar__reader {
    struct MHD_Daemon *daemon;     /* NULL: it is made when it is needed */
    bool sure;                     /* the way it is served */
    pid_t owner;                   /* a child process must not touch what it inherited */
    int fd;                        /* the client's end; -1: closed */
    int served_fd;                 /* the daemon's end */
    unsigned waiting;              /* requests that have no response yet */
    struct MHD_Response *response; /* to be queued; NULL: it has been */
    bool head_only;
    bool busy;      /* a reply is on its way */
    bool completed; /* libmicrohttpd is through with it, and has given up the response */
    bool close;     /* the connection ends with this reply */
    uint64_t left;
    bool chunked;
    struct toolbar__chunked decoder;
    struct toolbar_text head; /* if it comes in pieces */
    const char *rest;         /* bytes behind the head that came with it */
    size_t rest_length;
    char buffer[RECEIVE_BYTES];
};

static pthread_key_t idle_key;
static pthread_once_t idle_once = PTHREAD_ONCE_INIT;
static bool idle_key_made;

/* Whatever the connection is doing: it ends, and the daemon's reference to the response. */
static void stop(struct toolbar__reader *reader)
{
    bool own = reader->owner == getpid();

    /* A child process may hold a copy: closing alone would not end the connection. */
    if (reader->fd >= 0 && own) (void)shutdown(reader->fd, SHUT_RDWR);
    if (reader->fd >= 0) close(reader->fd);
    if (reader->daemon && own) MHD_stop_daemon(reader->daemon);
    reader->fd = -1;
    reader->daemon = NULL;
    reader->response = NULL;
    reader->waiting = 0;
    reader->busy = false;
}

static void free_reader(void *cls)
{
    struct toolbar__reader *reader = cls;

    if (!reader) return;
    stop(reader);
    toolbar__text_free(&reader->head);
    free(reader);
}

static void make_idle_key(void)
{
    idle_key_made = pthread_key_create(&idle_key, free_reader) == 0;
}

/*
 * Queueing on the first call would close the connection after the reply. A request that was sent
 * ahead is asked for again in each turn until there is a response. With a status of no body the
 * content is left alone, and its length is told all the same.
 */
static enum MHD_Result serve(void *cls, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *upload_data,
                             size_t *upload_data_size, void **req_cls)
{
    struct toolbar__reader *reader = cls;
    struct MHD_Response *response = reader->response;

    (void)url, (void)method, (void)version, (void)upload_data, (void)upload_data_size;
    if (!*req_cls || !response) {
        *req_cls = reader;
        return MHD_YES;
    }
    reader->response = NULL;
    return MHD_queue_response(connection, reader->head_only ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK,
                              response);
}

static void complete(void *cls, struct MHD_Connection *connection, void **req_cls,
                     enum MHD_RequestTerminationCode code)
{
    struct toolbar__reader *reader = cls;

    (void)connection, (void)req_cls, (void)code;
    reader->completed = true;
}

static bool start(struct toolbar__reader *reader)
{
    unsigned flags = MHD_USE_NO_LISTEN_SOCKET;
    size_t pool_bytes = reader->sure ? SURE_POOL_BYTES : QUICK_POOL_BYTES;

    if (reader->daemon) return true;
    if (reader->sure) flags |= MHD_USE_EPOLL;
    reader->daemon =
        MHD_start_daemon(flags, 0, NULL, NULL, serve, reader, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                         pool_bytes, MHD_OPTION_NOTIFY_COMPLETED, complete, reader, MHD_OPTION_END);
    return reader->daemon != NULL;
}

static struct toolbar__reader *new_reader(void)
{
    struct toolbar__reader *reader = malloc(sizeof *reader);

    if (!reader) return NULL;
    memset(reader, 0, offsetof(struct toolbar__reader, buffer));
    reader->fd = -1;
    reader->owner = getpid();
    toolbar__text_init(&reader->head, HEAD_MAXIMUM);
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
    if (!start(reader)) return false;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0) return false;
    /* libmicrohttpd closes its end in any case. */
    if (MHD_add_connection(reader->daemon, pair[1], (struct sockaddr *)&address, sizeof address) !=
        MHD_YES) {
        close(pair[0]);
        return false;
    }
    reader->fd = pair[0];
    reader->served_fd = pair[1];
    return true;
}

static void turn(struct toolbar__reader *reader)
{
    fd_set ready, none;

    if (reader->sure) {
        MHD_run(reader->daemon);
        return;
    }
    FD_ZERO(&ready);
    FD_ZERO(&none);
    FD_SET(reader->served_fd, &ready);
    MHD_run_from_select(reader->daemon, &ready, &ready, &none);
}

/* One turn of the daemon, then what it wrote; 0: nothing, -1: the connection is closed. */
static ssize_t receive(struct toolbar__reader *reader, size_t want)
{
    ssize_t got;

    /*
     * More than one turn, for the steps between two states that make no output of their own, and
     * so that content which is not there yet is asked for four times.
     */
    for (int i = reader->sure ? 2 : 4; i > 0; i--) {
        turn(reader);
        got = recv(reader->fd, reader->buffer, want < RECEIVE_BYTES ? want : RECEIVE_BYTES, 0);
        if (got > 0) return got;
        if (got == 0 || errno != EAGAIN) return -1;
    }
    return 0;
}

/* Lets the daemon finish the reply, so that the response is given up now and not later. */
static void end_reply(struct toolbar__reader *reader)
{
    for (int i = 0; i < TURNS_MAXIMUM && !reader->completed; i++) {
        turn(reader);
    }
    reader->busy = false;
    if (!reader->completed) {
        stop(reader);
    } else if (reader->close) {
        close(reader->fd);
        reader->fd = -1;
        reader->waiting = 0;
    } else if (reader->head_only && reader->chunked) {
        /* libmicrohttpd 0.9 ends chunks that it does not send. */
        while (recv(reader->fd, reader->buffer, RECEIVE_BYTES, 0) > 0) {
        }
    }
}

static bool send_request(struct toolbar__reader *reader)
{
    static const char requests[] = REQUESTS_16;
    size_t length = reader->sure ? sizeof REQUEST - 1 : sizeof requests - 1;

    if (reader->waiting) {
        /* Now there is a response for it. */
        turn(reader);
    } else {
        if (send(reader->fd, requests, length, MSG_NOSIGNAL) != (ssize_t)length) return false;
        reader->waiting = reader->sure ? 1 : QUICK_REQUESTS;
    }
    reader->waiting--;
    return true;
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
    if (memcmp(line + 8, reader->head_only ? " 304" : " 200", 4) != 0) return false;
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

/* Nearly always it comes as a whole, and is read where it is. */
static bool read_head(struct toolbar__reader *reader, struct toolbar__reader_facts *facts)
{
    struct toolbar_text *head = &reader->head;
    const char *data, *end = NULL;
    size_t length;

    while (!end) {
        ssize_t got = receive(reader, RECEIVE_BYTES);

        if (got <= 0) return false;
        data = reader->buffer;
        length = (size_t)got;
        if (!head->length) end = memmem(data, length, "\r\n\r\n", 4);
        if (end) break;
        toolbar_text_append(head, data, length);
        if (head->failed) return false;
        data = head->data;
        length = head->length;
        end = memmem(data, length, "\r\n\r\n", 4);
    }
    end += 4;
    if (!parse_head(reader, data, end, facts)) return false;
    reader->rest = end;
    reader->rest_length = length - (size_t)(end - data);
    if (reader->head_only) reader->left = 0;
    return true;
}

static bool ask(struct toolbar__reader *reader, struct MHD_Response *response,
                struct toolbar__reader_facts *facts)
{
    reader->head.length = 0;
    reader->head.failed = false;
    if (!open_connection(reader)) return false;
    reader->response = response;
    reader->busy = true;
    reader->completed = false;
    return send_request(reader) && read_head(reader, facts);
}

bool toolbar__reader_begin(struct toolbar__reader *reader, struct MHD_Response *response,
                           bool head_only, struct toolbar__reader_facts *facts)
{
    reader->head_only = head_only;
    while (!ask(reader, response, facts)) {
        bool again = !reader->sure && !reader->head.length;

        stop(reader);
        reader->sure = again;
        if (!again) return false;
    }
    reader->close = facts->close;
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

    if (reader->rest_length) {
        size_t length = reader->rest_length;

        reader->rest_length = 0;
        return take(reader, reader->rest, length, body);
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
        stop(reader);
    } else if (state == TOOLBAR__READER_END) {
        end_reply(reader);
    }
    return state;
}
