/*
 * The demo's pages as text: one growable document, the frame that all pages share, and the
 * only functions that put foreign text into HTML.
 */
#ifndef DEMO_PAGE_H
#define DEMO_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct page {
    FILE *out; /* print into this; NULL when there was no memory */
    char *text;
    size_t size_bytes;
};

/* An empty document. Answers false without memory; page_close() and page_drop() are safe then. */
bool page_open(struct page *page);

/* Text is complete after this and belongs to the caller; false (and nothing to free) if any
 * print failed. */
bool page_close(struct page *page);

void page_drop(struct page *page);

/* Everything up to the first heading, and everything after the content. `path` is the page's
 * own, to mark it in the navigation; the title is escaped. */
void page_begin(FILE *out, const char *title, const char *path);
void page_end(FILE *out);

/* Escaped for element content and for quoted attributes alike. Bytes that are not UTF-8 and
 * control characters become U+FFFD; NULL prints nothing. */
void html_text(FILE *out, const char *text);

/* The length of the well-formed UTF-8 sequence that `text` starts with, or 0. */
size_t utf8_sequence(const char *text);

#endif
