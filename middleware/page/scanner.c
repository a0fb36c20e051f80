/*
 * The tokenizer of the HTML Living Standard (13.2.5), reduced to the question where a </body>
 * tag is a tag. One function per group of states that behave alike; long stretches are skipped
 * with memchr(), and tags without a meaning in plain.c. What is inside raw text is in rawtext.c.
 */
#include "page/scanner.h"

#include "base/text.h"
#include "page/chars.h"
#include "page/plain.h"

enum state {
    DATA = TOOLBAR__SCANNER_DATA,
    TAG_OPEN,
    END_TAG_OPEN,
    TAG_NAME,
    BEFORE_ATTRIBUTE,
    ATTRIBUTE_NAME,
    AFTER_ATTRIBUTE_NAME,
    BEFORE_VALUE,
    VALUE_QUOTED,
    VALUE_UNQUOTED,
    AFTER_VALUE,
    SELF_CLOSING,
    DECLARATION,
    DECLARATION_DASH,
    DECLARATION_DOCTYPE,
    DECLARATION_CDATA,
    BOGUS_COMMENT, /* and doctypes: both end at the first > */
    COMMENT_START,
    COMMENT_START_DASH,
    COMMENT,
    COMMENT_DASH,
    COMMENT_END,
    COMMENT_BANG,
    CDATA,
    RAW_TEXT,
    PLAINTEXT
};

static bool is_named(const struct toolbar__scanner *scanner, const char *name)
{
    return toolbar__ascii_is(scanner->name, scanner->name_length, name);
}

/* Elements that only matter because they are open inside of a drawing. */
static void start_other(struct toolbar__scanner *scanner, bool self_closing)
{
    const struct toolbar__nesting *nesting = &scanner->nesting;
    bool foreign = toolbar__nesting_foreign(nesting);

    if (foreign && self_closing) return;
    if (foreign || toolbar__nesting_island(nesting)) {
        toolbar__drawing_open(&scanner->drawing, scanner->name, scanner->name_length,
                              nesting->depth, !foreign);
    } else if (is_named(scanner, "select")) {
        scanner->select = true;
    }
}

static void start_tag(struct toolbar__scanner *scanner, bool self_closing)
{
    struct toolbar__nesting *nesting = &scanner->nesting;
    enum toolbar__tag element;

    if (toolbar__nesting_foreign(nesting)) {
        toolbar__nesting_break_out(nesting, scanner->name, scanner->name_length);
        toolbar__drawing_leave(&scanner->drawing, nesting->depth);
    }
    element = toolbar__tag_find(scanner->name, scanner->name_length);
    if (element == TOOLBAR__TAG_OTHER) {
        start_other(scanner, self_closing);
        return;
    }
    if (scanner->select && element != TOOLBAR__TAG_SCRIPT && element != TOOLBAR__TAG_TEMPLATE) {
        scanner->drawing.lost = true;
    }
    if (!toolbar__nesting_foreign(nesting)) {
        if (toolbar__tag_is_raw(element)) {
            toolbar__rawtext_begin(&scanner->raw, element);
            scanner->state = RAW_TEXT;
        } else if (element == TOOLBAR__TAG_PLAINTEXT) {
            scanner->state = PLAINTEXT;
        } else if (element <= TOOLBAR__TAG_HEAD && toolbar__nesting_in_page(nesting)) {
            scanner->document = true;
        }
    }
    toolbar__nesting_open(nesting, element, self_closing);
}

static void end_other(struct toolbar__scanner *scanner)
{
    struct toolbar__nesting *nesting = &scanner->nesting;
    bool foreign = toolbar__nesting_foreign(nesting);

    if (foreign) {
        toolbar__nesting_break_out(nesting, scanner->name, scanner->name_length);
        toolbar__drawing_leave(&scanner->drawing, nesting->depth);
        foreign = toolbar__nesting_foreign(nesting);
    }
    if (foreign || toolbar__nesting_island(nesting)) {
        toolbar__drawing_close(&scanner->drawing, scanner->name, scanner->name_length,
                               nesting->depth, !foreign);
    } else if (is_named(scanner, "select")) {
        scanner->select = false;
    }
}

static void end_known(struct toolbar__scanner *scanner, enum toolbar__tag element)
{
    struct toolbar__nesting *nesting = &scanner->nesting;
    bool foreign = toolbar__nesting_foreign(nesting);
    unsigned depth = nesting->depth;

    toolbar__nesting_close(nesting, element);
    toolbar__drawing_leave(&scanner->drawing, nesting->depth);
    /* An <mi> of no meaning may be open around the drawing. */
    if (foreign && nesting->depth == depth && element > TOOLBAR__TAG_TEMPLATE) {
        scanner->drawing.lost = true;
    }
}

