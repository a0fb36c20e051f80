#include "adapters/sqlite/rows.h"

#include <stdatomic.h>

#include "adapters/sqlite/executions.h"
#include "adapters/sqlite/uses.h"
#include "record/preview.h"
#include "record/tracking.h"

/* Longer values are named by their length only: expanding zeroblob() takes memory. */
enum { READ_MAXIMUM = 64 * 1024 };

/* Not in every SQLite: since 3.40, and where it was built with column metadata. */
int sqlite3_value_encoding(sqlite3_value *value) __attribute__((weak));
const char *sqlite3_column_table_name(sqlite3_stmt *handle, int column) __attribute__((weak));
const char *sqlite3_column_origin_name(sqlite3_stmt *handle, int column) __attribute__((weak));

/* Somebody has names in UTF-16, which asking for them in UTF-8 would move. */
static atomic_bool names_in_use;

void toolbar__execution_names_in_use(void)
{
    atomic_store_explicit(&names_in_use, true, memory_order_relaxed);
}

struct toolbar__first_rows toolbar__first_rows(const struct toolbar__use *use)
{
    struct toolbar__first_rows rows = {.recording = NULL};

    if (!use->query || !use->query->first_of_group || !sqlite3_value_encoding) return rows;
    if (use->outcome.rows > TOOLBAR__PREVIEW_ROWS) return rows;
    if (use->outcome.rows > 1 ? !use->query->preview : use->recording->hide_values) return rows;
    rows.recording = toolbar__recording_ref(use->recording);
    rows.query = use->query;
    return rows;
}

static bool begin(const struct toolbar__first_rows *rows, sqlite3_stmt *handle, unsigned kept,
                  unsigned all)
{
    struct toolbar__column columns[TOOLBAR__PREVIEW_COLUMNS];

    if (atomic_load_explicit(&names_in_use, memory_order_relaxed)) return false;
    for (unsigned i = 0; i < kept; i++) {
        columns[i].name = sqlite3_column_name(handle, (int)i);
        columns[i].origin =
            sqlite3_column_origin_name ? sqlite3_column_origin_name(handle, (int)i) : NULL;
        if (!columns[i].name) return false;
    }
    return toolbar__recording_preview(rows->recording, rows->query, columns, kept, all);
}

static void read_bytes(struct toolbar__value *value, sqlite3_value *from)
{
    value->length = (size_t)sqlite3_value_bytes(from);
    value->as.bytes = "";
    if (value->length > READ_MAXIMUM) return;
    value->kept = value->length < TOOLBAR__VALUE_SEEN ? value->length : TOOLBAR__VALUE_SEEN;
    if (!value->kept) return;
    value->as.bytes = value->type == TOOLBAR__VALUE_TEXT ? (const char *)sqlite3_value_text(from)
                                                         : sqlite3_value_blob(from);
    if (!value->as.bytes) value->kept = 0;
}

/* The type first, and then only what does not convert it. */
static struct toolbar__value read_value(sqlite3_value *from)
{
    struct toolbar__value value = {.type = TOOLBAR__VALUE_UNKNOWN};

    switch (sqlite3_value_type(from)) {
    case SQLITE_NULL: value.type = TOOLBAR__VALUE_NULL; break;
    case SQLITE_INTEGER:
        value.type = TOOLBAR__VALUE_INTEGER;
        value.as.integer = sqlite3_value_int64(from);
        break;
    case SQLITE_FLOAT:
        value.type = TOOLBAR__VALUE_REAL;
        value.as.real = sqlite3_value_double(from);
        break;
    case SQLITE_TEXT:
        if (sqlite3_value_encoding(from) != SQLITE_UTF8) break;
        value.type = TOOLBAR__VALUE_TEXT;
        read_bytes(&value, from);
        break;
    default:
        value.type = TOOLBAR__VALUE_BLOB;
        read_bytes(&value, from);
        break;
    }
    return value;
}

void toolbar__first_rows_read(const struct toolbar__first_rows *rows, sqlite3_stmt *handle)
{
    struct toolbar__value values[TOOLBAR__PREVIEW_COLUMNS];
    unsigned all = (unsigned)sqlite3_data_count(handle);
    unsigned kept = all < TOOLBAR__PREVIEW_COLUMNS ? all : TOOLBAR__PREVIEW_COLUMNS;
    sqlite3_mutex *mutex = sqlite3_db_mutex(sqlite3_db_handle(handle));

    /* Values are nobody's but SQLite's; held, the mutex costs less than for each question anew. */
    sqlite3_mutex_enter(mutex);
    if (kept && (rows->query->preview || begin(rows, handle, kept, all))) {
        for (unsigned i = 0; i < kept; i++) {
            values[i] = read_value(sqlite3_column_value(handle, (int)i));
        }
        toolbar__recording_preview_row(rows->recording, rows->query, values);
    }
    sqlite3_mutex_leave(mutex);
    toolbar__recording_unref(rows->recording);
}

/* Sizes of the first rows, and of every so many, stand for all. */
enum { SIZED_FIRST = 8, SIZED_EVERY = 16 };

bool toolbar__row_is_tracked(int64_t nth)
{
    return nth <= SIZED_FIRST || nth % SIZED_EVERY == 0;
}

/* Of the value as it is; one that would have to be converted for it is not known. */
static int64_t size_of(sqlite3_stmt *handle, int column)
{
    /* Asked as a value, which takes the connection's mutex once. */
    sqlite3_value *value = sqlite3_column_value(handle, column);

    switch (sqlite3_value_type(value)) {
    case SQLITE_NULL: return 0;
    case SQLITE_INTEGER:
    case SQLITE_FLOAT: return 8;
    case SQLITE_TEXT:
        if (!sqlite3_value_encoding || sqlite3_value_encoding(value) != SQLITE_UTF8) {
            return TOOLBAR__UNKNOWN;
        }
        break;
    default: break;
    }
    return sqlite3_value_bytes(value);
}

static bool name_columns(struct toolbar__result_column *columns, unsigned count,
                         sqlite3_stmt *handle)
{
    if (atomic_load_explicit(&names_in_use, memory_order_relaxed)) return false;
    if (!sqlite3_column_table_name || !sqlite3_column_origin_name) return false;
    for (unsigned i = 0; i < count; i++) {
        columns[i].name = sqlite3_column_name(handle, (int)i);
        columns[i].table = sqlite3_column_table_name(handle, (int)i);
        columns[i].origin = sqlite3_column_origin_name(handle, (int)i);
    }
    return true;
}

void toolbar__row_track(struct toolbar_recording *recording, struct toolbar__query *query,
                        sqlite3_stmt *handle, int64_t nth)
{
    struct toolbar__result_column columns[TOOLBAR__TRACKED_COLUMNS];
    unsigned count = (unsigned)sqlite3_data_count(handle);
    bool named = nth == 1 && query->first_of_group && count <= TOOLBAR__TRACKED_COLUMNS &&
                 name_columns(columns, count, handle);
    int64_t bytes[TOOLBAR__TRACKED_COLUMNS];

    if (count > TOOLBAR__TRACKED_COLUMNS) count = 0;
    for (unsigned i = 0; i < count; i++) {
        bytes[i] = size_of(handle, (int)i);
    }
    toolbar__tracking_row(recording, query, count, named ? columns : NULL, count ? bytes : NULL);
}
