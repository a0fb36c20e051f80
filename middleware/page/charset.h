/* Character encodings in which markup is not simply ASCII. */
#ifndef TOOLBAR_PAGE_CHARSET_H
#define TOOLBAR_PAGE_CHARSET_H

#include "page/fields.h"

/* False for UTF-16 and its kind; true for names that are not known: most encodings are. */
bool toolbar__charset_is_ascii(struct toolbar__slice name);

/* The bytes begin like UTF-16 or UTF-32, with a byte order mark or with zeros. */
bool toolbar__bytes_are_wide(const char *data, size_t length);

#endif