static void end_tag(struct toolbar__scanner *scanner)
{
    enum toolbar__tag element;

    if (scanner->raw.element != TOOLBAR__TAG_OTHER) {
        scanner->raw.element = TOOLBAR__TAG_OTHER;
        return;
    }
    element = toolbar__tag_find(scanner->name, scanner->name_length);
    if (element == TOOLBAR__TAG_OTHER) {
        end_other(scanner);
    } else if (element != TOOLBAR__TAG_BODY) {
        end_known(scanner, element);
    } else if (!scanner->drawing.lost && toolbar__nesting_in_page(&scanner->nesting)) {
        scanner->found = true;
        scanner->body_end = scanner->tag_start;
    }
}

/* Behind the > of a tag. */
static const char *tag_done(struct toolbar__scanner *scanner, const char *at)
{
    bool self_closing = scanner->state == SELF_CLOSING;

    scanner->state = DATA;
    scanner->in_base = false;
    if (scanner->closing) {
        end_tag(scanner);
    } else {
        start_tag(scanner, self_closing);
    }
    return at + 1;
}

static const char *in_data(struct toolbar__scanner *scanner, const char *at, const char *end)
{
    at = scanner->nesting.depth ? toolbar__find(at, end, '<') : toolbar__plain_skip(at, end);
    if (at == end) return end;
    /* `offset` is already that of `end`. */
    scanner->tag_start = scanner->offset - (uint64_t)(end - at);
    scanner->state = TAG_OPEN;
    return at + 1;
}

static const char *in_tag_open(struct toolbar__scanner *scanner, const char *at, const char *end)
{
    (void)end;
    scanner->closing = *at == '/';
    scanner->name_length = 0;
    if (toolbar__is_letter(*at)) {
        scanner->state = TAG_NAME;
    } else if (*at == '/' || *at == '!') {
        scanner->state = scanner->closing ? END_TAG_OPEN : DECLARATION;
        return at + 1;
    } else {
        scanner->state = *at == '?' ? BOGUS_COMMENT : DATA;
    }
    return at;
}

static const char *in_end_tag_open(struct toolbar__scanner *scanner, const char *at,
                                   const char *end)
{
    (void)end;
    scanner->state = toolbar__is_letter(*at) ? TAG_NAME : BOGUS_COMMENT;
    return at;
}

static const char *in_tag_name(struct toolbar__scanner *scanner, const char *at, const char *end)
{
    for (; at < end; at++) {
        if (*at == '>') return tag_done(scanner, at);
        if (*at == '/' || toolbar__is_space(*at)) {
            scanner->state = *at == '/' ? SELF_CLOSING : BEFORE_ATTRIBUTE;
            scanner->in_base = !scanner->closing && is_named(scanner, "base");
            scanner->inputs |= is_named(scanner, "input");
            scanner->base_last = '\0';
            return at + 1;
        }
        if (scanner->name_length < TOOLBAR__SCANNER_NAME_MAXIMUM) {
            scanner->name[scanner->name_length++] = (char)toolbar__ascii_lower(*at);
        } else {
            scanner->name_length = TOOLBAR__SCANNER_NAME_MAXIMUM + 1;
        }
    }
    return end;
}

/* Before, in and after the name of an attribute, and after its quoted value. */
static const char *in_attributes(struct toolbar__scanner *scanner, const char *at, const char *end)
{
    for (; at < end; at++) {
        if (*at == '>') return tag_done(scanner, at);
        if (*at == '/') {
            scanner->state = SELF_CLOSING;
            return at + 1;
        }
        if (toolbar__is_space(*at)) {
            scanner->state =
                scanner->state >= ATTRIBUTE_NAME && scanner->state <= AFTER_ATTRIBUTE_NAME
                    ? AFTER_ATTRIBUTE_NAME
                    : BEFORE_ATTRIBUTE;
        } else if (*at == '=' &&
                   (scanner->state == ATTRIBUTE_NAME || scanner->state == AFTER_ATTRIBUTE_NAME)) {
            scanner->state = BEFORE_VALUE;
            return at + 1;
        } else {
            scanner->state = ATTRIBUTE_NAME;
        }
    }
    return end;
}

