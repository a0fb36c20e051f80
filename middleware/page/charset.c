/*
 * The scanner and the panel take markup for ASCII bytes. Here are the encodings for which that
 * is wrong, whether a browser knows them or not: those with wider units, those that shift their
 * meaning with escape sequences, and EBCDIC. Shift_JIS, GBK and the like are fine: their second
 * bytes are never < or >.
 */
#include "page/charset.h"

#include <string.h>

static const char *const prefixes[] = {
    "utf-16",  "utf16",     "utf-32",    "utf32",      "utf-7",       "utf7",    "ucs-",
    "ucs2",    "ucs4",      "csunicode", "iso-10646-", "scsu",        "bocu",    "iso-2022-",
    "iso2022", "csiso2022", "hz-gb-",    "ebcdic",     "csibmebcdic", "cp037",   "cp1026",
    "cp1047",  "cp114",     "cp500",     "cp273",      "ibm037",      "ibm1026", "ibm1047",
    "ibm0114", "csutf16",   "csutf32",   "csutf7",     "ibm-1047",    "ibm500",  "ibm273",
};

/* "unicode-1-1-utf-8" is UTF-8, so this one is no prefix. */
static const char *const names[] = {"unicode", "unicodefeff", "unicodefffe", "hz", "replacement"};

bool toolbar__charset_is_ascii(struct toolbar__slice name)
{
    /* As nearly all say. */
    if (toolbar__slice_is(name, "utf-8")) return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (toolbar__slice_is(name, names[i])) return false;
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (toolbar__slice_starts(name, prefixes[i])) {
            return false;
        }
    }
    return true;
}

bool toolbar__bytes_are_wide(const char *data, size_t length)
{
    if (length < 2) return false;
    if (!memcmp(data, "\xfe\xff", 2) || !memcmp(data, "\xff\xfe", 2)) return true;
    return !data[0] || !data[1];
}
