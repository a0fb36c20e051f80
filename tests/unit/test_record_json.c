/* What a program sees of a recording: the JSON record and the Server-Timing header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json_reader.h"
#include "panels/element.h"
#include "sample_recording.h"

typedef struct toolbar_recording *(*sample)(void);
typedef void (*writer)(struct toolbar_recording *recording, struct toolbar_text *text);

static char *write_sample(writer write, sample make)
{
    struct toolbar_recording *recording = make();
    struct toolbar_text text;
    char *string;

    toolbar__text_init(&text, 4 * 1024 * 1024);
    write(recording, &text);
    toolbar__recording_unref(recording);
    string = toolbar__text_take(&text, NULL);
    assert_non_null(string);
    return string;
}

static void write_json(struct toolbar_recording *recording, struct toolbar_text *text)
{
    toolbar__record_json(recording, text);
}

static char *json_of(sample make)
{
    return write_sample(write_json, make);
}

static void a_small_record_is_exactly_this(void **state)
{
    static const char start[] =
        "{\"version\":1,\"id\":\"" SAMPLE_ID
        "\",\"time\":\"2026-01-01T00:00:00.123Z\",\"method\":\"GET\","
        "\"url\":\"/\",\"status\":200,\"duration_ms\":0.380000,\"skipped\":null,\"previous\":[],"
        "\"queries\":[],"
        "\"advice\":[],\"panels\":{\"sql\":{\"queries\":0,\"kept\":0,\"late\":0,"
        "\"sql_ms\":0.000000,\"connections\":[],\"transactions\":[]},"
        "\"advice\":{\"count\":0,\"dropped\":0},\"time\":{\"wall_ms\":0."
        "380000,"
        "\"user_ms\":0.310000,\"system_ms\":0.040000,\"toolbar_ms\":0.081000,"
        "\"voluntary_switches\":3,\"involuntary_switches\":1,\"minor_faults\":12,"
        "\"major_faults\":0,\"phases\":[{\"name\":\"handler\",\"start_ms\":0.020000,"
        "\"duration_ms\":0.330000}],";
    char *json = json_of(sample_no_queries);

    (void)state;
    /* Other panels follow. */
    assert_memory_equal(json, start, sizeof start - 1);
    free(json);
}

static void a_query_has_exactly_these_members(void **state)
{
    char *json = json_of(sample_fathers);

    (void)state;
    assert_int_equal(json_count(json_at(json, "queries")), 51);
    assert_non_null(strstr(
        json, "{\"n\":2,\"sql\":\"SELECT name FROM person WHERE id = ?1\",\"params\":[101],"
              "\"connection\":\"main\",\"start_ms\":1.500000,\"duration_ms\":0.028000,"
              "\"engine_ms\":0.028000,\"rows\":1,\"rows_scanned\":0,\"sorts\":0,\"auto_index\":0,"
              "\"vm_steps\":9,\"reprepares\":0,\"similar\":50,\"duplicate\":0,\"slow\":false,"
              "\"in_transaction\":false,\"writes\":false,\"error\":null,"
              "\"call_site\":\"father_name\",\"stack\":[],"
              "\"runnable\":\"SELECT name FROM person WHERE id = 101\",\"preview\":null}"));
    free(json);
}

static void unknown_figures_are_null(void **state)
{
    static const char *const unknown[] = {"engine_ms", "rows",       "rows_scanned",
                                          "sorts",     "auto_index", "vm_steps"};
    char *json = json_of(sample_fathers_open);

    (void)state;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        char path[64] = "queries[0].";

        memcpy(path + strlen(path), unknown[i], strlen(unknown[i]) + 1);
        assert_int_equal(json_at(json, path).type, JSON_NULL);
    }
    assert_float_equal(json_number(json_at(json, "queries[0].duration_ms")), 1.12, 1e-9);
    free(json);
}

