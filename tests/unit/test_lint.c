/* Mistakes in pages and heads: which are told, and what is no mistake. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "page/lint.h"
#include "page/scanner.h"
#include "record/recording.h"

/* "rule(what) rule(what)", to be freed. */
static char *alerts_of(struct toolbar_recording *recording)
{
    struct toolbar_text text;
    char *string;

    toolbar__text_init(&text, 10000);
    for (const struct toolbar__alert *alert = recording->http.alerts; alert; alert = alert->next) {
        if (text.length) toolbar_text_literal(&text, " ");
        toolbar__text_string(&text, alert->rule);
        if (alert->what) toolbar__text_printf(&text, "(%s)", alert->what);
    }
    string = toolbar__text_take(&text, NULL);
    toolbar__recording_unref(recording);
    assert_non_null(string);
    return string;
}

/* In a buffer of exactly that size. */
static char *lint(const char *content)
{
    struct toolbar_recording *recording = toolbar__recording_new();
    size_t length = strlen(content);
    char *page = malloc(length);
    struct toolbar__scanner scanner;
    uint64_t place = length;

    assert_non_null(recording);
    assert_non_null(page);
    memcpy(page, content, length);
    toolbar__scanner_init(&scanner);
    toolbar__scanner_feed(&scanner, page, length);
    toolbar__scanner_place(&scanner, &place);
    toolbar__lint_page(recording, page, length, place, scanner.inputs);
    free(page);
    return alerts_of(recording);
}

static void assert_lint(const char *content, const char *expected)
{
    char page[2000], *found;

    snprintf(page, sizeof page, "<!doctype html><body>%s</body>", content);
    found = lint(page);
    if (strcmp(found, expected) != 0) fail_msg("%s\ngives %s, not %s", content, found, expected);
    free(found);
}

static void files_need_multipart(void **state)
{
    (void)state;
    assert_lint("<form><input type=file></form>", "form-enctype");
    assert_lint("<FORM ID=up METHOD=post><p><INPUT name=a TYPE = 'File' ></FORM>",
                "form-enctype(up)");
    assert_lint("<form enctype=\"text/plain\" id='a>b'><input type=\"file\"/></form>",
                "form-enctype(a>b)");
    assert_lint("<form id=a></form><input type=file form=a>", "input-form-enctype(a)");
    assert_lint("<input form=a type=file><form id=a><input type=file></form>",
                "form-enctype(a) input-form-enctype(a)");
    assert_lint("<form><form enctype=multipart/form-data><input type=file></form>", "form-enctype");
    assert_lint("<form><input type=file></form><form id=b><input type=file></form>",
                "form-enctype form-enctype(b)");
    assert_lint("<form id=password=hunter2><input type=file></form>", "form-enctype(********)");
}

static void what_is_no_mistake(void **state)
{
    static const char *const pages[] = {
        "",
        "<form><input type=text></form>",
        "<form enctype=multipart/form-data><input type=file></form>",
        "<form EncType='Multipart/Form-Data'><input type=file></form>",
        "<input type=file>",
        "<form></form><input type=file>",
        "<input type=file form=missing>",
        "<form id=a enctype=multipart/form-data></form><input type=file form=a>",
        "<form><input type=file form=b></form><form id=b enctype=multipart/form-data></form>",
        "<form><input type=file><button formenctype=multipart/form-data>go</button></form>",
        "<form><!-- <input type=file> --></form>",
        "<form><script>'<input type=file>'</script></form>",
        "<form><textarea><input type=file></textarea></form>",
        "<form title='<input type=file>'></form>",
        "<template><form><input type=file></form></template>",
        "<formula><input type=file></formula>",
        "<form><inputs type=file></form>",
        "<form><input title=type=file></form>",
        "<form><input type=text type=file></form>",
    };

    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        assert_lint(pages[i], "");
    }
}

static void the_end_of_the_body(void **state)
{
    static const char *const pages[][2] = {
        {"<!doctype html><p>a", "body-end"},
        {"<!doctype html><body>a</BODY>", ""},
        {"<!doctype html><body><!-- </body>", "body-end"},
        {"<!doctype html><p>a<form", "body-end"},
        {"<input", "body-end"},
        {"<form><input type=file", "body-end form-enctype"},
        {"<", "body-end"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        char *found = lint(pages[i][0]);

        if (strcmp(found, pages[i][1]) != 0) fail_msg("%s gives %s", pages[i][0], found);
        free(found);
    }
}

/* More forms, inputs and alerts than are kept. */
static void many_forms(void **state)
{
    struct toolbar_recording *recording = toolbar__recording_new();
    static const char form[] = "<form id=x><input type=file></form><input form=x type=file>";
    char page[199 * (sizeof form - 1)];
    unsigned kept = 0;

    (void)state;
    assert_non_null(recording);
    for (int i = 0; i < 199; i++) {
        memcpy(page + (size_t)i * (sizeof form - 1), form, sizeof form - 1);
    }
    toolbar__lint_page(recording, page, sizeof page, sizeof page, true);
    for (const struct toolbar__alert *alert = recording->http.alerts; alert; alert = alert->next) {
        kept++;
    }
    assert_int_equal(kept, TOOLBAR__ALERTS_MAXIMUM);
    assert_true(recording->http.alert_count > 64);
    toolbar__recording_unref(recording);
}

static char *lint_head(const struct toolbar__field *items, size_t count, bool has_body)
{
    struct toolbar_recording *recording = toolbar__recording_new();
    struct toolbar__fields fields = {items, count};

    assert_non_null(recording);
    toolbar__lint_head(recording, &fields, has_body);
    return alerts_of(recording);
}

static void mistakes_in_heads(void **state)
{
    static char timing[8200], other[8200];
    const struct toolbar__field items[] = {{"Content-Type", "text/html", false},
                                           {"Content-Encoding", "text/html", false},
                                           {"Server-Timing", timing, false},
                                           {"X-Other", other, false},
                                           {"content-encoding", "gzip, identity", false}};
    char *found;

    (void)state;
    memset(timing, 't', sizeof timing - 1);
    memset(other, 'o', sizeof other - 1);
    found = lint_head(items, 1, true);
    assert_string_equal(found, "");
    free(found);
    found = lint_head(items, 2, true);
    assert_string_equal(found, "content-encoding(text/html)");
    free(found);
    found = lint_head(items + 4, 1, true);
    assert_string_equal(found, "content-type");
    free(found);
    found = lint_head(items + 4, 1, false);
    assert_string_equal(found, "");
    free(found);
    found = lint_head(items + 2, 1, false);
    assert_string_equal(found, "server-timing");
    free(found);
    found = lint_head(items + 3, 1, false);
    assert_string_equal(found, "head-size");
    free(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_need_multipart), cmocka_unit_test(what_is_no_mistake),
        cmocka_unit_test(the_end_of_the_body),  cmocka_unit_test(many_forms),
        cmocka_unit_test(mistakes_in_heads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
