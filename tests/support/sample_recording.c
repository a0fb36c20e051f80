/* Builds the sample recordings through the same calls as the adapters. */
#include "sample_recording.h"

#include <stdio.h>
#include <string.h>

#include "panels/panel.h"

struct run {
    const char *connection; /* NULL: main */
    const char *sql;
    size_t length; /* 0: up to its end */
    int64_t start_us;
    int64_t engine_us;
    int64_t open_us; /* 0: as engine_us */
    const struct toolbar__value *values;
    unsigned value_count;
    int64_t rows;
    int64_t rows_scanned;
    int64_t sorts;
    int64_t auto_index;
    int64_t vm_steps;
    bool hooks_only;
    bool in_transaction;
    bool still_open;
    int error_code;
    const char *error_message;
    const char *function;
};

static void add_run(struct toolbar_recording *recording, const struct run *run)
{
    struct toolbar__outcome outcome = TOOLBAR__OUTCOME_UNKNOWN;
    size_t length = run->length ? run->length : strlen(run->sql);
    struct toolbar__statement *statement = toolbar__recording_statement(
        recording, run->connection ? run->connection : "main", run->sql, length);
    struct toolbar__query *query = toolbar__recording_query(
        recording, statement, run->start_us * 1000, run->values, run->value_count);

    outcome.open_ns = 1000 * (run->open_us ? run->open_us : run->engine_us);
    outcome.in_transaction = run->in_transaction;
    outcome.error_code = run->error_code;
    outcome.error_message = run->error_message;
    if (!run->hooks_only) {
        outcome.engine_ns = run->engine_us * 1000;
        outcome.rows = run->rows;
        outcome.rows_scanned = run->rows_scanned;
        outcome.sorts = run->sorts;
        outcome.auto_index = run->auto_index;
        outcome.vm_steps = run->vm_steps;
        outcome.reprepares = 0;
    }
    if (!run->still_open) toolbar__recording_query_done(recording, statement, query, &outcome);
    /* Names of callers are looked up when it is finished; without an address they stay. */
    if (query) query->function = run->function;
}

static struct toolbar_recording *begin(const char *method, const char *url)
{
    static struct toolbar__application application;
    struct toolbar_recording *recording = toolbar__recording_new();

    for (size_t i = 0; toolbar__panels[i]; i++) {
        application.panels[i] = toolbar__panels[i];
    }
    recording->application = &application;
    memcpy(recording->id, SAMPLE_ID, sizeof SAMPLE_ID);
    recording->wall_ms = INT64_C(1767225600123);
    recording->method = toolbar__recording_string(recording, method, strlen(method));
    recording->url = toolbar__recording_string(recording, url, strlen(url));
    recording->version = "HTTP/1.1";
    recording->transport = "TLS";
    recording->usage = (struct toolbar__usage){
        .cpu_ns = 9360000,
        .user_ns = 8120000,
        .system_ns = 1240000,
        .voluntary_switches = 3,
        .involuntary_switches = 1,
        .minor_faults = 12,
    };
    return recording;
}

static struct toolbar_recording *end(struct toolbar_recording *recording, unsigned status,
                                     int64_t duration_us)
{
    toolbar__recording_finish(recording, status, NULL, duration_us * 1000);
    recording->own_ns = 81000;
    return recording;
}

static struct toolbar__value integer(int64_t value)
{
    return (struct toolbar__value){.type = TOOLBAR__VALUE_INTEGER, .as.integer = value};
}

static struct toolbar__value text(const char *name, const char *string)
{
    return (struct toolbar__value){.type = TOOLBAR__VALUE_TEXT,
                                   .name = name,
                                   .as.bytes = string,
                                   .kept = strlen(string),
                                   .length = strlen(string)};
}

static struct toolbar_recording *fathers(bool hooks_only)
{
    struct toolbar_recording *recording = begin("GET", "/people/fathers");

    add_run(recording,
            &(struct run){.sql = "SELECT id, name, father_id FROM person ORDER BY id LIMIT 50",
                          .start_us = 240,
                          .engine_us = 400,
                          .open_us = 1120,
                          .rows = 50,
                          .rows_scanned = 50,
                          .vm_steps = 412,
                          .function = "people_fathers",
                          .hooks_only = hooks_only});
    for (int i = 0; i < 50; i++) {
        struct toolbar__value id = integer(101 + i * 7 % 50);

        add_run(recording, &(struct run){.sql = "SELECT name FROM person WHERE id = ?1",
                                         .start_us = 1500 + i * 130 + i * i % 37,
                                         .engine_us = 28,
                                         .values = &id,
                                         .value_count = 1,
                                         .rows = 1,
                                         .vm_steps = 9,
                                         .function = "father_name",
                                         .hooks_only = hooks_only});
    }
    toolbar__recording_phase(recording, "reading the request", 0, 150000);
    toolbar__recording_phase(recording, "handler", 180000, 9400000);
    toolbar__recording_phase(recording, "reading the response", 9600000, 900000);
    return end(recording, 200, 12400);
}