static const char *in_before_value(struct toolbar__scanner *scanner, const char *at,
                                   const char *end)
{
    (void)end;
    if (toolbar__is_space(*at)) return at + 1;
    if (*at == '>') return tag_done(scanner, at);
    if (*at == '"' || *at == '\'') {
        scanner->quote = *at;
        scanner->state = VALUE_QUOTED;
        return at + 1;
    }
    scanner->state = VALUE_UNQUOTED;
    return at;
}

static const char *in_value_quoted(struct toolbar__scanner *scanner, const char *at,
                                   const char *end)
{
    at = toolbar__find(at, end, scanner->quote);
    if (at == end) return end;
    scanner->state = AFTER_VALUE;
    return at + 1;
}

static const char *in_value_unquoted(struct toolbar__scanner *scanner, const char *at,
                                     const char *end)
{
    for (; at < end; at++) {
        if (*at == '>') return tag_done(scanner, at);
        if (toolbar__is_space(*at)) {
            scanner->state = BEFORE_ATTRIBUTE;
            return at + 1;
        }
    }
    return end;
}

static const char *in_self_closing(struct toolbar__scanner *scanner, const char *at,
                                   const char *end)
{
    (void)end;
    if (*at == '>') return tag_done(scanner, at);
    scanner->state = BEFORE_ATTRIBUTE;
    return at;
}

static const char *in_declaration(struct toolbar__scanner *scanner, const char *at, const char *end)
{
    (void)end;
    scanner->matched = 0;
    if (*at == '-') {
        scanner->state = DECLARATION_DASH;
        return at + 1;
    }
    if (*at == '[' && toolbar__nesting_cdata(&scanner->nesting)) {
        scanner->state = DECLARATION_CDATA;
    } else {
        scanner->state = DECLARATION_DOCTYPE;
    }
    return at;
}

static const char *in_declaration_dash(struct toolbar__scanner *scanner, const char *at,
                                       const char *end)
{
    (void)end;
    scanner->state = *at == '-' ? COMMENT_START : BOGUS_COMMENT;
    return *at == '-' ? at + 1 : at;
}

static const char *in_declaration_word(struct toolbar__scanner *scanner, const char *at,
                                       const char *end)
{
    bool cdata = scanner->state == DECLARATION_CDATA;
    const char *word = cdata ? "[CDATA[" : "doctype";
    int c = cdata ? *at : toolbar__ascii_lower(*at);

    (void)end;
    if (c != word[scanner->matched]) {
        scanner->state = BOGUS_COMMENT;
        return at;
    }
    /* Both words have seven letters. */
    if (++scanner->matched == 7) {
        scanner->matched = 0;
        scanner->state = cdata ? CDATA : BOGUS_COMMENT;
        if (!cdata) scanner->document = true;
    }
    return at + 1;
}

static const char *in_bogus_comment(struct toolbar__scanner *scanner, const char *at,
                                    const char *end)
{
    at = toolbar__find(at, end, '>');
    if (at == end) return end;
    scanner->state = DATA;
    return at + 1;
}

static const char *in_comment(struct toolbar__scanner *scanner, const char *at, const char *end)
{
    at = toolbar__find(at, end, '-');
    if (at == end) return end;
    scanner->state = COMMENT_DASH;
    return at + 1;
}

/* The states next to a comment's dashes; `<!-->`, `<!--->`, `--!>` end one too. */
static const char *in_comment_edge(struct toolbar__scanner *scanner, const char *at,
                                   const char *end)
{
    static const struct {
        unsigned char dash, bang, greater;
    } next[] = {
        [COMMENT_START] = {COMMENT_START_DASH, COMMENT, DATA},
        [COMMENT_START_DASH] = {COMMENT_END, COMMENT, DATA},
        [COMMENT_DASH] = {COMMENT_END, COMMENT, COMMENT},
        [COMMENT_END] = {COMMENT_END, COMMENT_BANG, DATA},
        [COMMENT_BANG] = {COMMENT_DASH, COMMENT, DATA},
    };
    unsigned char state = scanner->state;

    (void)end;
    scanner->state = *at == '-'   ? next[state].dash
                     : *at == '!' ? next[state].bang
                     : *at == '>' ? next[state].greater
                                  : COMMENT;
    return at + 1;
}

static const char *in_cdata(struct toolbar__scanner *scanner, const char *at, const char *end)
{
    for (; at < end; at++) {
        if (*at == ']') {
            if (scanner->matched < 2) scanner->matched++;
        } else if (*at == '>' && scanner->matched == 2) {
            scanner->state = DATA;
            return at + 1;
        } else {
            scanner->matched = 0;
            at = toolbar__find(at, end, ']') - 1;
        }
    }
    return end;
}

