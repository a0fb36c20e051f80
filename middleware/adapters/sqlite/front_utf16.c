/* UTF-16 for the functions whose names end in 16; what is ill-formed becomes U+FFFD. */
#include "adapters/sqlite/front.h"

#include <string.h>

size_t toolbar__front_utf16_length(const void *text, int maximum)
{
    const unsigned char *bytes = text;
    size_t length = 0;

    while ((maximum < 0 || length + 2 <= (size_t)maximum) && (bytes[length] || bytes[length + 1])) {
        length += 2;
    }
    return length;
}

static uint32_t unit(const unsigned char *bytes, bool big_endian)
{
    return big_endian ? (uint32_t)bytes[0] << 8 | bytes[1] : (uint32_t)bytes[1] << 8 | bytes[0];
}

/* How many bytes of the `length` (two at least) it takes. */
static size_t decode(const unsigned char *bytes, size_t length, bool big_endian,
                     uint32_t *character)
{
    uint32_t low;

    *character = unit(bytes, big_endian);
    if (*character < 0xd800 || *character > 0xdfff) return 2;
    low = length >= 4 ? unit(bytes + 2, big_endian) : 0;
    if (*character <= 0xdbff && low >= 0xdc00 && low <= 0xdfff) {
        *character = 0x10000 + ((*character - 0xd800) << 10) + (low - 0xdc00);
        return 4;
    }
    *character = 0xfffd;
    return 2;
}

static size_t encode(uint32_t character, char utf8[4])
{
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;

    for (size_t i = length; i-- > 1; character >>= 6) {
        utf8[i] = (char)(0x80 | (character & 0x3f));
    }
    utf8[0] = (char)(leads[length] | character);
    return length;
}

size_t toolbar__front_utf8(char *to, size_t size, const void *utf16, size_t bytes, bool big_endian,
                           size_t *total)
{
    const unsigned char *from = utf16;
    size_t used = 0;

    *total = 0;
    while (bytes >= 2) {
        char utf8[4];
        uint32_t character;
        size_t taken = decode(from, bytes, big_endian, &character);
        size_t length = encode(character, utf8);

        if (used == *total && length <= size - used) {
            memcpy(to + used, utf8, length);
            used += length;
        }
        *total += length;
        from += taken;
        bytes -= taken;
    }
    return used;
}
