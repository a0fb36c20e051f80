/* The front library: finding SQLite's functions, and running statements. */
#include "adapters/sqlite/front.h"

#include <dlfcn.h>
#include <pthread.h>

#include "adapters/sqlite/executions.h"
#include "record/request.h"

_Thread_local struct toolbar__front_thread toolbar__front_thread;

/* Takes these parts out of the archive too: SQLite may call what the application does not. */
extern void *const toolbar__front_parts[];
void *const toolbar__front_parts[] = {
    (void *)FRONT(sqlite3_bind_int), (void *)FRONT(sqlite3_column_int),
    (void *)FRONT(sqlite3_column_name16), (void *)FRONT(sqlite3_prepare_v2),
    (void *)FRONT(sqlite3_exec)};

#ifndef TOOLBAR_FRONT_WRAP
struct toolbar__front_real toolbar__front_functions;
static atomic_uint unresolved = 1;
toolbar__front_threads toolbar__front_watched = &unresolved;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void resolve(void)
{
    void *library = RTLD_NEXT;

    /* Nothing comes next when SQLite was loaded by dlopen(), for a plug-in. */
    if (!dlsym(RTLD_NEXT, "sqlite3_step")) {
        library = dlopen("libsqlite3.so.0", RTLD_LAZY | RTLD_NOLOAD);
    }
#define SYMBOL(name) toolbar__front_functions.name = (__typeof__(name) *)dlsym(library, #name);
#include "adapters/sqlite/front_symbols.h"
#undef SYMBOL
    atomic_store_explicit(&toolbar__front_watched, &toolbar__current_threads, memory_order_release);
}

void toolbar__front_resolve(void)
{
    pthread_once(&once, resolve);
}
#endif

__attribute__((constructor)) static void announce(void)
{
    toolbar__executions_by_front();
}

const void *toolbar__front_call_site(const void *return_address)
{
    struct toolbar__front_thread *thread = &toolbar__front_thread;

    if (thread->inside || !toolbar__current->recording) return NULL;
    if (thread->scope) {
        thread->scope->seen = true;
        return thread->scope->call_site;
    }
    return return_address;
}

static int step(sqlite3_stmt *statement, const void *call_site)
{
    int64_t begin_ns = toolbar__execution_step(statement, call_site);
    int code;

    INSIDE(code, REAL(sqlite3_step)(statement));
    if (begin_ns) {
        /* What we read of a row is not read by the application. */
        toolbar__front_thread.inside = true;
        toolbar__execution_stepped(statement, code, begin_ns);
        toolbar__front_thread.inside = false;
        /* What sqlite3_exec() does with a row is not known, even if it is nothing. */
        if (code == SQLITE_ROW && toolbar__front_thread.scope && toolbar__current_recording()) {
            toolbar__execution_read(statement, 0, 0, toolbar__front_thread.scope->reading);
        }
    }
    return code;
}

FRONT_FUNCTION(int, sqlite3_step, (sqlite3_stmt * statement), (statement))
{
    const void *call_site = CALL_SITE();

    return call_site ? step(statement, call_site) : REAL(sqlite3_step)(statement);
}

static int reset(sqlite3_stmt *statement)
{
    int64_t begin_ns = toolbar__execution_reset(statement);
    int code;

    INSIDE(code, REAL(sqlite3_reset)(statement));
    if (begin_ns) toolbar__execution_was_reset(statement, begin_ns);
    return code;
}

FRONT_FUNCTION(int, sqlite3_reset, (sqlite3_stmt * statement), (statement))
{
    return CALL_SITE() ? reset(statement) : REAL(sqlite3_reset)(statement);
}

static int finalize(sqlite3_stmt *statement)
{
    int64_t begin_ns = 0;
    struct toolbar__use *use = toolbar__execution_finalize(statement, &begin_ns);
    int code;

    INSIDE(code, REAL(sqlite3_finalize)(statement));
    if (use) toolbar__execution_finalized(use, begin_ns);
    return code;
}

FRONT_FUNCTION(int, sqlite3_finalize, (sqlite3_stmt * statement), (statement))
{
    return CALL_SITE() ? finalize(statement) : REAL(sqlite3_finalize)(statement);
}
