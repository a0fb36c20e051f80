/* What the HTTP tests assert about replies; also brings cmocka with what it needs before it. */
#ifndef TEST_ASSERTS_H
#define TEST_ASSERTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reply.h"

/* The toolbar is nowhere to be seen in the reply. */
void assert_hidden(const struct reply *reply);

/* The reply is `original` with the one element at `place`, and says so in its headers. */
void assert_decorated(const struct reply *reply, const char *original, size_t length, size_t place);

/* The same for a page in a string whose element belongs before its last "</body>". */
void assert_page(const struct reply *reply, const char *page);

/* Shown, but with the body left alone for that reason. */
void assert_skipped(const struct reply *reply, const char *reason, const char *original,
                    size_t length);

/* There is exactly one such header, with that value. */
void assert_header(const struct reply *reply, const char *name, const char *value);

/* Debug-Toolbar-Id and Server-Timing as the contract has them. The id is copied if wanted. */
void assert_own_headers(const struct reply *reply, char id[33]);

/* The key is not in these bytes: as it is, reversed, in hex, base64 or %-encoded, in any case. */
void assert_no_key(const struct bytes *bytes, const char *key);

#endif
