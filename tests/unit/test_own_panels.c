/* Panels of the application's own: what they may do, and what their failures cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unwind.h>

#include <cmocka.h>
#include <debugtoolbar/panel.h>
#include <debugtoolbar/record.h>

#include "json_reader.h"
#include "panels/element.h"
#include "panels/panel.h"
#include "record/request.h"
#include "toolbar.h"

enum { ADDED_MAXIMUM = 16 };

static struct toolbar *toolbar;
static struct toolbar_request request;

static int begin(void **state)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;

    (void)state;
    assert_int_equal(toolbar_new(&options, &toolbar), TOOLBAR_OK);
    return 0;
}

static int end(void **state)
{
    (void)state;
    toolbar__recording_unref(request.recording);
    request.recording = NULL;
    toolbar_free(toolbar);
    return 0;
}

static void serve(void)
{
    request.toolbar = toolbar;
    request.recording = toolbar__recording_new();
    assert_non_null(request.recording);
    request.recording->application = &toolbar->application;
    toolbar__panels_begin(&request);
    toolbar__panels_end(request.recording, 200);
    toolbar__recording_finish(request.recording, 200, NULL, 1000000);
}

static char *html(void)
{
    static const struct toolbar__element place = {
        .prefix = "/__debug__", .style_url = "/s.css", .script_url = "/s.js"};
    struct toolbar_text text;
    char *data;

    toolbar__text_init(&text, TOOLBAR__ELEMENT_MAXIMUM);
    toolbar__element_render(&place, request.recording, &text);
    data = toolbar__text_take(&text, NULL);
    assert_non_null(data);
    return data;
}

static char *json(void)
{
    struct toolbar_text text;
    char *data;

    toolbar__text_init(&text, TOOLBAR__ELEMENT_MAXIMUM);
    toolbar__record_json(request.recording, &text);
    data = toolbar__text_take(&text, NULL);
    assert_non_null(data);
    assert_int_equal(json_at(data, "").type, JSON_OBJECT);
    return data;
}

struct counted {
    int began;
    int ended;
    unsigned status;
};

extern const struct toolbar_panel counting;

static struct counted *counted(const struct toolbar_recording *recording)
{
    return toolbar_panel_state(recording, &counting);
}

static void on_request(struct toolbar_recording *recording, struct toolbar_request *asked)
{
    assert_ptr_equal(asked, &request);
    counted(recording)->began++;
}

static void on_response(struct toolbar_recording *recording, unsigned status)
{
    counted(recording)->ended++;
    counted(recording)->status = status;
}

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    toolbar_text_integer(text, counted(recording)->began);
    toolbar_html_text(text, " <time>");
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    toolbar_text_literal(text, "<p>answered ");
    toolbar_text_integer(text, counted(recording)->status);
    toolbar_text_literal(text, "</p>");
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *object)
{
    toolbar_json_open_object(object);
    toolbar_json_name(object, "ended");
    toolbar_json_integer(object, counted(recording)->ended);
    toolbar_json_close_object(object);
}

static void server_timing(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    (void)recording;
    toolbar_text_literal(text, "own;dur=1.5");
}

const struct toolbar_panel counting = {
    .id = "counting",
    .title = "Counting & more",
    .state_size = sizeof(struct counted),
    .on_request = on_request,
    .on_response = on_response,
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
    .server_timing = server_timing,
};

static void a_panel_has_its_state_and_its_say(void **state)
{
    struct toolbar_text timing;
    char *text;

    (void)state;
    assert_int_equal(toolbar_panel_add(toolbar, &counting), TOOLBAR_OK);
    serve();
    text = html();
    assert_non_null(strstr(text, "id=\"panel-counting\"><summary><span>Counting &amp; more</span> "
                                 "<small>1 &lt;time&gt;</small></summary>"
                                 "<div class=\"content\"><p>answered 200</p></div>"));
    free(text);
    text = json();
    assert_int_equal((int)json_number(json_at(text, "panels.counting.ended")), 1);
    free(text);
    toolbar__text_init(&timing, 1024);
    toolbar__server_timing(request.recording, &timing);
    assert_non_null(memmem(timing.data, timing.length, ", own;dur=1.5", 13));
    toolbar__text_free(&timing);
    /* The state lives as long as the recording, and belongs to this panel only. */
    assert_int_equal(counted(request.recording)->ended, 1);
    assert_null(toolbar_panel_state(request.recording, toolbar__panels[0]));
    assert_null(toolbar_panel_state(NULL, &counting));
}

static void a_panel_may_have_nothing(void **state)
{
    static const struct toolbar_panel nothing = {.id = "nothing", .title = "Nothing"};
    char *text;

    (void)state;
    assert_int_equal(toolbar_panel_add(toolbar, &nothing), TOOLBAR_OK);
    serve();
    assert_null(toolbar_panel_state(request.recording, &nothing));
    text = html();
    assert_non_null(strstr(text, "<span>Nothing</span> <small></small></summary>"
                                 "<div class=\"content\"></div>"));
    free(text);
    text = json();
    assert_int_equal(json_at(text, "panels.nothing").type, JSON_NONE);
    free(text);
}

