#include "panels/editor.h"

#include <string.h>

#include "base/html.h"

bool toolbar__editor_allowed(const char *template)
{
    static const char *const forbidden[] = {"javascript", "data", "vbscript"};
    size_t length = strspn(template, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789+-.");

    /* Browsers would skip blanks before and line ends inside it. */
    if (!length || template[length] != ':') return false;
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        if (toolbar__ascii_is(template, length, forbidden[i])) return false;
    }
    return true;
}

const char *toolbar__editor_base_name(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash && slash[1] ? slash + 1 : file;
}

/* Percent-encoded, slashes excepted. */
static void encoded(struct toolbar_text *text, const char *file)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    static const char digits[] = "0123456789ABCDEF";

    for (; *file; file++) {
        unsigned char byte = (unsigned char)*file;

        if (strchr(plain, byte)) {
            toolbar__text_char(text, *file);
        } else {
            toolbar__text_char(text, '%');
            toolbar__text_char(text, digits[byte >> 4]);
            toolbar__text_char(text, digits[byte & 15]);
        }
    }
}

/* The template with {file} and {line} filled in. */
static void href(struct toolbar_text *html, const char *template, const char *file, unsigned line)
{
    while (*template) {
        if (strncmp(template, "{file}", 6) == 0) {
            encoded(html, file);
            template += 6;
        } else if (strncmp(template, "{line}", 6) == 0) {
            toolbar_text_integer(html, line);
            template += 6;
        } else {
            size_t length = strcspn(template + 1, "{") + 1;

            toolbar_html_bytes(html, template, length);
            template += length;
        }
    }
}

void toolbar__editor_place(struct toolbar_text *html,
                           const struct toolbar__application *application, const char *file,
                           unsigned line)
{
    const char *template = application->editor_link;

    if (template) {
        toolbar_text_literal(html, "<a href=\"");
        href(html, template, file, line);
        toolbar_text_literal(html, "\">");
    }
    toolbar_html_text(html, toolbar__editor_base_name(file));
    toolbar__text_char(html, ':');
    toolbar_text_integer(html, line);
    if (template) toolbar_text_literal(html, "</a>");
}