struct toolbar_recording *sample_fathers(void)
{
    return fathers(false);
}

struct toolbar_recording *sample_fathers_open(void)
{
    return fathers(true);
}

struct toolbar_recording *sample_no_queries(void)
{
    struct toolbar_recording *recording = begin("GET", "/");

    recording->usage.cpu_ns = 350000;
    recording->usage.user_ns = 310000;
    recording->usage.system_ns = 40000;
    toolbar__recording_phase(recording, "handler", 20000, 330000);
    return end(recording, 200, 380);
}

struct toolbar_recording *sample_thousand(void)
{
    struct toolbar_recording *recording = begin("POST", "/people/import?format=csv");

    for (int i = 0; i < 1000; i++) {
        char name[32];
        struct toolbar__value values[2];

        snprintf(name, sizeof name, "Person %d", i);
        values[0] = integer(i);
        values[1] = text(NULL, name);
        add_run(recording, &(struct run){.sql = "INSERT INTO person(id, name) VALUES(?1, ?2)",
                                         .start_us = 400 + i * 50,
                                         .engine_us = 31,
                                         .values = values,
                                         .value_count = 2,
                                         .vm_steps = 14,
                                         .in_transaction = true,
                                         .function = "import_row"});
    }
    return end(recording, 303, 52000);
}

struct toolbar_recording *sample_distinct(void)
{
    struct toolbar_recording *recording = begin("GET", "/report");

    for (int i = 0; i < 500; i++) {
        char sql[160];
        struct toolbar__value id = integer(i);

        snprintf(sql, sizeof sql,
                 "SELECT name, born, column_%d FROM person AS p%d WHERE id = ?1 AND born > 1900 "
                 "ORDER BY name",
                 i, i);
        add_run(recording, &(struct run){.sql = sql,
                                         .start_us = 100 + i * 100,
                                         .engine_us = 60,
                                         .values = &id,
                                         .value_count = 1,
                                         .rows = 3,
                                         .rows_scanned = 1000,
                                         .vm_steps = 4012,
                                         .sorts = 1,
                                         .function = "report_line"});
    }
    return end(recording, 200, 61000);
}

static const char long_sql[] =
    "WITH RECURSIVE ancestor(id, name, father_id, depth) AS (\n"
    "  SELECT id, name, father_id, 0 FROM person WHERE id = :person\n"
    "  UNION ALL\n"
    "  SELECT p.id, p.name, p.father_id, a.depth + 1\n"
    "    FROM person AS p JOIN ancestor AS a ON p.id = a.father_id\n"
    "   WHERE a.depth < 12 -- as far back as the parish books go\n"
    ")\n"
    "SELECT a.name, j.title, count(*) AS \"how many\"\n"
    "  FROM ancestor AS a LEFT JOIN job AS j ON j.person_id = a.id\n"
    " WHERE j.title IS NOT NULL AND j.title <> 'none' AND j.year BETWEEN 1750 AND 1999.5\n"
    " GROUP BY a.name, j.title\n"
    " ORDER BY a.depth, 3 DESC";

static void order_reads(struct toolbar_recording *recording)
{
    struct toolbar__value person = integer(37);
    struct toolbar__value duplicate = text("@name", "Ada Byron");

    person.name = ":person";
    add_run(recording, &(struct run){.sql = long_sql,
                                     .start_us = 300,
                                     .engine_us = 2900,
                                     .values = &person,
                                     .value_count = 1,
                                     .rows = 7,
                                     .rows_scanned = 12960,
                                     .sorts = 2,
                                     .auto_index = 1,
                                     .vm_steps = 91873,
                                     .function = "ancestors"});
    for (int i = 0; i < 4; i++) {
        add_run(recording, &(struct run){.connection = "session",
                                         .sql = "SELECT value FROM setting WHERE name = @name",
                                         .start_us = 3400 + 350 * i,
                                         .engine_us = 90,
                                         .values = &duplicate,
                                         .value_count = 1,
                                         .rows = 1,
                                         .vm_steps = 11,
                                         .function = i < 3 ? "setting" : "setting_or_default"});
    }
}

static void order_insert(struct toolbar_recording *recording)
{
    static char long_text[3000];
    struct toolbar__value values[7];

    for (size_t i = 0; i + 1 < sizeof long_text; i++) {
        long_text[i] = "A long letter. "[i % 15];
    }
    values[0] = integer(-9);
    values[1] = (struct toolbar__value){.type = TOOLBAR__VALUE_REAL, .as.real = 19.5};
    values[2] = text(":password", "hunter2 hunter2");
    values[3] = (struct toolbar__value){.type = TOOLBAR__VALUE_NULL};
    values[4] = (struct toolbar__value){
        .type = TOOLBAR__VALUE_BLOB, .as.bytes = "\x00\xff\x10<b>", .kept = 6, .length = 6};
    values[5] = text(NULL, long_text);
    values[6] = (struct toolbar__value){.type = TOOLBAR__VALUE_UNKNOWN};
    add_run(recording, &(struct run){.sql = "INSERT INTO \"order\"(id, total, secret, note, "
                                            "signature, text, more)\n"
                                            "VALUES(?1, ?2, :password, ?4, ?5, ?6, ?7)",
                                     .start_us = 5400,
                                     .engine_us = 210,
                                     .values = values,
                                     .value_count = 7,
                                     .vm_steps = 40,
                                     .in_transaction = true,
                                     .function = "place_order"});
    add_run(recording,
            &(struct run){.sql = "UPDATE stock SET amount = amount - 1 WHERE article = 'tea'",
                          .start_us = 5800,
                          .engine_us = 140,
                          .in_transaction = true,
                          .error_code = 275,
                          .error_message = "CHECK constraint failed: amount >= 0",
                          .function = "place_order"});
}

