/* Queries that the application tells about, because nobody watches its database. */
#include <debugtoolbar/record.h>
#include <string.h>

#include "record/current.h"
#include "record/recording.h"
#include "record/request.h"
#include "record/sql_tokens.h"

static bool has_parameters(const char *sql, size_t length)
{
    struct toolbar__sql_token token;
    size_t at = 0;

    do {
        token = toolbar__sql_next(sql, length, &at);
    } while (token.type != TOOLBAR__SQL_PARAMETER && token.type != TOOLBAR__SQL_END);
    return token.type == TOOLBAR__SQL_PARAMETER;
}

static const char *connection_name(struct toolbar_recording *recording, const char *name)
{
    bool secret;

    if (!name || !*name) return "database";
    pthread_mutex_lock(&recording->lock);
    secret = toolbar__recording_is_secret(recording, name, strlen(name));
    pthread_mutex_unlock(&recording->lock);
    return secret ? TOOLBAR__MASK : name;
}

/* Apart, so that the way of requests that are not shown stays short. */
__attribute__((noinline)) static void begin(struct toolbar_recording *recording,
                                            const char *connection, const char *sql,
                                            struct toolbar_query *handle)
{
    /* One that was not seen keeps queries with different parameters from being duplicates. */
    static const struct toolbar__value unseen = {.type = TOOLBAR__VALUE_UNKNOWN};
    size_t length = strlen(sql);
    struct toolbar__statement *statement = toolbar__recording_statement(
        recording, connection_name(recording, connection), sql, length);

    if (!statement) return;
    handle->request = recording->serial;
    handle->statement = statement;
    handle->start_ns = toolbar__recording_now(recording);
    handle->record = toolbar__recording_query(
        recording, statement, handle->start_ns, &unseen,
        has_parameters(sql, length < TOOLBAR__SQL_MAXIMUM ? length : TOOLBAR__SQL_MAXIMUM));
}

struct toolbar_query toolbar_query_begin(const char *connection, const char *sql)
{
    struct toolbar_query handle = {0, NULL, NULL, 0};
    struct toolbar_recording *recording = toolbar__current_recording();

    if (recording && sql) begin(recording, connection, sql, &handle);
    return handle;
}

void toolbar_query_end(struct toolbar_query handle, int64_t rows, const char *error)
{
    struct toolbar_recording *recording = toolbar__current_recording();
    struct toolbar__outcome outcome = TOOLBAR__OUTCOME_UNKNOWN;

    /* The serial says that the addresses are of this recording, which is alive. */
    if (!recording || !handle.statement || handle.request != recording->serial) return;
    outcome.open_ns = toolbar__recording_now(recording) - handle.start_ns;
    outcome.engine_ns = outcome.open_ns;
    outcome.rows = rows < 0 ? TOOLBAR__UNKNOWN : rows;
    outcome.error_message = error;
    if (error) outcome.error_code = TOOLBAR__ERROR_WITHOUT_CODE;
    toolbar__recording_query_done(recording, handle.statement, handle.record, &outcome);
}
