#include "base/put.h"

/* Two digits at a time: the division is what takes time. */
static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                            "25262728293031323334353637383940414243444546474849"
                            "50515253545556575859606162636465666768697071727374"
                            "75767778798081828384858687888990919293949596979899";

static char *put_pair(char *to, unsigned below_100)
{
    memcpy(to, pairs + (size_t)2 * below_100, 2);
    return to + 2;
}

char *toolbar__put_digits(char *to, uint64_t value, unsigned count)
{
    char *end = to + count;

    for (; count >= 2; count -= 2, value /= 100) {
        put_pair(to + count - 2, (unsigned)(value % 100));
    }
    if (count) *to = (char)('0' + value % 10);
    return end;
}

static char *put_count(char *to, uint64_t value)
{
    uint64_t rest = value;
    unsigned count = 1;

    if (value < 10) {
        *to = (char)('0' + value);
        return to + 1;
    }
    if (value < 100) return put_pair(to, (unsigned)value);
    while (rest >= 100) {
        rest /= 100;
        count += 2;
    }
    return toolbar__put_digits(to, value, count + (rest >= 10));
}

char *toolbar__put_integer(char *to, int64_t value)
{
    if (value >= 0) return put_count(to, (uint64_t)value);
    *to = '-';
    return put_count(to + 1, 0 - (uint64_t)value);
}

char *toolbar__put_ms(char *to, int64_t ns)
{
    uint64_t tenths;

    if (ns < 0) ns = 0;
    if (ns < 99500) return put_pair(toolbar__put(to, "0.0"), (unsigned)(ns + 500) / 1000);
    if (ns < 995000) return put_pair(toolbar__put(to, "0."), (unsigned)(ns + 5000) / 10000);
    if (ns >= 99950000) return put_count(to, ((uint64_t)ns + 500000) / 1000000);
    tenths = (uint64_t)(ns + 50000) / 100000;
    to = put_count(to, tenths / 10);
    to[0] = '.';
    to[1] = (char)('0' + tenths % 10);
    return to + 2;
}
