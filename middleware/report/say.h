/*
 * What goes to the terminal. Strings come from a server that may be hostile: nothing that a
 * terminal would obey, and nothing that is not UTF-8, is written as it is.
 */
#ifndef REPORT_SAY_H
#define REPORT_SAY_H

#include <stddef.h>
#include <stdio.h>

/*
 * Writes `text`, unsafe characters escaped, line feeds too; returns how many columns it takes.
 * `file` NULL: only that.
 */
size_t say_safe(FILE *file, const char *text, size_t length);

/* "debugtoolbar-report: ..." as a line on standard error, made safe as a whole. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