int main(void);

static _Unwind_Reason_Code look_for_main(struct _Unwind_Context *context, void *cls)
{
    bool *found = cls;

    *found = *found || _Unwind_GetRegionStart(context) == (uintptr_t)main;
    return _URC_NO_REASON;
}

static unsigned seen_whole;

static void see(void)
{
    bool found = false;

    _Unwind_Backtrace(look_for_main, &found);
    seen_whole += found;
}

static void see_request(struct toolbar_recording *recording, struct toolbar_request *asked)
{
    (void)recording;
    (void)asked;
    see();
}

static void see_response(struct toolbar_recording *recording, unsigned status)
{
    (void)recording;
    (void)status;
    see();
}

static void see_text(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    (void)recording;
    (void)text;
    see();
}

static void see_json(const struct toolbar_recording *recording, struct toolbar_json *object)
{
    (void)recording;
    toolbar_json_null(object);
    see();
}

/* What a panel throws reaches who called the library, whatever is compiled without tables. */
static void a_panel_sees_the_whole_stack(void **state)
{
    static const struct toolbar_panel seeing = {
        .id = "seeing",
        .title = "Seeing",
        .on_request = see_request,
        .on_response = see_response,
        .subtitle = see_text,
        .render = see_text,
        .to_json = see_json,
        .server_timing = see_text,
    };
    struct toolbar_text timing;

    (void)state;
    seen_whole = 0;
    assert_int_equal(toolbar_panel_add(toolbar, &seeing), TOOLBAR_OK);
    serve();
    assert_int_equal(seen_whole, 2);
    free(html());
    assert_int_equal(seen_whole, 4);
    free(json());
    assert_int_equal(seen_whole, 5);
    toolbar__text_init(&timing, 1024);
    toolbar__finished_timing(request.recording, &timing);
    toolbar__text_free(&timing);
    assert_int_equal(seen_whole, 6);
}

static void too_much(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    static const char block[64 * 1024] = "x";

    (void)recording;
    for (int i = 0; i < 128; i++) {
        toolbar_html_bytes(text, block, sizeof block);
    }
}

/* An element could hold it, but little else. */
static void rather_much(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    (void)recording;
    for (size_t i = 0; i < TOOLBAR__ELEMENT_MAXIMUM / 10 * 9; i++) {
        toolbar_text_literal(text, "x");
    }
}

static void a_failing_panel_shows_one_line(void **state)
{
    static const struct toolbar_panel failing = {
        .id = "failing", .title = "Failing", .render = too_much};
    static const struct toolbar_panel long_one = {
        .id = "long", .title = "Long", .render = rather_much};
    char *text;

    (void)state;
    assert_int_equal(toolbar_panel_add(toolbar, &failing), TOOLBAR_OK);
    assert_int_equal(toolbar_panel_add(toolbar, &long_one), TOOLBAR_OK);
    assert_int_equal(toolbar_panel_add(toolbar, &counting), TOOLBAR_OK);
    serve();
    text = html();
    assert_non_null(strstr(text, "<span>Failing</span> <small></small></summary><div "
                                 "class=\"content\"><p class=\"note\">This panel could not be "
                                 "shown.</p></div>"));
    assert_null(strstr(text, "xxxx"));
    assert_non_null(strstr(text, "<p>answered 200</p>"));
    assert_non_null(strstr(text, "id=\"panel-versions\""));
    free(text);
}

static void taken_and_wrong_ids_are_refused(void **state)
{
    static const char *const wrong[] = {"", "Upper", "a b", "a\"b", "sql", "messages", "\xc3\xa4"};
    struct toolbar_panel panel = {.title = "Wrong"};

    (void)state;
    assert_int_equal(toolbar_panel_add(toolbar, &panel), TOOLBAR_ERROR_ARGUMENT);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        panel.id = wrong[i];
        assert_int_equal(toolbar_panel_add(toolbar, &panel), TOOLBAR_ERROR_ARGUMENT);
    }
    panel = (struct toolbar_panel){.id = "untitled"};
    assert_int_equal(toolbar_panel_add(toolbar, &panel), TOOLBAR_ERROR_ARGUMENT);
    assert_int_equal(toolbar_panel_add(toolbar, NULL), TOOLBAR_ERROR_ARGUMENT);
    assert_int_equal(toolbar_panel_add(NULL, &counting), TOOLBAR_ERROR_ARGUMENT);
    assert_int_equal(toolbar_panel_add(toolbar, &counting), TOOLBAR_OK);
    assert_int_equal(toolbar_panel_add(toolbar, &counting), TOOLBAR_ERROR_ARGUMENT);
}

