/*
 * The bar: the news of the request, readable without opening anything. And the head of the open
 * window, which says what request this is.
 */
#include "panels/bar.h"

#include <string.h>

#include "base/html.h"
#include "panels/figures.h"

#define OWN_END "</span>"
enum { OWN_BYTES = TOOLBAR__PUT_FIGURE_MS + sizeof OWN_END - 1 };

struct news {
    unsigned similar;
    unsigned duplicate;
    unsigned errors;
};

static struct news gather(const struct toolbar_recording *recording)
{
    struct news news = {0};

    for (const struct toolbar__connection *connection = recording->connections; connection;
         connection = connection->next) {
        news.similar += connection->similar;
        news.duplicate += connection->duplicate;
    }
    for (const struct toolbar__query *query = recording->queries; query; query = query->next) {
        if (query->error_code) news.errors++;
    }
    return news;
}

/* Commas are for listeners and for pages without styles; the style sheet hides them. */
static void comma(struct toolbar_text *text)
{
    toolbar_text_literal(text, "<span class=\"said\">, </span>");
}

static void repeated(struct toolbar_text *text, bool at_least, unsigned count, const char *word)
{
    if (!count) return;
    comma(text);
    toolbar_text_literal(text, "<span class=\"chip\">");
    if (at_least) toolbar_text_literal(text, "at least ");
    toolbar_text_integer(text, count);
    toolbar_text_literal(text, " x ");
    toolbar__text_string(text, word);
    toolbar_text_literal(text, "</span>");
}

/* So that a bad page is seen without opening anything. */
static void advice(struct toolbar_text *text, const struct toolbar__advices *advices)
{
    if (!advices->first) return;
    comma(text);
    toolbar_text_literal(text, "<span class=\"chip");
    if (advices->first->severity == TOOLBAR__HIGH) toolbar_text_literal(text, " bad");
    toolbar_text_literal(text, "\">");
    toolbar_text_integer(text, advices->count);
    toolbar_text_literal(text, " advice (");
    toolbar__text_string(text, toolbar__severity_name(advices->first->severity));
    toolbar_text_literal(text, ")</span>");
}

void toolbar__bar_render(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    struct news news = gather(recording);

    toolbar_text_literal(text, "<span class=\"said\">Debug toolbar: </span><b>");
    toolbar__figure_ms(text, recording->duration_ns);
    toolbar_text_literal(text, "</b>");
    comma(text);
    toolbar_text_literal(text, "<span>");
    toolbar__figure_count(text, recording->query_count, "query", "queries");
    if (recording->query_count) {
        toolbar_text_literal(text, ", ");
        toolbar__figure_ms(text, recording->sql_ns);
    }
    toolbar_text_literal(text, "</span>");
    repeated(text, false, news.similar, "similar");
    /* The values of those that were not kept are not known. */
    repeated(text, recording->query_count > recording->kept_count, news.duplicate, "duplicate");
    advice(text, &recording->advices);
    if (news.errors) {
        comma(text);
        toolbar_text_literal(text, "<span class=\"chip bad\">");
        toolbar__figure_count(text, news.errors, "error", "errors");
        toolbar_text_literal(text, "</span>");
    }
}

static void optional(struct toolbar_text *text, const char *string)
{
    if (string) toolbar_html_text(text, string);
}

static void transport(struct toolbar_text *text, const char *name)
{
    if (!name) return;
    toolbar_text_literal(text, " &#183; ");
    if (strcmp(name, "proxy") == 0) {
        toolbar_text_literal(text, "TLS at the proxy");
    } else {
        toolbar_html_text(text, name);
    }
}

static void facts(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    toolbar_text_literal(text, "<span class=\"facts\"><span");
    if (recording->status >= 400) toolbar_text_literal(text, " class=\"bad\"");
    toolbar__text_char(text, '>');
    toolbar_text_integer(text, recording->status);
    toolbar_text_literal(text, "</span> &#183; ");
    toolbar__figure_ms(text, recording->duration_ns);
    transport(text, recording->transport);
    toolbar_text_literal(text, "</span>");
}

