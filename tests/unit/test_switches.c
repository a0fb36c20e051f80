/* Panels that are switched off: for good by an option, in one browser by a cookie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "panels/element.h"
#include "panels/switches.h"
#include "record/request.h"
#include "toolbar.h"

static unsigned requests_seen;

static void seen(struct toolbar_recording *recording, struct toolbar_request *request)
{
    (void)recording, (void)request;
    requests_seen++;
}

static void body(const struct toolbar_recording *recording, struct toolbar_text *html)
{
    (void)recording;
    toolbar_text_literal(html, "<p>body</p>");
}

static const struct toolbar_panel first = {.id = "first", .title = "First", .render = body};
static const struct toolbar_panel memory = {
    .id = "memory", .title = "Memory", .on_request = seen, .render = body};
static const struct toolbar_panel last = {.id = "my-own_1", .title = "Own", .render = body};
static const struct toolbar__application application = {.panels = {&first, &memory, &last}};

/* The connection is a NULL-terminated list of cookie headers. */
static void headers(void *connection, toolbar__header_visitor visit, void *cls)
{
    const char **values = connection;

    if (!visit(cls, "Host", 4, "debug-toolbar-off=first", 23)) return;
    for (; *values; values++) {
        if (!visit(cls, "cOOkie", 6, *values, strlen(*values))) return;
    }
}

static const struct toolbar__head_source source = {.headers = headers};

static uint32_t off(const char *one, const char *two)
{
    const char *values[] = {one, two, NULL};
    struct toolbar_request request = {.head = {.source = &source, .connection = values}};

    return toolbar__switched_off(&request, &application);
}

static void reads_its_cookie(void **state)
{
    (void)state;
    assert_int_equal(off(NULL, NULL), 0);
    assert_int_equal(off("debug-toolbar-off=memory", NULL), 2);
    assert_int_equal(off("a=1; debug-toolbar-off=memory.my-own_1; b=2", NULL), 6);
    assert_int_equal(off("a=1;debug-toolbar-off=first", NULL), 1);
    assert_int_equal(off("a=1", "debug-toolbar-off=first"), 1);
    assert_int_equal(off("debug-toolbar-off=unknown..first.memor.memoryy", NULL), 1);
}

static void is_strict(void **state)
{
    static const char opening[] = "debug-toolbar-off=first";
    char large[1024] = {0};

    (void)state;
    assert_int_equal(off("debug-toolbar-off", NULL), 0);
    assert_int_equal(off("debug-toolbar-off=", NULL), 0);
    assert_int_equal(off("x-debug-toolbar-off=first", NULL), 0);
    assert_int_equal(off("debug-toolbar-off-x=first", NULL), 0);
    assert_int_equal(off("Debug-Toolbar-Off=first", NULL), 0);
    assert_int_equal(off("a=\"debug-toolbar-off=first\"", NULL), 0);
    assert_int_equal(off("debug-toolbar-off=first memory", NULL), 0);
    assert_int_equal(off("debug-toolbar-off=\"first\"", NULL), 0);
    assert_int_equal(off("debug-toolbar-off=FIRST.%00", NULL), 0);
    assert_int_equal(off("debug-toolbar-off=first; debug-toolbar-off=memory", NULL), 1);
    memset(large, '.', sizeof large - 1);
    memcpy(large, opening, sizeof opening - 1);
    assert_int_equal(off(large, NULL), 0);
}

static void costs_nothing(void **state)
{
    const char *values[] = {"debug-toolbar-off=memory", NULL};
    struct toolbar_request request = {.head = {.source = &source, .connection = values}};
    struct toolbar__element place = {.prefix = "/p", .style_url = "/p/s", .script_url = "/p/j"};
    struct toolbar_text text;
    char *html;

    (void)state;
    request.recording = toolbar__recording_new();
    assert_non_null(request.recording);
    request.recording->application = &application;
    requests_seen = 0;
    toolbar__panels_begin(&request);
    assert_int_equal(requests_seen, 0);
    toolbar__recording_finish(request.recording, 200, NULL, 1000);
    toolbar__text_init(&text, 512 * 1024);
    toolbar__element_render(&place, request.recording, &text);
    html = toolbar__text_take(&text, NULL);
    assert_non_null(html);
    assert_non_null(strstr(html, "<span>Memory</span> <small>off</small></summary>"
                                 "<div class=\"content\"><p class=\"empty\">Switched off in "
                                 "this browser.</p></div>"));
    assert_non_null(strstr(html, "<span>Own</span> <small></small></summary>"
                                 "<div class=\"content\"><p>body</p></div>"));
    free(html);
    values[0] = "a=1";
    toolbar__panels_begin(&request);
    assert_int_equal(requests_seen, 1);
    toolbar__recording_unref(request.recording);
}

static void an_option_takes_panels_away(void **state)
{
    static const char *const wrong[] = {"time,nonsense", "time,,sql", "Time", "time sql",
                                        "sql,sql"};
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar *toolbar = NULL;

    (void)state;
    options.panels_off = "time";
    assert_int_equal(toolbar_new(&options, &toolbar), TOOLBAR_OK);
    for (size_t i = 0; toolbar->application.panels[i]; i++) {
        assert_string_not_equal(toolbar->application.panels[i]->id, "time");
    }
    toolbar_free(toolbar);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        toolbar = NULL;
        options.panels_off = wrong[i];
        assert_int_equal(toolbar_new(&options, &toolbar), TOOLBAR_ERROR_PANELS_OFF);
        assert_null(toolbar);
    }
}

static void a_link_that_runs_scripts_is_refused(void **state)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar *toolbar = NULL;

    (void)state;
    options.editor_link = "javascript:alert('{file}')";
    assert_int_equal(toolbar_new(&options, &toolbar), TOOLBAR_ERROR_EDITOR_LINK);
    assert_null(toolbar);
}

static void budgets_are_not_negative(void **state)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar *toolbar = NULL;

    (void)state;
    options.max_queries = -1;
    assert_int_equal(toolbar_new(&options, &toolbar), TOOLBAR_ERROR_BUDGET);
    options.max_queries = 30;
    options.max_sql_ms = -1;
    assert_int_equal(toolbar_new(&options, &toolbar), TOOLBAR_ERROR_BUDGET);
    assert_null(toolbar);
    options.max_sql_ms = 10;
    assert_int_equal(toolbar_new(&options, &toolbar), TOOLBAR_OK);
    assert_int_equal(toolbar->application.max_queries, 30);
    assert_int_equal(toolbar->application.max_sql_ns, INT64_C(10000000));
    toolbar_free(toolbar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_its_cookie),
        cmocka_unit_test(is_strict),
        cmocka_unit_test(costs_nothing),
        cmocka_unit_test(an_option_takes_panels_away),
        cmocka_unit_test(a_link_that_runs_scripts_is_refused),
        cmocka_unit_test(budgets_are_not_negative),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
