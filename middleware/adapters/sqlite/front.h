/*
 * The front library stands between the application and SQLite, so that what goes on can be
 * recorded exactly. While no thread works for a shown request each function costs a look at one
 * variable before it goes on to SQLite.
 *
 * The same sources make two libraries: one whose functions have SQLite's own names, found by the
 * linker before those of the shared library, and (TOOLBAR_FRONT_WRAP) one for a SQLite that is
 * linked statically, with the linker's --wrap for every name in front_symbols.h.
 */
#ifndef TOOLBAR_ADAPTERS_SQLITE_FRONT_H
#define TOOLBAR_ADAPTERS_SQLITE_FRONT_H

/* Ours take the place of SQLite's, inside SQLite too, only if they are visible. */
#pragma GCC visibility push(default)
#include <sqlite3.h>

#ifdef TOOLBAR_FRONT_WRAP
#define SYMBOL(name)                                                                               \
    __typeof__(name) __wrap_##name;                                                                \
    __typeof__(name) __real_##name;
#include "adapters/sqlite/front_symbols.h"
#undef SYMBOL
#endif
#pragma GCC visibility pop

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/current.h"
#include "record/tracking.h"

#ifdef TOOLBAR_FRONT_WRAP
#define FRONT(name) __wrap_##name
#define REAL(name) __real_##name
#define PASS(name) __real_##name
#define WATCHED_THREADS() (&toolbar__current_threads)
#else
/* SQLite's own functions. */
struct toolbar__front_real {
#define SYMBOL(name) __typeof__(name) *(name);
#include "adapters/sqlite/front_symbols.h"
#undef SYMBOL
};

/*
 * How many threads work for a shown request; until SQLite's functions are known it leads to a
 * number that is not 0, so that one look answers both questions.
 */
typedef atomic_uint *_Atomic toolbar__front_threads;

/* Of this library only, wherever it is linked to: they are reached without a table. */
#pragma GCC visibility push(hidden)
extern struct toolbar__front_real toolbar__front_functions;
extern toolbar__front_threads toolbar__front_watched;
#pragma GCC visibility pop
#define WATCHED_THREADS() atomic_load_explicit(&toolbar__front_watched, memory_order_acquire)
void toolbar__front_resolve(void);

static inline const struct toolbar__front_real *toolbar__front_real(void)
{
    if (WATCHED_THREADS() != &toolbar__current_threads) toolbar__front_resolve();
    return &toolbar__front_functions;
}

#define FRONT(name) name
#define REAL(name) (toolbar__front_real()->name)
#define PASS(name) (toolbar__front_functions.name)
#endif

/* A call of the application's that makes SQLite call its own interface: sqlite3_exec(). */
struct toolbar__front_scope {
    const void *call_site;
    enum toolbar__reading reading; /* what SQLite reads the rows for */
    bool seen;                     /* we saw SQLite call */
};

/* Where this thread is. */
struct toolbar__front_thread {
    bool inside;                        /* SQLite: calls that come now are its own */
    struct toolbar__front_scope *scope; /* NULL: none, or in the application's callback */
};

extern _Thread_local struct toolbar__front_thread toolbar__front_thread;

const void *toolbar__front_call_site(const void *return_address);

/* Nobody works for a shown request. */
#define UNWATCHED()                                                                                \
    __builtin_expect(!atomic_load_explicit(WATCHED_THREADS(), memory_order_relaxed), 1)

#define LIST(...) __VA_ARGS__

/*
 * Begins the definition of one of our functions. What it does while somebody is watching is a
 * function of its own, so that nothing is put on the stack before that is known: a few instructions
 * are what the front costs where nothing is recorded.
 */
/* NOLINTBEGIN(bugprone-macro-parentheses): a declaration has none around its type. */
#define FRONT_FUNCTION(type, name, parameters, arguments)                                          \
    static __attribute__((noinline))                                                               \
    type watched_##name(const void *return_address, LIST parameters);                              \
    type FRONT(name) parameters                                                                    \
    {                                                                                              \
        if (UNWATCHED()) return PASS(name) arguments;                                              \
        return watched_##name(__builtin_return_address(0), LIST arguments);                        \
    }                                                                                              \
    static type watched_##name(const void *return_address, LIST parameters)
/* NOLINTEND(bugprone-macro-parentheses) */

/* The caller, if the call is to be recorded; NULL sends it straight on. */
#define CALL_SITE() (toolbar__current ? toolbar__front_call_site(return_address) : NULL)

/* Calls SQLite so that what it calls itself is left alone. */
#define INSIDE(result, call)                                                                       \
    do {                                                                                           \
        toolbar__front_thread.inside = true;                                                       \
        (result) = (call);                                                                         \
        toolbar__front_thread.inside = false;                                                      \
    } while (0)

enum { TOOLBAR__FRONT_BIG_ENDIAN = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ };

/* Bytes of an UTF-16 text that ends after `maximum` bytes or, as it must if that is negative, with
 * a NUL. */
size_t toolbar__front_utf16_length(const void *text, int maximum);

/*
 * UTF-16 to UTF-8: writes as many whole characters as there is room for and returns their
 * bytes; *total is what all of them would take.
 */
size_t toolbar__front_utf8(char *to, size_t size, const void *utf16, size_t bytes, bool big_endian,
                           size_t *total);

#endif
