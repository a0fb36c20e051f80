#include "page/lint.h"

#include <string.h>

#include "page/chars.h"
#include "page/fields.h"
#include "page/scanner.h"

enum {
    FORMS_MAXIMUM = 64,
    INPUTS_MAXIMUM = 64,      /* that name their form by its id */
    HEAD_BUDGET_BYTES = 8192, /* more than this, and proxies begin to refuse it */
    LINE_BYTES = 4            /* ": " and the line's end */
};

struct form {
    struct toolbar__slice id;
    bool multipart;
    bool has_file;
};

/* The forms of a page and the file inputs that belong to them. */
struct forms {
    struct toolbar_recording *recording;
    struct form items[FORMS_MAXIMUM];
    size_t count;
    struct form *open; /* the inputs that come now are its own; NULL: nobody's */
    struct toolbar__slice inputs[INPUTS_MAXIMUM];
    size_t input_count;
};

static void alert(const struct forms *forms, const char *rule, const char *text,
                  struct toolbar__slice what)
{
    toolbar__http_alert(forms->recording, rule, text, what.data, what.length);
}

/* Cuts the next attribute off a tag, of which the name is gone; false at its end. */
static bool next_attribute(struct toolbar__slice *tag, struct toolbar__slice *name,
                           struct toolbar__slice *value)
{
    const char *at = tag->data, *end = tag->data + tag->length;
    const char *stop;

    while (at < end && (toolbar__is_space(*at) || *at == '/')) {
        at++;
    }
    if (at == end || *at == '>') return false;
    for (stop = at + 1; stop < end && !toolbar__is_space(*stop) && !strchr("/>=", *stop); stop++) {
    }
    *name = (struct toolbar__slice){at, (size_t)(stop - at)};
    *value = (struct toolbar__slice){stop, 0};
    for (at = stop; at < end && toolbar__is_space(*at); at++) {
    }
    if (at < end && *at == '=') {
        for (at++; at < end && toolbar__is_space(*at); at++) {
        }
        if (at < end && (*at == '"' || *at == '\'')) {
            stop = toolbar__find(at + 1, end, *at);
            *value = (struct toolbar__slice){at + 1, (size_t)(stop - at - 1)};
            if (stop < end) stop++;
        } else {
            for (stop = at; stop < end && !toolbar__is_space(*stop) && *stop != '>'; stop++) {
            }
            *value = (struct toolbar__slice){at, (size_t)(stop - at)};
        }
    }
    *tag = (struct toolbar__slice){stop, (size_t)(end - stop)};
    return true;
}

/* The first attribute of that name counts; {NULL} if there is none. */
static struct toolbar__slice attribute(struct toolbar__slice tag, const char *wanted)
{
    struct toolbar__slice name, value;

    while (next_attribute(&tag, &name, &value)) {
        if (toolbar__slice_is(name, wanted)) return value;
    }
    return (struct toolbar__slice){NULL, 0};
}

static bool is(struct toolbar__slice value, const char *word)
{
    return value.data && toolbar__slice_is(value, word);
}

static void begin_form(struct forms *forms, struct toolbar__slice tag)
{
    /* One inside another is ignored by browsers, too. */
    if (forms->open || forms->count == FORMS_MAXIMUM) return;
    forms->open = &forms->items[forms->count++];
    *forms->open = (struct form){.id = attribute(tag, "id"),
                                 .multipart = is(attribute(tag, "enctype"), "multipart/form-data")};
}

static void see_input(struct forms *forms, struct toolbar__slice tag)
{
    struct toolbar__slice owner = attribute(tag, "form");

    if (is(attribute(tag, "type"), "file")) {
        if (!owner.data) {
            if (forms->open) forms->open->has_file = true;
        } else if (forms->input_count < INPUTS_MAXIMUM) {
            forms->inputs[forms->input_count++] = owner;
        }
    } else if (!owner.data && forms->open &&
               is(attribute(tag, "formenctype"), "multipart/form-data")) {
        /* A button that sends it otherwise. */
        forms->open->multipart = true;
    }
}

/* `tag` begins behind its <. */
static void see_tag(struct forms *forms, struct toolbar__slice tag)
{
    static const struct {
        const char *name;
        size_t length;
    } names[] = {{"form", 4}, {"input", 5}, {"button", 6}, {"/form", 5}};
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = names[i].length;

        if (tag.length <= length || !toolbar__ascii_equal(tag.data, names[i].name, length) ||
            (!toolbar__is_space(tag.data[length]) && !strchr("/>", tag.data[length]))) {
            continue;
        }
        tag.data += length;
        tag.length -= length;
        if (i == 0) begin_form(forms, tag);
        if (i == 1 || i == 2) see_input(forms, tag);
        if (i == 3) forms->open = NULL;
        return;
    }
}

