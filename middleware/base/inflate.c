/*
 * Decompresses the assets, RFC 1951. It is here because a library of decompression would be one
 * more for everybody to install and link, and all that is read is what the build of this library
 * has compressed: it may be slow, as an asset is asked for once a browser, and is short instead.
 */
#include "base/inflate.h"

#include <stdint.h>
#include <string.h>

enum {
    LENGTH_MAXIMUM = 15,    /* bits of a code */
    LITERALS_MAXIMUM = 288, /* bytes, the end of a block, lengths of copies */
    DISTANCES_MAXIMUM = 32,
    ORDERS = 19, /* symbols of the code in which the lengths of the others are written */
    END_OF_BLOCK = 256,
    LONGEST_COPY = 285,
    DISTANCES = 30, /* that are defined */
    BROKEN = 0xffff /* not a symbol of any code */
};

struct input {
    const unsigned char *next;
    const unsigned char *end;
    unsigned held; /* bits that were read and not taken, the lowest first */
    unsigned held_bits;
    bool failed;
};

/* A prefix code as its lengths define it: of one length, the first symbol has the least code. */
struct code {
    uint16_t counts[LENGTH_MAXIMUM + 1]; /* how many symbols have codes of so many bits */
    uint16_t symbols[LITERALS_MAXIMUM];  /* by their codes */
};

/* At most 16. After the end come zeros, and the failure is remembered. */
static unsigned take(struct input *input, unsigned bits)
{
    unsigned taken;

    while (input->held_bits < bits) {
        if (input->next == input->end) {
            input->failed = true;
            return 0;
        }
        input->held |= (unsigned)*input->next++ << input->held_bits;
        input->held_bits += 8;
    }
    taken = input->held & ((1U << bits) - 1);
    input->held >>= bits;
    input->held_bits -= bits;
    return taken;
}

static void make_code(struct code *code, const unsigned char *lengths, unsigned count)
{
    uint16_t at[LENGTH_MAXIMUM + 2] = {0};

    memset(code->counts, 0, sizeof code->counts);
    for (unsigned i = 0; i < count; i++) {
        code->counts[lengths[i]]++;
    }
    code->counts[0] = 0;
    for (unsigned bits = 1; bits <= LENGTH_MAXIMUM; bits++) {
        at[bits + 1] = (uint16_t)(at[bits] + code->counts[bits]);
    }
    for (unsigned i = 0; i < count; i++) {
        if (lengths[i]) code->symbols[at[lengths[i]]++] = (uint16_t)i;
    }
}

static unsigned take_symbol(struct input *input, const struct code *code)
{
    unsigned offset = 0; /* from the first code of this length */
    unsigned before = 0; /* symbols with shorter codes */

    for (unsigned bits = 1; bits <= LENGTH_MAXIMUM; bits++) {
        offset = 2 * offset + take(input, 1);
        if (offset < code->counts[bits]) return code->symbols[before + offset];
        offset -= code->counts[bits];
        before += code->counts[bits];
    }
    input->failed = true;
    return BROKEN;
}

/* Small numbers are symbols; of larger ones the symbol has the first bits, `kept` after the one. */
static size_t take_number(struct input *input, unsigned symbol, unsigned kept)
{
    unsigned first = 1U << kept;
    unsigned bits;

    if (symbol < first) return symbol;
    bits = (symbol >> kept) - 1;
    return ((size_t)(first | (symbol & (first - 1))) << bits) + take(input, bits);
}

static bool copy(struct input *input, unsigned symbol, const struct code *distances, size_t begin,
                 struct toolbar_text *text)
{
    size_t length, distance;

    if (symbol > LONGEST_COPY) return false;
    length = symbol == LONGEST_COPY ? 258 : 3 + take_number(input, symbol - END_OF_BLOCK - 1, 2);
    symbol = take_symbol(input, distances);
    if (symbol >= DISTANCES) return false;
    distance = 1 + take_number(input, symbol, 1);
    if (input->failed || distance > text->length - begin) return false;
    /* One by one: what is copied may be what this has just written. */
    for (; length && !text->failed; length--) {
        toolbar__text_char(text, text->data[text->length - distance]);
    }
    return true;
}

