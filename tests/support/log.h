/* Keeps what the toolbar logs, so that a test can count it. */
#ifndef TEST_LOG_H
#define TEST_LOG_H

#include <debugtoolbar/toolbar.h>
#include <pthread.h>

#include "reply.h"

struct log {
    pthread_mutex_t lock;
    struct bytes lines[3]; /* by level, each line with a line end */
    unsigned count[3];
    bool multiline; /* a line had a control character in it */
};

#define LOG_INIT                                                                                   \
    {                                                                                              \
        .lock = PTHREAD_MUTEX_INITIALIZER                                                          \
    }

/* For toolbar_options.log, with the struct log as closure. */
void log_line(void *log, enum toolbar_log_level level, const char *line);

unsigned log_count(struct log *log, enum toolbar_log_level level);

/* Whether `text` is in a line of that level. */
bool log_has(struct log *log, enum toolbar_log_level level, const char *text);
void log_clear(struct log *log);

#endif