static void too_many_are_refused(void **state)
{
    static char ids[TOOLBAR__PANELS_MAXIMUM + 1][16];
    static struct toolbar_panel panels[TOOLBAR__PANELS_MAXIMUM + 1];
    int added = 0;
    char *text;

    (void)state;
    for (int i = 0; i <= TOOLBAR__PANELS_MAXIMUM; i++) {
        snprintf(ids[i], sizeof ids[i], "own-%d", i);
        panels[i] = (struct toolbar_panel){.id = ids[i], .title = "Own"};
        if (toolbar_panel_add(toolbar, &panels[i]) != TOOLBAR_OK) break;
        added++;
    }
    assert_true(added >= ADDED_MAXIMUM);
    assert_true(added <= TOOLBAR__PANELS_MAXIMUM);
    assert_int_equal(toolbar_panel_add(toolbar, &counting), TOOLBAR_ERROR_LIMIT);
    serve();
    text = html();
    assert_non_null(strstr(text, "panel-own-15\""));
    free(text);
}

static void settings_are_masked(void **state)
{
    char *text;

    (void)state;
    assert_int_equal(toolbar_setting(toolbar, "threads", "4"), TOOLBAR_OK);
    assert_int_equal(toolbar_setting(toolbar, "threads", "8"), TOOLBAR_OK);
    assert_int_equal(toolbar_setting(toolbar, "db_password", "hunter2"), TOOLBAR_OK);
    assert_int_equal(toolbar_setting(toolbar, "upstream", "https://ada:hunter2@example.com/"),
                     TOOLBAR_OK);
    assert_int_equal(toolbar_setting(toolbar, "", "x"), TOOLBAR_ERROR_ARGUMENT);
    assert_int_equal(toolbar_setting(toolbar, "x", NULL), TOOLBAR_ERROR_ARGUMENT);
    assert_int_equal(toolbar_setting(NULL, "x", "y"), TOOLBAR_ERROR_ARGUMENT);
    serve();
    text = json();
    assert_int_equal(json_count(json_at(text, "panels.settings")), 3);
    assert_true(json_is(json_at(text, "panels.settings.threads"), "8"));
    assert_true(json_is(json_at(text, "panels.settings.db_password"), "********"));
    assert_null(strstr(text, "hunter2"));
    free(text);
    text = html();
    assert_non_null(strstr(text, "db_password</th><td><code>********</code>"));
    assert_null(strstr(text, "hunter2"));
    free(text);
}

static void the_strict_mode_shows_no_setting(void **state)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    char *text;

    end(state);
    options.hide_values = true;
    assert_int_equal(toolbar_new(&options, &toolbar), TOOLBAR_OK);
    assert_int_equal(toolbar_setting(toolbar, "motto", "open sesame"), TOOLBAR_OK);
    serve();
    text = json();
    assert_null(strstr(text, "sesame"));
    free(text);
}

static void settings_and_versions_are_bounded(void **state)
{
    char name[16];

    (void)state;
    for (int i = 0; i < TOOLBAR__SETTINGS_MAXIMUM; i++) {
        snprintf(name, sizeof name, "%d", i);
        assert_int_equal(toolbar_setting(toolbar, name, "x"), TOOLBAR_OK);
    }
    assert_int_equal(toolbar_setting(toolbar, "more", "x"), TOOLBAR_ERROR_LIMIT);
    assert_int_equal(toolbar_setting(toolbar, "0", "y"), TOOLBAR_OK);
    for (int i = 0; i < TOOLBAR__VERSIONS_MAXIMUM; i++) {
        snprintf(name, sizeof name, "%d", i);
        toolbar_version(toolbar, name, "1");
    }
    assert_int_equal(toolbar_version(toolbar, "more", "1"), TOOLBAR_ERROR_LIMIT);
}

static void versions_tell_what_runs(void **state)
{
    char *text;

    (void)state;
    assert_int_equal(toolbar_version(toolbar, "myapp", "1.2 <beta>"), TOOLBAR_OK);
    assert_int_equal(toolbar__application_version(&toolbar->application, "library", "2.0", "1.9"),
                     TOOLBAR_OK);
    serve();
    text = html();
    assert_non_null(strstr(text, "<th scope=\"row\">debugtoolbar</th><td><code>" TOOLBAR_VERSION));
    assert_non_null(strstr(text, "<code>1.2 &lt;beta&gt;</code>"));
    assert_non_null(strstr(text, "<code>2.0</code> <small>built with 1.9</small>"));
    free(text);
    text = json();
    assert_non_null(strstr(text, "{\"name\":\"library\",\"version\":\"2.0\",\"built\":\"1.9\"}"));
    free(text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_panel_has_its_state_and_its_say),
        TEST(a_panel_may_have_nothing),
        TEST(a_panel_sees_the_whole_stack),
        TEST(a_failing_panel_shows_one_line),
        TEST(taken_and_wrong_ids_are_refused),
        TEST(too_many_are_refused),
        TEST(settings_are_masked),
        TEST(the_strict_mode_shows_no_setting),
        TEST(settings_and_versions_are_bounded),
        TEST(versions_tell_what_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
