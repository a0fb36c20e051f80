#include "base/html.h"

#include <string.h>

#include "base/utf8.h"

static void append_special(struct toolbar_text *text, uint32_t c)
{
    switch (c) {
    case '&': toolbar_text_literal(text, "&amp;"); break;
    case '<': toolbar_text_literal(text, "&lt;"); break;
    case '>': toolbar_text_literal(text, "&gt;"); break;
    case '"': toolbar_text_literal(text, "&quot;"); break;
    case '\'': toolbar_text_literal(text, "&#39;"); break;
    case '`': toolbar_text_literal(text, "&#96;"); break;
    default:
        if (toolbar__utf8_must_be_visible(c)) {
            toolbar__text_printf(text, c < 0x100 ? "\\x%02X" : "\\u%04X", (unsigned)c);
        } else if (c < 0x80) {
            toolbar__text_char(text, (char)c);
        } else {
            toolbar_text_literal(text, "&#");
            toolbar_text_integer(text, c);
            toolbar__text_char(text, ';');
        }
    }
}

/* What stays as it is: of ASCII all but controls, & < > " ' and ` */
static const unsigned char is_plain[256] = {
    // clang-format off
    ['\t'] = 1, 1,
    [' '] = 1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0,
    // clang-format on
};

static bool all_plain(const char *four)
{
    const unsigned char *bytes = (const unsigned char *)four;

    return is_plain[bytes[0]] & is_plain[bytes[1]] & is_plain[bytes[2]] & is_plain[bytes[3]];
}

void toolbar_html_bytes(struct toolbar_text *text, const char *data, size_t length)
{
    size_t at = 0;

    while (at < length) {
        size_t plain = at;
        uint32_t c;
        size_t bytes;

        while (length - plain >= 4 && all_plain(data + plain)) {
            plain += 4;
        }
        while (plain < length && is_plain[(unsigned char)data[plain]]) {
            plain++;
        }
        toolbar_text_append(text, data + at, plain - at);
        if (plain == length) return;
        bytes = toolbar__utf8_decode(data + plain, length - plain, &c);
        append_special(text, c);
        at = plain + bytes;
    }
}

void toolbar_html_text(struct toolbar_text *text, const char *string)
{
    toolbar_html_bytes(text, string, strlen(string));
}
