/*
 * Looking for indexes in whatever state the application's database is in: locked, logged, attached,
 * in memory, with functions and orders of its own; and that the application never notices.
 */
#include "test_sqlite_index.h"

#include <pthread.h>
#include <stdatomic.h>

static char path[4096];

#define AUTHOR "CREATE INDEX post_author_id_idx ON post(author_id);"
#define BUSY "{\"error\":\"The database is being written. Try again.\"}"

/* What the application can ask of its connection without changing it. */
struct visible {
    int changes;
    int total_changes;
    int code;
    int extended_code;
    int autocommit;
    int state;
    int64_t last_rowid;
    char message[200];
};

static struct visible look(sqlite3 *db)
{
    struct visible visible;

    memset(&visible, 0, sizeof visible);
    visible.changes = sqlite3_changes(db);
    visible.total_changes = sqlite3_total_changes(db);
    visible.code = sqlite3_errcode(db);
    visible.extended_code = sqlite3_extended_errcode(db);
    visible.autocommit = sqlite3_get_autocommit(db);
    visible.state = sqlite3_txn_state(db, NULL);
    visible.last_rowid = sqlite3_last_insert_rowid(db);
    snprintf(visible.message, sizeof visible.message, "%s", sqlite3_errmsg(db));
    return visible;
}

/* A number that a connection answers with. */
static int64_t number_of(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);
    int64_t number;

    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* Judges and proves all queries, which the application must not be able to tell. */
static const struct toolbar__advice *judge_unseen(struct asking *asking, const char *proof)
{
    const struct toolbar_recording *recording = asking->shown.request.recording;
    struct visible before, after;
    const struct toolbar__advice *advice;

    before = look(asking->db);
    advice = asking_judge(asking);
    for (const struct toolbar__query *query = recording->queries; query; query = query->next) {
        char *proved = asking_prove(asking, query->number);

        if (!query->next && !strstr(proved, proof)) fail_msg("no %s in %s", proof, proved);
        free(proved);
    }
    after = look(asking->db);
    assert_memory_equal(&before, &after, sizeof before);
    /* The rest of the test is not recorded. */
    toolbar__current_set(NULL);
    return advice;
}

static void every_journal_is_read(void **state)
{
    static const char *const modes[] = {"DELETE", "TRUNCATE", "PERSIST", "MEMORY", "WAL"};

    (void)state;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct asking asking;
        char sql[100];

        asking_begin(&asking, path);
        snprintf(sql, sizeof sql, "PRAGMA journal_mode = %s", modes[i]);
        run_sql(asking.db, sql);
        run_sql(asking.db, "UPDATE few SET author_id = 1 WHERE id = 1");
        snprintf(sql, sizeof sql, "SELECT id AS by_%s FROM post WHERE author_id = 7", modes[i]);
        read_sql(asking.db, sql);
        if (!judge_unseen(&asking, AUTHOR)) fail_msg("silent: %s", modes[i]);
        run_sql(asking.db, "PRAGMA journal_mode = DELETE");
        asking_end(&asking);
    }
}

/* Until it commits, which it can do at once. */
static void what_is_being_written_is_not_measured(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        bool logged = i >= 2;
        struct asking asking;

        asking_begin(&asking, path);
        assert_int_equal(sqlite3_busy_timeout(asking.db, 0), SQLITE_OK);
        /* With few pages in memory, changed ones are written before the end of the transaction. */
        run_sql(asking.db, logged ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = DELETE");
        run_sql(asking.db, "PRAGMA cache_size = 10");
        run_sql(asking.db, i % 2 ? "BEGIN EXCLUSIVE" : "BEGIN IMMEDIATE");
        run_sql(asking.db, "UPDATE post SET body = body || 'x' WHERE author_id < 100");
        read_sql(asking.db, "SELECT body FROM post WHERE author_id = 7");
        judge_unseen(&asking, logged ? AUTHOR : BUSY);
        run_sql(asking.db, i % 2 ? "ROLLBACK" : "COMMIT");
        assert_proof(&asking, 5, AUTHOR);
        run_sql(asking.db, "PRAGMA journal_mode = DELETE");
        asking_end(&asking);
    }
}