static void parameters_are_plain_values(void **state)
{
    char *json = json_of(sample_order);

    (void)state;
    assert_float_equal(json_number(json_at(json, "queries[6].params[0]")), -9, 0);
    assert_float_equal(json_number(json_at(json, "queries[6].params[1]")), 19.5, 0);
    assert_true(json_is(json_at(json, "queries[6].params[2]"), "********"));
    assert_int_equal(json_at(json, "queries[6].params[3]").type, JSON_NULL);
    assert_float_equal(json_number(json_at(json, "queries[6].params[4].blob")), 6, 0);
    assert_true(json_is(json_at(json, "queries[6].params[4].hex"), "00ff103c623e"));
    assert_float_equal(json_number(json_at(json, "queries[6].params[5].length")), 2999, 0);
    assert_int_equal(json_at(json, "queries[6].params[5].text").type, JSON_STRING);
    assert_int_equal(json_count(json_at(json, "queries[6].params[6]")), 0);
    assert_true(json_is(json_at(json, "queries[1].params[0]"), "Ada Byron"));
    assert_null(strstr(json, "hunter2"));
    free(json);
}

static void errors_and_transactions_are_told(void **state)
{
    char *json = json_of(sample_order);

    (void)state;
    assert_float_equal(json_number(json_at(json, "queries[7].error.code")), 275, 0);
    assert_true(
        json_is(json_at(json, "queries[7].error.message"), "CHECK constraint failed: amount >= 0"));
    assert_true(json_true(json_at(json, "queries[7].in_transaction")));
    assert_false(json_true(json_at(json, "queries[8].in_transaction")));
    assert_float_equal(json_number(json_at(json, "queries[1].duplicate")), 4, 0);
    assert_int_equal(json_at(json, "queries[8].call_site").type, JSON_NULL);
    assert_true(json_is(json_at(json, "panels.sql.connections[1].name"), "session"));
    assert_float_equal(json_number(json_at(json, "panels.sql.connections[1].not_observed")), 1, 0);
    assert_float_equal(json_number(json_at(json, "panels.sql.late")), 2, 0);
    free(json);
}

static void dropped_queries_are_counted(void **state)
{
    char *json = json_of(sample_thousand);

    (void)state;
    assert_int_equal(json_count(json_at(json, "queries")), 500);
    assert_float_equal(json_number(json_at(json, "panels.sql.queries")), 1000, 0);
    assert_float_equal(json_number(json_at(json, "panels.sql.kept")), 500, 0);
    free(json);
}

static void hostile_strings_stay_strings(void **state)
{
    char *json = json_of(sample_hostile);

    (void)state;
    assert_int_equal(json_at(json, "").type, JSON_OBJECT);
    assert_null(strchr(json, '<'));
    assert_null(strchr(json, '\x01'));
    assert_int_equal(json_count(json_at(json, "queries")), 3);
    free(json);
}

static void assert_timing(sample make, const char *expected)
{
    char *timing = write_sample(toolbar__server_timing, make);

    assert_string_equal(timing, expected);
    free(timing);
}

static void server_timing_is_exactly_this(void **state)
{
    (void)state;
    assert_timing(sample_fathers,
                  "total;dur=12.400, cpu;dur=9.360, sql;dur=1.800;desc=\"51 queries\"");
    assert_timing(sample_no_queries,
                  "total;dur=0.380, cpu;dur=0.350, sql;dur=0.000;desc=\"0 queries\"");
    assert_timing(sample_hostile,
                  "total;dur=1.000, cpu;dur=9.360, sql;dur=0.150;desc=\"3 queries\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_record_is_exactly_this),
        cmocka_unit_test(a_query_has_exactly_these_members),
        cmocka_unit_test(unknown_figures_are_null),
        cmocka_unit_test(parameters_are_plain_values),
        cmocka_unit_test(errors_and_transactions_are_told),
        cmocka_unit_test(dropped_queries_are_counted),
        cmocka_unit_test(hostile_strings_stay_strings),
        cmocka_unit_test(server_timing_is_exactly_this),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
