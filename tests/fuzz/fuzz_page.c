/*
 * libFuzzer target for everything that reads an application's response: the first byte says how
 * the rest is cut into pieces, or that it is a block of headers. Built with
 * clang -fsanitize=fuzzer,address,undefined.
 */
#include <stdlib.h>
#include <string.h>

#include "page/filter.h"
#include "page/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FIELDS_MAXIMUM = 16 };

static void require(bool condition)
{
    if (!condition) abort();
}

/* Piece lengths from 1 to 256, derived from the seed. */
static size_t piece_of(unsigned *seed, size_t left)
{
    size_t piece;

    *seed = *seed * 1664525u + 1013904223u;
    piece = 1 + ((*seed >> 16) & (*seed >> 24));
    return piece < left ? piece : left;
}

static bool scan(const char *page, size_t length, unsigned seed, uint64_t *place, unsigned *seen)
{
    struct toolbar__scanner scanner;
    uint64_t settled = 0;

    toolbar__scanner_init(&scanner);
    for (size_t at = 0; at < length;) {
        size_t piece = seed ? piece_of(&seed, length - at) : length;
        uint64_t before = scanner.found ? scanner.body_end : UINT64_MAX;

        toolbar__scanner_feed(&scanner, page + at, piece);
        at += piece;
        require(scanner.offset == at);
        require(!scanner.found || scanner.body_end == before || scanner.body_end >= settled);
        require(toolbar__scanner_settled(&scanner) >= settled);
        settled = toolbar__scanner_settled(&scanner);
        require(settled <= at);
    }
    *seen = (unsigned)(scanner.other_base << 3 | scanner.select << 2 | scanner.document << 1 |
                       scanner.inputs);
    return toolbar__scanner_place(&scanner, place);
}

/* With a panel of no length, what comes out is what went in. */
static bool stream(const char *page, size_t length, unsigned seed, uint64_t *place)
{
    struct toolbar__filter filter;
    struct toolbar_text out;
    unsigned placed = 0;

    toolbar__filter_init(&filter);
    toolbar__text_init(&out, PTRDIFF_MAX);
    for (size_t at = 0; at < length;) {
        size_t piece = seed ? piece_of(&seed, length - at) : length;

        if (toolbar__filter_feed(&filter, page + at, piece, &out)) {
            placed++;
            *place = out.length;
            toolbar__filter_rest(&filter, &out);
        }
        at += piece;
        require(out.length + filter.held.length == at);
    }
    if (toolbar__filter_end(&filter, &out)) {
        placed++;
        *place = out.length;
    }
    toolbar__filter_rest(&filter, &out);
    require(placed <= 1);
    require(out.length == length && (!length || !memcmp(out.data, page, length)));
    toolbar__filter_free(&filter);
    toolbar__text_free(&out);
    return placed;
}

static void fuzz_page(const char *page, size_t length, unsigned seed)
{
    uint64_t whole = 0;
    uint64_t pieces = 0;
    unsigned seen, seen_in_pieces;
    bool found = scan(page, length, 0, &whole, &seen);

    require(scan(page, length, seed, &pieces, &seen_in_pieces) == found && pieces == whole);
    require(seen == seen_in_pieces);
    require(!found || whole == length ||
            (whole + 7 <= length && page[whole] == '<' && page[whole + 1] == '/' &&
             toolbar__ascii_equal(page + whole + 2, "body", 4)));
    whole = pieces = 0;
    found = stream(page, length, 0, &whole);
    require(stream(page, length, seed, &pieces) == found && pieces == whole);
}

static void count_header(void *cls, const char *name, const char *value)
{
    require(name[0] && value[0]);
    ++*(unsigned *)cls;
}

static void visit_fields(void *connection, toolbar__header_visitor visit, void *cls)
{
    const struct toolbar__fields *fields = connection;

    for (size_t i = 0; i < fields->count; i++) {
        const struct toolbar__field *field = &fields->items[i];

        if (!visit(cls, field->name, strlen(field->name), field->value, strlen(field->value))) {
            return;
        }
    }
}

static void use_fields(struct toolbar__fields *fields, const char *body)
{
    static const struct toolbar__head_source source = {.headers = visit_fields};
    struct toolbar__head head = {.method = "GET", .source = &source, .connection = fields};
    unsigned headers = 0;
    char *nonce = toolbar__page_nonce(fields);

    require(!nonce || !strpbrk(nonce, "<>&\"' "));
    free(nonce);
    (void)toolbar__page_check(&head, 200, fields);
    (void)toolbar__page_check_body(fields, body, strlen(body), true);
    (void)toolbar__page_check_body(fields, body, strlen(body), false);
    for (size_t i = 0; i < fields->count; i++) {
        (void)toolbar__page_field(&fields->items[i]);
    }
    toolbar__page_headers(fields, "MYAPPKEY", count_header, &headers);
    require(headers >= 5);
}

/* Lines of "name: value", then the body. */
static void fuzz_headers(char *text)
{
    struct toolbar__field items[FIELDS_MAXIMUM];
    struct toolbar__fields fields = {.items = items};

    while (fields.count < FIELDS_MAXIMUM) {
        char *colon = strchr(text, ':');
        char *end = strchr(text, '\n');

        if (!colon || !end || colon > end) break;
        *colon = *end = '\0';
        items[fields.count++] = (struct toolbar__field){text, colon + 1, false};
        text = end + 1;
    }
    use_fields(&fields, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text;

    if (!size) return 0;
    text = malloc(size);
    if (!text) return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    if (data[0] == 'H') {
        fuzz_headers(text);
    } else {
        fuzz_page(text, size - 1, data[0] + 1u);
    }
    free(text);
    return 0;
}