static void the_application_sees_nothing_of_it(void **state)
{
    struct asking asking;
    sqlite3 *other = open_database(path);
    int64_t version = number_of(other, "PRAGMA data_version");

    (void)state;
    asking_begin(&asking, path);
    read_sql(asking.db, "SELECT max(body) FROM post WHERE author_id = 7");
    run_sql(asking.db, "INSERT INTO few VALUES (1000, 1); DELETE FROM few WHERE id = 1000");
    version = number_of(other, "PRAGMA data_version");
    assert_int_equal(sqlite3_exec(asking.db, "INSERT INTO few VALUES (1, 1)", NULL, NULL, NULL),
                     SQLITE_CONSTRAINT);
    assert_non_null(judge_unseen(&asking, "cannot be repeated"));
    assert_int_equal(number_of(other, "PRAGMA data_version"), version);
    assert_int_equal(number_of(other, "SELECT count(*) FROM sqlite_schema"), 4);
    run_sql(other, "BEGIN EXCLUSIVE; ROLLBACK");
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    asking_end(&asking);
}

struct provers {
    const struct asking *asking;
    atomic_bool made; /* at least one */
    atomic_bool enough;
};

static void *keep_proving(void *cls)
{
    struct provers *provers = cls;

    while (!atomic_load(&provers->enough)) {
        char *proof = asking_prove(provers->asking, 1);

        if (strcmp(proof, BUSY) != 0 && !strstr(proof, AUTHOR)) fail_msg("%s", proof);
        free(proof);
        atomic_store(&provers->made, true);
    }
    return NULL;
}

/* It does not wait for locks at all, and there are none of ours. */
static void the_application_is_never_told_to_wait(void **state)
{
    struct asking asking;
    struct provers provers = {.asking = &asking};
    pthread_t thread;

    (void)state;
    asking_begin(&asking, path);
    run_sql(asking.db, "SELECT min(body) FROM post WHERE author_id = 7");
    assert_non_null(judge_unseen(&asking, AUTHOR));
    run_sql(asking.db, "PRAGMA synchronous = off");
    assert_int_equal(sqlite3_busy_timeout(asking.db, 0), SQLITE_OK);
    atomic_init(&provers.made, false);
    atomic_init(&provers.enough, false);
    assert_int_equal(pthread_create(&thread, NULL, keep_proving, &provers), 0);
    for (unsigned i = 0; i < 200 || !atomic_load(&provers.made); i++) {
        run_sql(asking.db, "UPDATE few SET author_id = author_id + 1 WHERE id = 2");
    }
    atomic_store(&provers.enough, true);
    pthread_join(thread, NULL);
    asking_end(&asking);
}

static void length_of(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int(context, sqlite3_value_bytes(values[0]));
}

static int by_length(void *cls, int left_bytes, const void *left, int right_bytes,
                     const void *right)
{
    (void)cls, (void)left, (void)right;
    return left_bytes - right_bytes;
}

static void create_odd_schema(sqlite3 *db)
{
    run_sql(db, "CREATE TABLE worded (id INTEGER PRIMARY KEY, word TEXT COLLATE odd,"
                "  number INTEGER, other TEXT COLLATE odd, twice INTEGER AS (number * 2));"
                "CREATE INDEX worded_word ON worded (word, number);"
                "INSERT INTO worded SELECT id, title, id, title FROM post;"
                "CREATE VIRTUAL TABLE words USING fts5 (word);"
                "INSERT INTO words SELECT title FROM post;"
                "CREATE TRIGGER sizes AFTER UPDATE ON post BEGIN"
                "  UPDATE few SET author_id = size_of(new.title) WHERE id = 1; END;"
                "CREATE VIEW seen AS SELECT * FROM worded;"
                "CREATE TABLE keyed (id PRIMARY KEY, number INTEGER) WITHOUT ROWID;"
                "INSERT INTO keyed SELECT id, id FROM post;"
                "CREATE TABLE beside.note AS SELECT id, id AS number FROM post");
}