static const char *in_raw_text(struct toolbar__scanner *scanner, const char *at, const char *end)
{
    at = toolbar__rawtext_read(&scanner->raw, at, end);
    if (at == end) return end;
    scanner->closing = true;
    scanner->state = BEFORE_ATTRIBUTE;
    return at;
}

static const char *in_plaintext(struct toolbar__scanner *scanner, const char *at, const char *end)
{
    (void)scanner, (void)at;
    return end;
}

typedef const char *(*state_function)(struct toolbar__scanner *scanner, const char *at,
                                      const char *end);

static const state_function states[] = {
    [DATA] = in_data,
    [TAG_OPEN] = in_tag_open,
    [END_TAG_OPEN] = in_end_tag_open,
    [TAG_NAME] = in_tag_name,
    [BEFORE_ATTRIBUTE] = in_attributes,
    [ATTRIBUTE_NAME] = in_attributes,
    [AFTER_ATTRIBUTE_NAME] = in_attributes,
    [BEFORE_VALUE] = in_before_value,
    [VALUE_QUOTED] = in_value_quoted,
    [VALUE_UNQUOTED] = in_value_unquoted,
    [AFTER_VALUE] = in_attributes,
    [SELF_CLOSING] = in_self_closing,
    [DECLARATION] = in_declaration,
    [DECLARATION_DASH] = in_declaration_dash,
    [DECLARATION_DOCTYPE] = in_declaration_word,
    [DECLARATION_CDATA] = in_declaration_word,
    [BOGUS_COMMENT] = in_bogus_comment,
    [COMMENT_START] = in_comment_edge,
    [COMMENT_START_DASH] = in_comment_edge,
    [COMMENT] = in_comment,
    [COMMENT_DASH] = in_comment_edge,
    [COMMENT_END] = in_comment_edge,
    [COMMENT_BANG] = in_comment_edge,
    [CDATA] = in_cdata,
    [RAW_TEXT] = in_raw_text,
    [PLAINTEXT] = in_plaintext,
};

/*
 * What can lead away is a scheme or an authority: a colon, or two slashes, which may be spelled
 * as references. Browsers overlook line ends and tabs. Which attribute it is in makes no
 * difference: a base that is suspected without reason costs the panel its styles.
 */
static void check_base(struct toolbar__scanner *scanner, const char *at, const char *end)
{
    for (; at < end; at++) {
        char c = (char)(*at == '\\' ? '/' : *at);

        if (c == '\t' || c == '\r' || c == '\n') continue;
        scanner->other_base |= c == ':' || c == '&' || (c == '/' && scanner->base_last == '/');
        scanner->base_last = c;
    }
}

void toolbar__scanner_init(struct toolbar__scanner *scanner)
{
    *scanner = (struct toolbar__scanner){.state = DATA};
}

void toolbar__scanner_feed(struct toolbar__scanner *scanner, const char *data, size_t length)
{
    const char *end;

    if (!length) return;
    end = data + length;
    scanner->offset += length;
    while (data < end) {
        const char *from = data;
        bool in_base = scanner->in_base;

        data = states[scanner->state](scanner, data, end);
        if (in_base) check_base(scanner, from, data);
    }
}

bool toolbar__scanner_place(const struct toolbar__scanner *scanner, uint64_t *offset)
{
    if (scanner->found) {
        *offset = scanner->body_end;
        return true;
    }
    /* A lone < at the end is text when another < follows. */
    if (scanner->drawing.lost || !scanner->document ||
        (scanner->state != DATA && scanner->state != TAG_OPEN) ||
        !toolbar__nesting_in_page(&scanner->nesting)) {
        return false;
    }
    *offset = scanner->offset;
    return true;
}

/* In the end tag of a raw-text element `name` is still that of its start tag. */
static bool may_become_body_end(const struct toolbar__scanner *scanner)
{
    bool prefix = scanner->closing && scanner->name_length <= 4 &&
                  !memcmp(scanner->name, "body", scanner->name_length);

    if (scanner->state == TAG_OPEN || scanner->state == END_TAG_OPEN) return true;
    if (scanner->state == TAG_NAME) return prefix;
    return scanner->state > TAG_NAME && scanner->state <= SELF_CLOSING && prefix &&
           scanner->name_length == 4;
}

uint64_t toolbar__scanner_settled(const struct toolbar__scanner *scanner)
{
    return may_become_body_end(scanner) ? scanner->tag_start : scanner->offset;
}
