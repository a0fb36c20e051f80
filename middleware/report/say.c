#include "report/say.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

static bool is_plain(uint32_t character, size_t bytes)
{
    if (character == 0xfffd && bytes == 1) return false;
    return character != '\t' && character != '\n' && !toolbar__utf8_must_be_visible(character);
}

size_t say_safe(FILE *file, const char *text, size_t length)
{
    size_t columns = 0;

    while (length) {
        char escape[16];
        uint32_t character;
        size_t bytes = toolbar__utf8_decode(text, length, &character), written = 1;
        const char *out = text;

        if (!is_plain(character, bytes)) {
            out = escape;
            if (bytes == 1) {
                snprintf(escape, sizeof escape, "\\x%02x", (unsigned char)*text);
            } else {
                snprintf(escape, sizeof escape, "\\u{%x}", (unsigned)character);
            }
            written = strlen(escape);
        }
        if (file) fwrite(out, 1, out == text ? bytes : written, file);
        columns += written;
        text += bytes;
        length -= bytes;
    }
    return columns;
}

void say(const char *format, ...)
{
    char line[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    fputs("debugtoolbar-report: ", stderr);
    say_safe(stderr, line, strlen(line));
    fputc('\n', stderr);
}
