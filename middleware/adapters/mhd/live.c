/*
 * Which connections have an exchange: an open hash table of atomics, without a lock, because
 * requests that are hidden ask it too. With nobody shown that is one load. An exchange is used
 * by one thread at a time (libmicrohttpd's, or the application's while the connection is
 * suspended), so its slot's two words need no more than release and acquire.
 */
#include "adapters/mhd/exchange.h"

#include "adapters/sqlite/observe.h"

enum { SLOTS = 4096, PROBES = 32 };

struct slot {
    _Atomic(const struct MHD_Connection *) connection;
    _Atomic(struct toolbar__exchange *) exchange;
    _Atomic(const struct toolbar_mhd *) owner; /* asked without looking into the exchange */
};

static struct slot slots[SLOTS];
atomic_uint toolbar__exchange_count;

static struct slot *slot_at(const struct MHD_Connection *connection, unsigned probe)
{
    uint64_t hash = (uint64_t)(uintptr_t)connection * UINT64_C(0x9e3779b97f4a7c15);

    return &slots[((hash >> 40) + probe) % SLOTS];
}

struct toolbar__exchange *toolbar__exchange_find(const struct MHD_Connection *connection)
{
    if (!toolbar__exchange_any()) return NULL;
    for (unsigned probe = 0; probe < PROBES; probe++) {
        struct slot *slot = slot_at(connection, probe);

        if (atomic_load_explicit(&slot->connection, memory_order_acquire) == connection) {
            return atomic_load_explicit(&slot->exchange, memory_order_acquire);
        }
    }
    return NULL;
}

bool toolbar__exchange_publish(struct toolbar__exchange *exchange)
{
    for (unsigned probe = 0; probe < PROBES; probe++) {
        struct slot *slot = slot_at(exchange->connection, probe);
        const struct MHD_Connection *empty = NULL;

        if (atomic_compare_exchange_strong_explicit(&slot->connection, &empty, exchange->connection,
                                                    memory_order_acq_rel, memory_order_relaxed)) {
            atomic_store_explicit(&slot->exchange, exchange, memory_order_release);
            atomic_store_explicit(&slot->owner, exchange->mhd, memory_order_release);
            atomic_fetch_add_explicit(&toolbar__exchange_count, 1, memory_order_release);
            return true;
        }
    }
    return false;
}

void toolbar__exchange_withdraw(const struct toolbar__exchange *exchange)
{
    for (unsigned probe = 0; probe < PROBES; probe++) {
        struct slot *slot = slot_at(exchange->connection, probe);

        if (atomic_load_explicit(&slot->connection, memory_order_relaxed) == exchange->connection) {
            atomic_store_explicit(&slot->owner, NULL, memory_order_relaxed);
            atomic_store_explicit(&slot->exchange, NULL, memory_order_relaxed);
            atomic_store_explicit(&slot->connection, NULL, memory_order_release);
            atomic_fetch_sub_explicit(&toolbar__exchange_count, 1, memory_order_release);
            return;
        }
    }
}

void toolbar__exchange_forget(const struct toolbar_mhd *mhd)
{
    if (!toolbar__exchange_any()) return;
    for (size_t i = 0; i < SLOTS; i++) {
        struct toolbar__exchange *exchange;

        if (atomic_load_explicit(&slots[i].owner, memory_order_acquire) != mhd) continue;
        exchange = atomic_load_explicit(&slots[i].exchange, memory_order_acquire);
        toolbar__exchange_withdraw(exchange);
        if (exchange->kind == TOOLBAR__EXCHANGE_SHOWN) {
            toolbar__sqlite_request_end(exchange->request.recording);
        }
        toolbar__exchange_free(exchange);
    }
}