/* In a schema full of what only the application knows. */
static void what_only_the_application_knows_is_left_out(void **state)
{
    static const struct {
        const char *sql;
        const char *fix;
        const char *proof;
    } rows[] = {
        {"SELECT id FROM post WHERE author_id = 7 AND size_of(title) > 0", "",
         "no such function: size_of"},
        {"SELECT id FROM worded WHERE word = 'abc'", "", "no such collation sequence: odd"},
        {"SELECT id FROM worded WHERE other = 'abc'", "", "no such collation sequence: odd"},
        {"SELECT id FROM worded WHERE number = 7",
         "CREATE INDEX worded_number_idx ON worded(number);", "worded_number_idx"},
        {"SELECT rowid FROM words WHERE word = 'abc'", "", "No index was found"},
        {"SELECT id FROM beside.note WHERE number = 7", "", "no such table: beside.note"},
        {"SELECT id FROM note WHERE number = 7", "", "no such table: note"},
        {"SELECT id FROM hidden WHERE number = 7", "", "no such table: hidden"},
        {"SELECT id FROM keyed WHERE number = 7", "",
         "CREATE INDEX keyed_number_idx ON keyed(number);"},
        {"SELECT id FROM worded WHERE twice = 14", "",
         "CREATE INDEX worded_twice_idx ON worded(twice);"},
        {"SELECT id FROM seen WHERE number = 8",
         "CREATE INDEX worded_number_idx ON worded(number);", "no such collation sequence: odd"},
    };
    char beside[4096], sql[4200], *file = strdup(scratch_path("odd.sqlite"));

    (void)state;
    assert_non_null(file);
    snprintf(beside, sizeof beside, "%s", scratch_path("beside.sqlite"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct toolbar__advice *advice;
        struct asking asking;

        if (i == 0) create_posts(file);
        asking_begin(&asking, file);
        sqlite3_create_function(asking.db, "size_of", 1, SQLITE_UTF8, NULL, length_of, NULL, NULL);
        sqlite3_create_collation(asking.db, "odd", SQLITE_UTF8, NULL, by_length);
        toolbar__current_set(NULL);
        snprintf(sql, sizeof sql, "ATTACH '%s' AS beside", beside);
        run_sql(asking.db, sql);
        if (i == 0) create_odd_schema(asking.db);
        run_sql(asking.db, "CREATE TEMP TABLE hidden AS SELECT id, id AS number FROM main.post");
        toolbar__current_set(&asking.shown.request);
        read_sql(asking.db, rows[i].sql);
        advice = judge_unseen(&asking, rows[i].proof);
        assert_string_equal(advice ? advice->fix : "", rows[i].fix);
        asking_end(&asking);
    }
    free(file);
}

static void names_are_quoted_where_they_must_be(void **state)
{
    static const struct {
        const char *table;
        const char *column;
        const char *fix;
    } rows[] = {
        {"ta\"\"b'le; DROP TABLE x", "a b",
         "CREATE INDEX \"ta\"\"b'le; DROP TABLE x_a b_idx\" ON \"ta\"\"b'le; DROP TABLE x\""
         "(\"a b\");"},
        {"order", "group", "CREATE INDEX order_group_idx ON \"order\"(\"group\");"},
        {"x", "y=? AND z", "CREATE INDEX \"x_y=? AND z_idx\" ON x(\"y=? AND z\");"},
        {"rowids", "\xc3\xa4 (INDEX toolbar_candidate_00)",
         "CREATE INDEX \"rowids_\xc3\xa4 (INDEX toolbar_candidate_00)_idx\" ON rowids"
         "(\"\xc3\xa4 (INDEX toolbar_candidate_00)\");"},
        {"taken", "a", "CREATE INDEX taken_a_idx2 ON taken(a);"},
    };
    char file[4096];

    (void)state;
    snprintf(file, sizeof file, "%s", scratch_path("odd ?mode=rwc#%41'\".sqlite"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct toolbar__advice *advice;
        struct asking asking;
        char sql[500], fix[500];

        unlink(file);
        asking_begin(&asking, file);
        toolbar__current_set(NULL);
        snprintf(sql, sizeof sql,
                 "CREATE TABLE \"%s\" (id INTEGER PRIMARY KEY, \"%s\");"
                 "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
                 "  INSERT INTO \"%s\" SELECT i, i / 3 FROM n; CREATE TABLE taken_a_idx (a)",
                 rows[i].table, rows[i].column, rows[i].table);
        run_sql(asking.db, sql);
        toolbar__current_set(&asking.shown.request);
        snprintf(sql, sizeof sql, "SELECT id FROM \"%s\" WHERE \"%s\" = 7", rows[i].table,
                 rows[i].column);
        read_sql(asking.db, sql);
        advice = judge_unseen(&asking, "\"gain\":");
        assert_non_null(advice);
        assert_string_equal(advice->fix, rows[i].fix);
        snprintf(fix, sizeof fix, "%s", advice->fix);
        run_sql(asking.db, fix);
        asking_end(&asking);
        assert_advice(file, sql, "");
    }
    unlink(file);
}

static void what_is_not_in_a_file_is_left_alone(void **state)
{
    static const char rows[] = "CREATE TABLE t (id INTEGER PRIMARY KEY, a);"
                               "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                               "  WHERE i < 3000) INSERT INTO t SELECT i, i FROM n";
    char file[4096];
    struct asking asking;

    (void)state;
    asking_begin(&asking, ":memory:");
    run_sql(asking.db, rows);
    read_sql(asking.db, "SELECT id FROM t WHERE a = 7");
    assert_null(judge_unseen(&asking, "{\"error\":\"The plan is unavailable: the database is not"));
    asking_end(&asking);

    snprintf(file, sizeof file, "%s", scratch_path("gone.sqlite"));
    asking_begin(&asking, file);
    run_sql(asking.db, rows);
    read_sql(asking.db, "SELECT id FROM t WHERE a = 7");
    unlink(file);
    assert_null(judge_unseen(&asking, "{\"error\":"));
    assert_int_not_equal(access(file, F_OK), 0);
    asking_end(&asking);
}

static void an_index_that_is_there_is_enough(void **state)
{
    static const struct {
        const char *index;
        const char *sql;
        const char *fix;
    } rows[] = {
        {"post (author_id, created)", "SELECT title FROM post WHERE author_id = 7", ""},
        {"post (author_id)", "SELECT title FROM post WHERE author_id = 7 AND body = 'x'", ""},
        {"post (author_id) WHERE created > 5", "SELECT title FROM post WHERE author_id = 7",
         AUTHOR},
        {"post (author_id + 1)", "SELECT title FROM post WHERE author_id = 7", AUTHOR},
        {"post (created, author_id)", "SELECT title FROM post WHERE author_id = 7", AUTHOR},
        {"comment (txt COLLATE BINARY)", "SELECT id FROM comment WHERE txt = 'x'",
         "CREATE INDEX comment_txt_idx ON comment(txt);"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sqlite3 *db = open_database(path);
        struct asking asking;
        char sql[200];

        snprintf(sql, sizeof sql, "CREATE INDEX given ON %s", rows[i].index);
        run_sql(db, sql);
        assert_advice(path, rows[i].sql, rows[i].fix);
        if (i == 0) {
            asking_begin(&asking, path);
            read_sql(asking.db, rows[i].sql);
            judge_unseen(&asking, "{\"error\":\"No index was found");
            asking_end(&asking);
        }
        run_sql(db, "DROP INDEX given");
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
    }
}

/* What is not known yet is looked for in a few statements only; the rest waits. */
static void a_request_pays_for_a_few(void **state)
{
    static const char *const columns[] = {"id", "title", "body", "status", "created", "quarter"};
    const struct toolbar__query *query;
    struct toolbar__proposal proposal;
    struct asking asking;
    unsigned budget = 0, advices[3] = {0};

    (void)state;
    for (unsigned n = 0; n < 3; n++) {
        asking_begin(&asking, path);
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
            char sql[100];

            snprintf(sql, sizeof sql, "SELECT %s AS some FROM post WHERE author_id = 7",
                     columns[i]);
            read_sql(asking.db, sql);
        }
        run_sql(asking.db, "UPDATE post SET body = 'y' WHERE id = 3");
        asking_judge(&asking);
        for (const struct toolbar__advice *advice = asking.shown.request.recording->advices.first;
             advice; advice = advice->next) {
            if (strcmp(advice->rule, "missing_index") != 0) continue;
            advices[n]++;
            assert_non_null(strstr(advice->evidence, "writes to post"));
        }
        query = asking.shown.request.recording->queries;
        if (n == 2) {
            const struct toolbar__connection *connection = query->statement->group->owner;

            assert_true(connection->plans->propose(connection->file, query, &budget, &proposal));
            toolbar__proposal_free(&proposal);
        }
        asking_end(&asking);
    }
    assert_int_equal(advices[0], 4);
    assert_int_equal(advices[1], 6);
    assert_int_equal(advices[2], 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_journal_is_read),
        cmocka_unit_test(what_is_being_written_is_not_measured),
        cmocka_unit_test(the_application_sees_nothing_of_it),
        cmocka_unit_test(the_application_is_never_told_to_wait),
        cmocka_unit_test(what_only_the_application_knows_is_left_out),
        cmocka_unit_test(names_are_quoted_where_they_must_be),
        cmocka_unit_test(what_is_not_in_a_file_is_left_alone),
        cmocka_unit_test(an_index_that_is_there_is_enough),
        cmocka_unit_test(a_request_pays_for_a_few),
    };

    snprintf(path, sizeof path, "%s", scratch_path("posts.sqlite"));
    create_posts(path);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