static bool read_compressed(struct input *input, const struct code *literals,
                            const struct code *distances, size_t begin, struct toolbar_text *text)
{
    while (!input->failed && !text->failed) {
        unsigned symbol = take_symbol(input, literals);

        if (symbol == END_OF_BLOCK) return !input->failed;
        if (symbol < END_OF_BLOCK) {
            toolbar__text_char(text, (char)symbol);
        } else if (!copy(input, symbol, distances, begin, text)) {
            return false;
        }
    }
    return false;
}

static bool read_stored(struct input *input, struct toolbar_text *text)
{
    size_t length;
    unsigned check;

    take(input, input->held_bits % 8);
    length = take(input, 16);
    check = take(input, 16);
    if (input->failed || (length ^ check) != 0xffff ||
        length > (size_t)(input->end - input->next)) {
        return false;
    }
    toolbar_text_append(text, (const char *)input->next, length);
    input->next += length;
    return true;
}

static void fixed_codes(struct code *literals, struct code *distances)
{
    unsigned char lengths[LITERALS_MAXIMUM];

    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
    make_code(literals, lengths, LITERALS_MAXIMUM);
    memset(lengths, 5, DISTANCES_MAXIMUM);
    make_code(distances, lengths, DISTANCES_MAXIMUM);
}

/* The lengths of both codes are one list, in which lengths can be repeated. */
static bool read_lengths(struct input *input, const struct code *orders, unsigned char *lengths,
                         unsigned count)
{
    unsigned i = 0;

    while (i < count) {
        unsigned symbol = take_symbol(input, orders);
        unsigned char length = symbol == 16 && i ? lengths[i - 1] : (unsigned char)symbol;
        unsigned times = 1;

        if (symbol >= 16) {
            if (symbol > 18 || (symbol == 16 && !i)) return false;
            if (symbol > 16) length = 0;
            times = symbol == 18 ? 11 + take(input, 7) : 3 + take(input, symbol == 17 ? 3 : 2);
        }
        if (input->failed || times > count - i) return false;
        memset(lengths + i, length, times);
        i += times;
    }
    return true;
}

static bool read_codes(struct input *input, struct code *literals, struct code *distances)
{
    static const unsigned char order[ORDERS] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                11, 4,  12, 3, 13, 2, 14, 1, 15};
    unsigned char lengths[LITERALS_MAXIMUM + DISTANCES_MAXIMUM] = {0};
    unsigned literal_count = 257 + take(input, 5);
    unsigned distance_count = 1 + take(input, 5);
    unsigned order_count = 4 + take(input, 4);

    for (unsigned i = 0; i < order_count; i++) {
        lengths[order[i]] = (unsigned char)take(input, 3);
    }
    /* The table of literals serves for the lengths first. */
    make_code(literals, lengths, ORDERS);
    if (!read_lengths(input, literals, lengths, literal_count + distance_count)) return false;
    make_code(literals, lengths, literal_count);
    make_code(distances, lengths + literal_count, distance_count);
    return true;
}

static bool read_block(struct input *input, size_t begin, struct toolbar_text *text)
{
    struct code literals, distances;

    switch (take(input, 2)) {
    case 0: return read_stored(input, text);
    case 1: fixed_codes(&literals, &distances); break;
    case 2:
        if (!read_codes(input, &literals, &distances)) return false;
        break;
    default: return false;
    }
    return read_compressed(input, &literals, &distances, begin, text);
}

bool toolbar__inflate(const unsigned char *data, size_t length, struct toolbar_text *text)
{
    struct input input = {.next = data, .end = data + length};
    size_t begin = text->length;
    bool last;

    do {
        last = take(&input, 1);
        if (!read_block(&input, begin, text)) return false;
    } while (!last);
    return !text->failed;
}