static bool may_have_file_input(const char *page, size_t length)
{
    const char *at = page, *end = page + length;

    while ((at = toolbar__find(at, end, '<')) < end) {
        struct toolbar__slice tag = {at + 1, (size_t)(end - at) - 1};

        if (tag.length > 6 && toolbar__ascii_equal(tag.data, "input", 5)) {
            tag.data += 5;
            tag.length -= 5;
            if (is(attribute(tag, "type"), "file")) return true;
        }
        at++;
    }
    return false;
}

static bool may_matter(const char *tag, const char *end)
{
    return end - tag > 5 && memchr("fFiIbB/", *tag, 7);
}

static void collect_forms(struct forms *forms, const char *page, size_t length)
{
    const char *at = page, *fed = page, *end = page + length;
    struct toolbar__scanner scanner;

    toolbar__scanner_init(&scanner);
    while ((at = toolbar__find(at, end, '<')) < end) {
        if (may_matter(++at, end)) {
            toolbar__scanner_feed(&scanner, fed, (size_t)(at - 1 - fed));
            fed = at - 1;
            if (toolbar__scanner_in_text(&scanner)) {
                see_tag(forms, (struct toolbar__slice){at, (size_t)(end - at)});
            }
        }
    }
}

static bool same(struct toolbar__slice a, struct toolbar__slice b)
{
    return a.length == b.length && a.data && !memcmp(a.data, b.data, a.length);
}

static void judge_forms(const struct forms *forms)
{
    const struct toolbar__slice none = {NULL, 0};

    for (size_t i = 0; i < forms->count; i++) {
        const struct form *form = &forms->items[i];

        if (form->multipart) continue;
        if (form->has_file && form->id.length) {
            alert(
                forms, "form-enctype",
                "This form has a file input, but is sent without enctype=\"multipart/form-data\": "
                "only the file's name arrives. Its id",
                form->id);
        } else if (form->has_file) {
            alert(forms, "form-enctype",
                  "A form has a file input, but is sent without enctype=\"multipart/form-data\": "
                  "only the file's name arrives",
                  none);
        }
        for (size_t j = 0; j < forms->input_count; j++) {
            if (!same(form->id, forms->inputs[j])) continue;
            alert(forms, "input-form-enctype",
                  "A file input outside of its form belongs to one that is sent without "
                  "enctype=\"multipart/form-data\": only the file's name arrives. The form's id",
                  form->id);
        }
    }
}

void toolbar__lint_page(struct toolbar_recording *recording, const char *page, size_t length,
                        uint64_t place, bool inputs)
{
    struct forms forms = {.recording = recording};

    if (length - place < 6 || !toolbar__ascii_equal(page + place, "</body", 6)) {
        alert(&forms, "body-end", "The page has no </body>", (struct toolbar__slice){NULL, 0});
    }
    /* Most pages end here: they have no file input. */
    if (!inputs || !may_have_file_input(page, length)) return;
    collect_forms(&forms, page, length);
    judge_forms(&forms);
}

void toolbar__lint_head(struct toolbar_recording *recording, const struct toolbar__fields *response,
                        bool has_body)
{
    size_t bytes = 0, timing_bytes = 0;

    for (size_t i = 0; i < response->count; i++) {
        const struct toolbar__field *field = &response->items[i];

        size_t line_bytes = strlen(field->name) + strlen(field->value) + LINE_BYTES;

        bytes += line_bytes;
        if (toolbar__field_is(field, "Server-Timing")) timing_bytes += line_bytes;
        if (toolbar__field_is(field, "Content-Encoding") && strchr(field->value, '/')) {
            toolbar__http_alert(recording, "content-encoding",
                                "Content-Encoding holds a media type, which belongs into "
                                "Content-Type: browsers cannot decode such a response. It says",
                                field->value, strlen(field->value));
        }
    }
    if (has_body && !toolbar__fields_has(response, "Content-Type")) {
        toolbar__http_alert(recording, "content-type",
                            "The response has no Content-Type: browsers guess", NULL, 0);
    }
    if (bytes <= HEAD_BUDGET_BYTES) return;
    if (timing_bytes > bytes / 2) {
        toolbar__http_alert(recording, "server-timing",
                            "Server-Timing makes the response's headers larger than 8 KiB: "
                            "proxies may refuse it",
                            NULL, 0);
    } else {
        toolbar__http_alert(recording, "head-size",
                            "The response's headers take more than 8 KiB: proxies may refuse it",
                            NULL, 0);
    }
}
