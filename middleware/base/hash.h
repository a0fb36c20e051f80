/* A fast 64-bit hash for tables of one process; not for anything that has to resist an attacker. */
#ifndef TOOLBAR_BASE_HASH_H
#define TOOLBAR_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t toolbar__hash(uint64_t seed, const void *data, size_t length);

#endif