static void request_url(const struct toolbar__element *element, const char *id,
                        struct toolbar_text *text)
{
    toolbar_html_text(text, element->prefix);
    toolbar_text_literal(text, "/requests/");
    toolbar_html_text(text, id);
}

static void links(const struct toolbar__element *element, const struct toolbar_recording *recording,
                  struct toolbar_text *text)
{
    if (element->other_base) return;
    /* A page of the toolbar's own has it at its top. */
    if (!element->page) {
        toolbar_text_literal(text,
                             " <a class=\"button\" target=\"_blank\" rel=\"noopener\" href=\"");
        toolbar_html_text(text, element->prefix);
        toolbar_text_literal(text, "/\" title=\"The latest requests\">History</a>");
    }
    toolbar_text_literal(text, " <a class=\"button\" target=\"_blank\" rel=\"noopener\" href=\"");
    request_url(element, recording->id, text);
    toolbar_text_literal(text, ".json\" title=\"The whole record of this request\">JSON</a>");
}

static void previous_request(const struct toolbar__element *element,
                             const struct toolbar__previous *previous, struct toolbar_text *text)
{
    if (!element->other_base) {
        toolbar_text_literal(text, "<a href=\"");
        request_url(element, previous->id, text);
        toolbar_text_literal(text, "\">");
    }
    optional(text, previous->method);
    toolbar__text_char(text, ' ');
    optional(text, previous->url);
    if (!element->other_base) toolbar_text_literal(text, "</a>");
    toolbar__text_char(text, ' ');
    toolbar_text_integer(text, previous->status);
    toolbar_text_literal(text, ", ");
    toolbar__figure_ms(text, previous->duration_ns);
    toolbar_text_literal(text, ", ");
    toolbar__figure_count(text, previous->query_count, "query", "queries");
}

/* What led here, the last one first: the redirects, and the form that was sent. */
static void redirected_by(const struct toolbar__element *element,
                          const struct toolbar__previous *previous, struct toolbar_text *text)
{
    const char *before = " <p class=\"previous\">after ";

    if (!previous) return;
    for (; previous; previous = previous->next) {
        toolbar__text_string(text, before);
        previous_request(element, previous, text);
        before = ", after ";
    }
    toolbar_text_literal(text, "</p>");
}

static size_t own_place(struct toolbar_text *text)
{
    size_t place;

    toolbar_text_literal(text, " <span class=\"own\">toolbar itself ");
    place = text->length;
    if (toolbar__text_reserve(text, OWN_BYTES)) text->length += OWN_BYTES;
    return place;
}

void toolbar__head_own(struct toolbar_text *text, size_t place, int64_t own_ns)
{
    char *at, *end;

    if (text->failed) return;
    at = text->data + place;
    end = at + OWN_BYTES;
    at = toolbar__put(toolbar__put_figure_ms(at, own_ns), OWN_END);
    /* Between elements many spaces mean no more than one. */
    memset(at, ' ', (size_t)(end - at));
}

size_t toolbar__head_render(const struct toolbar__element *element,
                            const struct toolbar_recording *recording, struct toolbar_text *text)
{
    size_t own;

    toolbar_text_literal(text, "<header><h2><b class=\"method\">");
    optional(text, recording->method);
    toolbar_text_literal(text, "</b> <b class=\"url\">");
    optional(text, recording->url);
    toolbar_text_literal(text, "</b></h2> ");
    facts(recording, text);
    own = own_place(text);
    links(element, recording, text);
    /* Of no use without the script, which shows it. */
    toolbar_text_literal(text, " <button type=\"button\" class=\"theme\" hidden></button>");
    redirected_by(element, recording->previous, text);
    toolbar_text_literal(text, "</header>");
    return own;
}
