/* A request that this thread works for, and what is shown of it. */
#ifndef TESTS_TEST_ACTIVITY_H
#define TESTS_TEST_ACTIVITY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <debugtoolbar/record.h>

#include "json_reader.h"
#include "panels/element.h"
#include "panels/panel.h"
#include "record/request.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

enum { TEXT_MAXIMUM = 4 * 1024 * 1024 };

static struct toolbar__application application;
static struct toolbar_request request;

__attribute__((unused)) static int begin(void **state)
{
    (void)state;
    for (size_t i = 0; toolbar__panels[i]; i++) {
        application.panels[i] = toolbar__panels[i];
    }
    request.recording = toolbar__recording_new();
    assert_non_null(request.recording);
    request.recording->application = &application;
    toolbar_request_bind(&request);
    return 0;
}

__attribute__((unused)) static int end(void **state)
{
    (void)state;
    toolbar_request_unbind();
    toolbar__recording_unref(request.recording);
    return 0;
}

__attribute__((unused)) static void finish(void)
{
    toolbar__recording_finish(request.recording, 200, NULL,
                              toolbar__recording_now(request.recording));
}

__attribute__((unused)) static char *html(void)
{
    static const struct toolbar__element place = {
        .prefix = "/__debug__", .style_url = "/s.css", .script_url = "/s.js"};
    struct toolbar_text text;
    char *data;

    toolbar__text_init(&text, TEXT_MAXIMUM);
    toolbar__element_render(&place, request.recording, &text);
    data = toolbar__text_take(&text, NULL);
    assert_non_null(data);
    return data;
}

__attribute__((unused)) static char *json(void)
{
    struct toolbar_text text;
    char *data;

    toolbar__text_init(&text, TEXT_MAXIMUM);
    toolbar__record_json(request.recording, &text);
    data = toolbar__text_take(&text, NULL);
    assert_non_null(data);
    assert_int_equal(json_at(data, "").type, JSON_OBJECT);
    return data;
}

__attribute__((unused)) static void assert_text(char *text, const char *needle)
{
    if (!strstr(text, needle)) fail_msg("'%s' is not in: %s", needle, text);
}

__attribute__((unused)) static void assert_no_text(char *text, const char *needle)
{
    if (strstr(text, needle)) fail_msg("'%s' is in: %s", needle, text);
}

#endif
