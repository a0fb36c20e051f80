/* See the header. */
#include "log.h"

#include <string.h>

void log_line(void *cls, enum toolbar_log_level level, const char *line)
{
    struct log *log = cls;

    pthread_mutex_lock(&log->lock);
    for (const char *at = line; *at; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f) log->multiline = true;
    }
    bytes_append(&log->lines[level], line, strlen(line));
    bytes_append(&log->lines[level], "\n", 1);
    log->count[level]++;
    pthread_mutex_unlock(&log->lock);
}

unsigned log_count(struct log *log, enum toolbar_log_level level)
{
    unsigned count;

    pthread_mutex_lock(&log->lock);
    count = log->count[level];
    pthread_mutex_unlock(&log->lock);
    return count;
}

bool log_has(struct log *log, enum toolbar_log_level level, const char *text)
{
    bool has;

    pthread_mutex_lock(&log->lock);
    has = log->lines[level].data && strstr(log->lines[level].data, text);
    pthread_mutex_unlock(&log->lock);
    return has;
}

void log_clear(struct log *log)
{
    pthread_mutex_lock(&log->lock);
    for (int level = 0; level < 3; level++) {
        bytes_free(&log->lines[level]);
        log->count[level] = 0;
    }
    pthread_mutex_unlock(&log->lock);
}
