/* What the Memory panel says of the heap, and that it asks for it only where it is on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/text.h"
#include "panels/panel.h"
#include "record/request.h"

extern const struct toolbar_panel toolbar__memory_panel;

static const struct toolbar__application application = {.panels = {&toolbar__memory_panel}};

/* In place of the heap; -1: not known. */
static int64_t heap_bytes;
static unsigned looks;

int64_t __wrap_toolbar__heap_bytes(void);

int64_t __wrap_toolbar__heap_bytes(void)
{
    looks++;
    return heap_bytes;
}

static const char *cookie;

static void headers(void *connection, toolbar__header_visitor visit, void *cls)
{
    (void)connection;
    if (cookie) visit(cls, "Cookie", 6, cookie, strlen(cookie));
}

static const struct toolbar__head_source source = {.headers = headers};

enum { UNANSWERED = INT32_MIN };

/* A request that begins and ends with these bytes; with UNANSWERED it never ends. */
static struct toolbar_recording *request_between(int64_t before_bytes, int64_t after_bytes)
{
    struct toolbar_request request = {.head = {.source = &source}};

    looks = 0;
    heap_bytes = before_bytes;
    request.recording = toolbar__recording_new();
    assert_non_null(request.recording);
    request.recording->application = &application;
    toolbar__panels_begin(&request);
    heap_bytes = after_bytes;
    if (after_bytes != UNANSWERED) toolbar__panels_end(request.recording, 200);
    toolbar__recording_finish(request.recording, 200, NULL, 1000);
    return request.recording;
}

/* Frees the recording. */
static void assert_growth(struct toolbar_recording *recording, const char *in_json,
                          const char *in_html)
{
    struct toolbar_text text;
    struct toolbar_json json;
    char *written;

    toolbar__text_init(&text, 4096);
    toolbar__json_init(&json, &text);
    toolbar__memory_panel.to_json(recording, &json);
    written = toolbar__text_take(&text, NULL);
    assert_non_null(written);
    assert_memory_equal(written, in_json, strlen(in_json));
    free(written);
    toolbar__text_init(&text, 4096);
    toolbar__memory_panel.render(recording, &text);
    written = toolbar__text_take(&text, NULL);
    assert_non_null(written);
    assert_non_null(strstr(written, in_html));
    free(written);
    toolbar__recording_unref(recording);
}

#define NOT_KNOWN "{\"heap_growth_bytes\":null,", "<dt>Heap growth</dt><dd>not known <small>"

static void heap_growth(void **state)
{
    (void)state;
    cookie = NULL;
    assert_growth(request_between(1000, 5096), "{\"heap_growth_bytes\":4096,",
                  "<dt>Heap growth</dt><dd>4.0 KiB <small>");
    assert_int_equal(looks, 2);
    assert_growth(request_between(5096, 1000), "{\"heap_growth_bytes\":-4096,",
                  "<dt>Heap growth</dt><dd>-4.0 KiB <small>");
    assert_growth(request_between(0, 0), "{\"heap_growth_bytes\":0,",
                  "<dt>Heap growth</dt><dd>0 bytes <small>");
}

static void heap_not_known(void **state)
{
    (void)state;
    cookie = NULL;
    assert_growth(request_between(-1, 5096), NOT_KNOWN);
    assert_growth(request_between(1000, -1), NOT_KNOWN);
    assert_growth(request_between(1000, UNANSWERED), NOT_KNOWN);
}

static void switched_off(void **state)
{
    (void)state;
    cookie = "debug-toolbar-off=memory";
    toolbar__recording_unref(request_between(1000, 5096));
    assert_int_equal(looks, 0);
}

/* As where there was no memory for it. */
static void without_state(void **state)
{
    struct toolbar_request request = {.recording = toolbar__recording_new()};

    (void)state;
    assert_non_null(request.recording);
    request.recording->application = &application;
    looks = 0;
    toolbar__memory_panel.on_request(request.recording, &request);
    toolbar__memory_panel.on_response(request.recording, 200);
    assert_int_equal(looks, 0);
    assert_growth(request.recording, NOT_KNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heap_growth),
        cmocka_unit_test(heap_not_known),
        cmocka_unit_test(switched_off),
        cmocka_unit_test(without_state),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
