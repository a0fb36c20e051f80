/*
 * Writing at a bare pointer, into room that was asked for before (toolbar__text_room()): for what
 * is written once for every query. Each verb returns the end of what it wrote, and says how much
 * that is at most; whoever asks for the room adds up.
 */
#ifndef TOOLBAR_BASE_PUT_H
#define TOOLBAR_BASE_PUT_H

#include <stdint.h>
#include <string.h>

enum {
    TOOLBAR__PUT_INTEGER = 20, /* bytes at most */
    TOOLBAR__PUT_MS = 13
};

/* A string literal; its length is known to the compiler. */
#define toolbar__put(to, literal)                                                                  \
    ((char *)memcpy((to), "" literal, sizeof(literal) - 1) + sizeof(literal) - 1)

char *toolbar__put_integer(char *to, int64_t value);

/* The last `count` decimal digits, zeros in front included. */
char *toolbar__put_digits(char *to, uint64_t value, unsigned count);

/* As toolbar_text_ms() has it. */
char *toolbar__put_ms(char *to, int64_t ns);

#endif
