/*
 * STMT begins an execution, ROW counts, PROFILE ends it; with these exceptions:
 * - Triggers, and statements that run inside another one, have a text of their own in STMT,
 *   which is not the statement's. A cascading foreign key has the same text, while the
 *   execution is open and before it gives a row. Neither is another execution.
 * - sqlite3_exec() ends a statement whose callback said stop without PROFILE. That was after a
 *   row, so the next STMT for this address is not taken for a cascade.
 * - When the schema has changed, SQLite ends the execution, prepares it again and goes on
 *   without a second STMT. So an execution that has ended is kept until something else happens
 *   on the connection.
 * - EXPLAIN has no STMT.
 * - Internal statements have no text.
 * SQLite calls with the connection's mutex held, on the thread that makes the step. That may be
 * one that works for no shown request, or ends what another has begun.
 */
#include "adapters/sqlite/trace_events.h"

#include "adapters/sqlite/connections.h"
#include "adapters/sqlite/cost.h"
#include "adapters/sqlite/plan.h"
#include "record/current.h"
#include "record/request.h"

/* Nothing more will happen to the execution that ended last. */
static void forget_ended(struct toolbar__database *database)
{
    struct toolbar__use *use =
        database->ended ? toolbar__use_find(&database->uses, database->ended) : NULL;

    if (use) toolbar__use_remove(&database->uses, use);
    database->ended = NULL;
}

static struct toolbar__use *begin(struct toolbar__database *database, sqlite3_stmt *statement,
                                  struct toolbar_recording *recording)
{
    int64_t work_began_ns = toolbar__now_ns();
    struct toolbar__use *use = toolbar__use_get(&database->uses, statement, recording);
    bool open;

    if (!use) return NULL;
    open = toolbar__use_open(use, statement, database->name, NULL, NULL);
    if (open && use->query && use->query->first_of_group) {
        toolbar__plans_offer(recording, use->statement, sqlite3_db_handle(statement));
        use->begin_ns = toolbar__now_ns();
    }
    if (open) {
        toolbar__cost_add(recording, use->begin_ns - work_began_ns);
        return use;
    }
    toolbar__use_remove(&database->uses, use);
    return NULL;
}

static void on_statement(struct toolbar__database *database, sqlite3_stmt *statement,
                         const char *text)
{
    struct toolbar_recording *recording = toolbar__current_recording();
    struct toolbar__use *use;

    if (text != sqlite3_sql(statement)) return;
    forget_ended(database);
    use = toolbar__use_find(&database->uses, statement);
    if (use && use->open && use->outcome.rows == 0) return;
    if (use) toolbar__use_remove(&database->uses, use);
    if (recording) begin(database, statement, recording);
}

static void count_row(struct toolbar__use *use, sqlite3_stmt *statement)
{
    TOOLBAR__COST(use->recording);

    toolbar__use_row(use);
    toolbar__use_sample(use, statement, toolbar__now_ns());
}

static void on_row(struct toolbar__database *database, sqlite3_stmt *statement)
{
    struct toolbar__use *use = toolbar__use_find(&database->uses, statement);

    /* sqlite3_blob_open() steps a statement without text, maybe at the address of an ended one. */
    if (!use || !use->open || !sqlite3_sql(statement)) return;
    if (database->ended == statement) database->ended = NULL;
    count_row(use, statement);
}

/* Nothing is known of it but that it ran. */
static void on_explain(struct toolbar__database *database, sqlite3_stmt *statement)
{
    struct toolbar_recording *recording = toolbar__current_recording();
    struct toolbar__use *use = recording ? begin(database, statement, recording) : NULL;

    if (!use) return;
    use->outcome.rows = TOOLBAR__UNKNOWN;
    toolbar__use_remove(&database->uses, use);
}

static void end(struct toolbar__use *use, sqlite3_stmt *statement)
{
    TOOLBAR__COST(use->recording);

    toolbar__use_sample(use, statement, toolbar__now_ns());
    toolbar__use_rows_over(use);
}

static void on_end(struct toolbar__database *database, sqlite3_stmt *statement)
{
    struct toolbar__use *use = toolbar__use_find(&database->uses, statement);

    if (sqlite3_stmt_isexplain(statement)) {
        on_explain(database, statement);
    } else if (use && use->open) {
        end(use, statement);
        if (database->ended != statement) forget_ended(database);
        database->ended = statement;
    }
}

int toolbar__trace_event(unsigned event, void *cls, void *statement, void *detail)
{
    struct toolbar__database *database = cls;

    if (!toolbar__trace_wanted()) {
        toolbar__trace_unhook_unwanted(database);
        return 0;
    }
    /* Not for us, and nothing of ours is open: take no lock. */
    if (!toolbar__current_recording() && !database->uses.count) return 0;
    pthread_mutex_lock(&database->uses.lock);
    switch (event) {
    case SQLITE_TRACE_STMT: on_statement(database, statement, detail); break;
    case SQLITE_TRACE_ROW: on_row(database, statement); break;
    case SQLITE_TRACE_PROFILE: on_end(database, statement); break;
    default: break;
    }
    pthread_mutex_unlock(&database->uses.lock);
    return 0;
}
