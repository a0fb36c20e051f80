/*
 * Documents are built in memory streams: printing never checks, page_close() answers once
 * whether all of it succeeded. The frame is the same on every page, the ones over plain HTTP
 * included.
 */
#include "page.h"

#include <debugtoolbar/record.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

bool page_open(struct page *page)
{
    *page = (struct page){0};
    page->out = open_memstream(&page->text, &page->size_bytes);
    return page->out != NULL;
}

bool page_close(struct page *page)
{
    if (!page->out) return false;
    bool failed = ferror(page->out) != 0;
    failed |= fclose(page->out) != 0;
    page->out = NULL;
    if (failed) page_drop(page);
    return !failed;
}

void page_drop(struct page *page)
{
    if (page->out) fclose(page->out);
    free(page->text);
    *page = (struct page){0};
}

static void navigation(FILE *out, const char *path)
{
    static const char *const links[][2] = {
        {"/", "Start"},
        {"/people", "People"},
        {"/people/fathers", "Fathers"},
        {"/people/new", "Add somebody"},
        {"/streamed", "Streamed"},
        {"/large", "Large"},
        {"/tips", "Tips"},
    };
    fputs("<nav aria-label=\"Pages\"><ul>\n", out);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        const char *current = strcmp(links[i][0], path) == 0 ? " aria-current=\"page\"" : "";
        fprintf(out, "<li><a href=\"%s\"%s>%s</a></li>\n", links[i][0], current, links[i][1]);
    }
    fputs("</ul></nav>\n", out);
}

static void frame(FILE *out, const char *title, const char *path)
{
    fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
          out);
    html_text(out, title);
    fputs(" · debugtoolbar demo</title>\n<link rel=\"icon\" href=\"data:,\">\n"
          "<link rel=\"stylesheet\" href=\"/demo.css\">\n</head>\n<body>\n"
          "<a class=\"skip\" href=\"#content\">Skip to the content</a>\n"
          "<header>\n<p class=\"brand\"><a href=\"/\">debugtoolbar <span>demo</span></a></p>\n",
          out);
    navigation(out, path);
    fputs("</header>\n<main id=\"content\">\n<h1>", out);
    html_text(out, title);
    fputs("</h1>\n", out);
}

/* A server with a template engine would tell of its templates in the same way. */
void page_begin(FILE *out, const char *title, const char *path)
{
    struct timespec start, end;
    char context[256];
    if (!toolbar_request_current()) {
        frame(out, title, path);
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    frame(out, title, path);
    clock_gettime(CLOCK_MONOTONIC, &end);
    snprintf(context, sizeof context, "title=%s\npath=%s", title, path);
    toolbar_template_rendered(
        "frame", (int64_t)(end.tv_sec - start.tv_sec) * 1000000000 + end.tv_nsec - start.tv_nsec,
        context);
}

void page_end(FILE *out)
{
    fputs("</main>\n<footer>\n<p>A libmicrohttpd server with SQLite, and a thousand people who "
          "never lived.</p>\n</footer>\n</body>\n</html>\n",
          out);
}

size_t utf8_sequence(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;
    size_t length = byte[0] < 0x80                      ? 1
                    : byte[0] >= 0xC2 && byte[0] < 0xE0 ? 2
                    : byte[0] >= 0xE0 && byte[0] < 0xF0 ? 3
                    : byte[0] >= 0xF0 && byte[0] < 0xF5 ? 4
                                                        : 0;
    if (length < 2) return byte[0] ? length : 0;
    /* The second byte's range keeps overlong forms, surrogates and > U+10FFFF out. */
    unsigned char low = byte[0] == 0xE0 ? 0xA0 : byte[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char high = byte[0] == 0xED ? 0x9F : byte[0] == 0xF4 ? 0x8F : 0xBF;
    if (byte[1] < low || byte[1] > high) return 0;
    for (size_t i = 2; i < length; i++) {
        if (byte[i] < 0x80 || byte[i] > 0xBF) return 0;
    }
    return length;
}

static const char *entity(char character)
{
    switch (character) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

static bool is_control(char character)
{
    unsigned char byte = (unsigned char)character;
    return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

void html_text(FILE *out, const char *text)
{
    while (text && *text) {
        size_t length = utf8_sequence(text);
        const char *replacement = entity(*text);
        if (length == 0 || is_control(*text)) replacement = "\xEF\xBF\xBD";
        if (replacement)
            fputs(replacement, out);
        else
            fwrite(text, 1, length, out);
        text += length ? length : 1;
    }
}
