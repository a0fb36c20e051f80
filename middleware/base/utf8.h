/* Reads UTF-8 one character at a time, and says which characters must not be shown as they are. */
#ifndef TOOLBAR_BASE_UTF8_H
#define TOOLBAR_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decodes the character at `data`; returns its length in bytes, at least 1. Anything that is
 * not well-formed gives U+FFFD and a length of 1.
 */
size_t toolbar__utf8_decode(const char *data, size_t length, uint32_t *character);

/* Controls (tab and line feed aside), bidirectional overrides, invisible and line-break characters.
 */
bool toolbar__utf8_must_be_visible(uint32_t character);

#endif
