#include "base/utf8.h"

static bool continues(unsigned char c)
{
    return (c & 0xc0) == 0x80;
}

size_t toolbar__utf8_decode(const char *data, size_t length, uint32_t *character)
{
    const unsigned char *s = (const unsigned char *)data;
    uint32_t c;

    *character = 0xfffd;
    if (s[0] < 0x80) {
        *character = s[0];
        return 1;
    }
    if (s[0] >= 0xc2 && s[0] <= 0xdf && length >= 2 && continues(s[1])) {
        *character = (uint32_t)(s[0] & 0x1f) << 6 | (s[1] & 0x3f);
        return 2;
    }
    if ((s[0] & 0xf0) == 0xe0 && length >= 3 && continues(s[1]) && continues(s[2])) {
        c = (uint32_t)(s[0] & 0x0f) << 12 | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3f);
        if (c < 0x800 || (c >= 0xd800 && c <= 0xdfff)) return 1;
        *character = c;
        return 3;
    }
    if (s[0] >= 0xf0 && s[0] <= 0xf4 && length >= 4 && continues(s[1]) && continues(s[2]) &&
        continues(s[3])) {
        c = (uint32_t)(s[0] & 0x07) << 18 | (uint32_t)(s[1] & 0x3f) << 12 |
            (uint32_t)(s[2] & 0x3f) << 6 | (s[3] & 0x3f);
        if (c < 0x10000 || c > 0x10ffff) return 1;
        *character = c;
        return 4;
    }
    return 1;
}

bool toolbar__utf8_must_be_visible(uint32_t c)
{
    if (c < 0x20) return c != '\t' && c != '\n';
    if (c < 0x7f) return false;
    return c <= 0x9f || c == 0xad || c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}