/* A query that never ended has been open until the clock said it was over. */
static void set_open_time(struct toolbar_recording *recording, struct toolbar__query *query,
                          int64_t ns)
{
    int64_t difference = ns - query->duration_ns;

    query->open_ns = query->duration_ns = ns;
    query->statement->group->total_ns += difference;
    recording->connections->total_ns += difference;
    recording->sql_ns += difference;
}

struct toolbar_recording *sample_order(void)
{
    struct toolbar_recording *recording = begin("POST", "/orders?from=cart&token=********");

    recording->transport = "proxy";
    recording->usage.user_ns = 3910000;
    order_reads(recording);
    add_run(
        recording,
        &(struct run){.sql = "BEGIN", .start_us = 5100, .engine_us = 8, .in_transaction = true});
    order_insert(recording);
    add_run(recording, &(struct run){.sql = "ROLLBACK", .start_us = 6100, .engine_us = 60});
    add_run(recording, &(struct run){.sql = "SELECT article, amount FROM stock",
                                     .start_us = 6500,
                                     .hooks_only = true,
                                     .still_open = true});
    toolbar__recording_unobserved(recording, "session");
    toolbar__recording_phase(recording, "reading the request", 0, 250000);
    toolbar__recording_phase(recording, "handler", 260000, 6700000);
    atomic_store(&recording->late_queries, 2);
    end(recording, 409, 7400);
    set_open_time(recording, recording->last_query, 900000);
    return recording;
}

static void say_hostile_things(struct toolbar_recording *recording)
{
    static const char json[] = "{\"a\": \"" SAMPLE_HOSTILE "\"}";
    struct toolbar__http *http = &recording->http;
    struct toolbar__pairs *const fields[] = {&http->query, &http->form, &http->cookies};
    struct toolbar__pairs *const heads[] = {&http->request, &http->kept, &http->added,
                                            &http->removed};
    size_t length = sizeof SAMPLE_HOSTILE - 1;

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        toolbar__http_field(recording, fields[i], SAMPLE_HOSTILE, length, SAMPLE_HOSTILE, length);
    }
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        toolbar__http_header(recording, heads[i], false, SAMPLE_HOSTILE, length, SAMPLE_HOSTILE,
                             length);
    }
    toolbar__http_upload(recording, SAMPLE_HOSTILE, SAMPLE_HOSTILE, SAMPLE_HOSTILE, 1);
    toolbar__http_json(recording, json, sizeof json - 1, true);
    toolbar__http_alert(recording, "rule", "Text", SAMPLE_HOSTILE, length);
    http->handler = http->body_type = SAMPLE_HOSTILE;
    http->body_bytes = 1;
    recording->client.address = recording->client.protocol = recording->client.cipher =
        recording->client.thread = recording->client.mode = recording->client.server =
            SAMPLE_HOSTILE;
}

struct toolbar_recording *sample_hostile(void)
{
    static const char sql[] = "SELECT '" SAMPLE_HOSTILE "' AS \"" SAMPLE_HOSTILE
                              "\" /* " SAMPLE_HOSTILE " */ FROM [" SAMPLE_HOSTILE "] WHERE x = ?";
    static const char bytes[] = SAMPLE_HOSTILE "\0" SAMPLE_HOSTILE;
    struct toolbar_recording *recording = begin(SAMPLE_HOSTILE, "/" SAMPLE_HOSTILE);
    struct toolbar__value values[2];

    values[0] = text(":" SAMPLE_HOSTILE, bytes);
    values[0].kept = values[0].length = sizeof bytes - 1;
    values[1] = values[0];
    values[1].type = TOOLBAR__VALUE_BLOB;
    for (int i = 0; i < 3; i++) {
        add_run(recording, &(struct run){.connection = i < 2 ? SAMPLE_HOSTILE : "main",
                                         .sql = sql,
                                         .start_us = 100 + 100 * i,
                                         .engine_us = 50,
                                         .values = values,
                                         .value_count = 2,
                                         .error_code = 1,
                                         .error_message = SAMPLE_HOSTILE,
                                         .function = SAMPLE_HOSTILE});
    }
    recording->transport = SAMPLE_HOSTILE;
    say_hostile_things(recording);
    toolbar__recording_phase(recording, SAMPLE_HOSTILE, 0, 100000);
    return end(recording, 200, 1000);
}
