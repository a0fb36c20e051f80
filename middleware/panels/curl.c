#include "panels/curl.h"

#include <string.h>

/* In single quotes nothing means anything to a shell; control characters would to a terminal. */
static bool is_plain(unsigned char c)
{
    if (c > '\'') return c != 0x7f;
    return (c >= ' ' && c != '\'') || c == '\n' || c == '\t';
}

static void quoted_part(struct toolbar_text *text, const char *string)
{
    for (;;) {
        size_t plain = 0;

        while (is_plain((unsigned char)string[plain])) {
            plain++;
        }
        toolbar_text_append(text, string, plain);
        string += plain;
        if (!*string) return;
        toolbar__text_string(text, *string == '\'' ? "'\\''" : "?");
        string++;
    }
}

/* ` \` and on the next line ` option 'name<between>value'` */
static void option(struct toolbar_text *text, const char *option, const char *name,
                   const char *between, const char *value)
{
    toolbar_text_literal(text, " \\\n  ");
    toolbar__text_string(text, option);
    toolbar_text_literal(text, " '");
    quoted_part(text, name);
    quoted_part(text, between);
    quoted_part(text, value);
    toolbar__text_char(text, '\'');
}

static bool is_multipart(const struct toolbar__http *http)
{
    return http->body_type &&
           toolbar__ascii_is(http->body_type, strcspn(http->body_type, "/;"), "multipart");
}

static bool has_form(const struct toolbar__http *http)
{
    return http->form.first || http->uploads;
}

static void header(struct toolbar_text *text, const struct toolbar_recording *recording,
                   const struct toolbar__pair *pair)
{
    /* These are curl's own business. */
    static const char *const own[] = {"Host", "Content-Length", "Connection", "Transfer-Encoding",
                                      "Expect"};
    const char *key_header = recording->application->key_header;
    const char *name = pair->name;
    size_t length = strlen(name);

    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (toolbar__ascii_is(name, length, own[i])) return;
    }
    if (toolbar__ascii_is(name, length, "Content-Type") && has_form(&recording->http)) return;
    if (toolbar__ascii_is(name, length, "Accept-Encoding")) {
        toolbar_text_literal(text, " \\\n  --compressed");
    } else if (key_header && toolbar__ascii_is(name, length, key_header)) {
        toolbar_text_literal(text, " \\\n  -H \"");
        toolbar__text_string(text, key_header);
        toolbar_text_literal(text, ": $MYAPPKEY\"");
    } else if (*pair->value) {
        option(text, "-H", name, ": ", pair->value);
    } else {
        option(text, "-H", name, ";", "");
    }
}

static void body(struct toolbar_text *text, const struct toolbar__http *http)
{
    bool multipart = is_multipart(http);

    for (const struct toolbar__pair *pair = http->form.first; pair; pair = pair->next) {
        option(text, multipart ? "--form-string" : "--data-urlencode", pair->name, "=",
               pair->value);
    }
    for (const struct toolbar__upload *upload = http->uploads; upload; upload = upload->next) {
        const char *slash = strrchr(upload->file, '/');

        option(text, "-F", upload->field, "=@", slash ? slash + 1 : upload->file);
    }
    if (http->json && !http->json_cut) {
        option(text, "--data-raw", "", "", http->json);
    } else if (http->body_bytes && !has_form(http)) {
        option(text, "--data-binary", "@body", "", "");
    }
}

/* Up to its query the URL was decoded when it was recorded. */
static void quoted_url(struct toolbar_text *text, const char *url)
{
    for (; *url && *url != '?'; url++) {
        unsigned char c = (unsigned char)*url;

        if (c <= 0x20 || c >= 0x7f || strchr("%#\"<>", c)) {
            toolbar__text_printf(text, "%%%02X", (unsigned)c);
        } else {
            quoted_part(text, (const char[]){(char)c, '\0'});
        }
    }
    quoted_part(text, url);
}

void toolbar__curl(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    const struct toolbar__http *http = &recording->http;
    const char *method = recording->method ? recording->method : "GET";
    const char *url = recording->url ? recording->url : "/";
    const char *host = "localhost";

    for (const struct toolbar__pair *pair = http->request.first; pair; pair = pair->next) {
        if (toolbar__ascii_is(pair->name, strlen(pair->name), "Host")) host = pair->value;
    }
    toolbar_text_literal(text, "curl ");
    if (toolbar__ascii_is(method, strlen(method), "HEAD")) {
        toolbar_text_literal(text, "-I ");
    } else if (strcmp(method, http->body_bytes ? "POST" : "GET") != 0) {
        toolbar_text_literal(text, "-X '");
        quoted_part(text, method);
        toolbar_text_literal(text, "' ");
    }
    /* Brackets and braces would stand for several addresses. */
    if (strpbrk(url, "[]{}")) toolbar_text_literal(text, "-g ");
    toolbar_text_literal(text, "'https://");
    quoted_part(text, host);
    quoted_url(text, url);
    toolbar__text_char(text, '\'');
    for (const struct toolbar__pair *pair = http->request.first; pair; pair = pair->next) {
        header(text, recording, pair);
    }
    body(text, http);
}
