/* Missing indexes: what is proposed from a request's figures, and what is proved on a copy. */
#include "test_sqlite_index.h"

static const char *path;

#define AUTHOR "CREATE INDEX post_author_id_idx ON post(author_id);"
#define TITLE "CREATE INDEX post_title_idx ON post(title);"
#define NOT_TWICE "{\"error\":\"No index makes it twice as fast"
#define NOT_FOUND "{\"error\":\"No index was found"

/* `fix` is what a request says by itself, "" if it is silent; `proof` is in what is proved. */
static const struct {
    const char *sql;
    const char *fix;
    const char *proof;
} rows[] = {
    {"SELECT id FROM post WHERE author_id = 7", AUTHOR, "\"create\":\"" AUTHOR "\""},
    {"SELECT id FROM post WHERE 7 = author_id", AUTHOR, "\"create\":\"" AUTHOR "\""},
    {"SELECT * FROM post AS \"my p\" WHERE \"my p\".author_id = 7 AND lower(title) > 'a'", AUTHOR,
     "SEARCH my p USING INDEX post_author_id_idx (author_id=?)"},
    {"SELECT id FROM post WHERE author_id = 7 ORDER BY created DESC LIMIT 10",
     "CREATE INDEX post_author_id_created_idx ON post(author_id, created DESC);",
     "CREATE INDEX post_author_id_created_idx ON post(author_id, created DESC);"},
    {"SELECT p.id, c.id FROM post p JOIN comment c ON c.post_id = p.id WHERE p.author_id = 7",
     AUTHOR "\nCREATE INDEX comment_post_id_idx ON comment(post_id);",
     AUTHOR "\\nCREATE INDEX comment_post_id_idx ON comment(post_id);"},
    {"SELECT id FROM comment WHERE txt = 'TEXT 77'",
     "CREATE INDEX comment_txt_idx ON comment(txt);",
     "CREATE INDEX comment_txt_idx ON comment(txt);"},
    {"SELECT id FROM post WHERE title = 'TITLE 77' COLLATE NOCASE",
     "CREATE INDEX post_title_idx ON post(title COLLATE NOCASE);",
     "CREATE INDEX post_title_idx ON post(title COLLATE NOCASE);"},
    {"SELECT id FROM post WHERE author_id = 7 OR title = 'title 5'", AUTHOR "\n" TITLE,
     AUTHOR "\\n" TITLE},
    {"SELECT name FROM author a WHERE a.id < 3 AND NOT EXISTS"
     " (SELECT 1 FROM post WHERE author_id = a.id AND status = 'draft')",
     "CREATE INDEX post_author_id_status_idx ON post(author_id, status);",
     "CREATE INDEX post_author_id_status_idx ON post(author_id, status);"},
    {"SELECT id FROM post WHERE author_id = 7 AND status = 'live' ORDER BY created",
     "CREATE INDEX post_author_id_status_created_idx ON post(author_id, status, created);",
     "CREATE INDEX post_author_id_status_created_idx ON post(author_id, status, created);"},
    {"UPDATE post SET title = title WHERE author_id = 7 AND created < 100",
     "CREATE INDEX post_author_id_created_idx ON post(author_id, created);",
     "CREATE INDEX post_author_id_created_idx ON post(author_id, created);"},
    {"DELETE FROM post WHERE author_id = 700", AUTHOR, AUTHOR},
    {"SELECT count(*) FROM post WHERE author_id IN (1, 2, 3)", AUTHOR, AUTHOR},
    {"SELECT count(*) FROM post WHERE author_id IS 7", AUTHOR, AUTHOR},
    {"SELECT max(body) FROM post WHERE author_id = 7",
     "CREATE INDEX post_author_id_body_idx ON post(author_id, body DESC);",
     "CREATE INDEX post_author_id_body_idx ON post(author_id, body"},
    {"SELECT id FROM post WHERE created > 86000", "CREATE INDEX post_created_idx ON post(created);",
     "CREATE INDEX post_created_idx ON post(created);"},
    {"SELECT count(*) FROM post WHERE created BETWEEN 500 AND 1e3",
     "CREATE INDEX post_created_idx ON post(created);",
     "CREATE INDEX post_created_idx ON post(created);"},
    {"SELECT id FROM comment WHERE txt >= 'TEXT 3999' AND txt < 'text 4'",
     "CREATE INDEX comment_txt_idx ON comment(txt);",
     "CREATE INDEX comment_txt_idx ON comment(txt);"},
    {"SELECT count(*) FROM post WHERE created > 86400 - 100", "",
     "CREATE INDEX post_created_idx ON post(created);"},
    {"SELECT count(*) FROM post WHERE created > 60000", "",
     "CREATE INDEX post_created_idx ON post(created);"},
    /* Only a measurement can tell. */
    {"SELECT count(*) FROM post WHERE status = 'draft'", "",
     "CREATE INDEX post_status_idx ON post(status);"},
    {"SELECT id FROM post WHERE status = 'live' ORDER BY title LIMIT 5", "",
     "CREATE INDEX post_status_title_idx ON post(status, title);"},
    {"SELECT count(*) FROM post WHERE author_id IN (SELECT id FROM few)", "", AUTHOR},
    {"SELECT count(*) FROM post WHERE status = 'live'", "", NOT_TWICE},
    {"SELECT count(*) FROM post WHERE created >= 0 AND lower(title) = 'x'", "", NOT_TWICE},
    {"SELECT author_id, count(*) FROM post GROUP BY author_id", "", NOT_TWICE},
    /* Nothing to be gained. */
    {"SELECT *, length(body) FROM post WHERE status = 'live' ORDER BY title", "", NOT_TWICE},
    {"SELECT * FROM post", "", NOT_FOUND},
    {"SELECT count(*) FROM post", "", NOT_FOUND},
    {"SELECT id FROM post WHERE title LIKE '%77'", "", NOT_FOUND},
    {"SELECT id FROM post WHERE lower(title) = 'x'", "", NOT_FOUND},
    {"SELECT id FROM post WHERE author_id + 1 = 7", "", NOT_FOUND},
    {"SELECT title FROM post WHERE id = 77", "", NOT_FOUND},
    {"SELECT title FROM post WHERE id > 77 AND lower(title) = 'x'", "", NOT_FOUND},
    {"SELECT a.id FROM few a, few b WHERE a.author_id = b.author_id AND a.id + b.id = 9", "",
     NOT_FOUND},
    {"SELECT id FROM post WHERE author_id = 1 AND title = 'x' AND body = 'y' AND status = 'z'"
     " AND created = 5",
     "", NOT_FOUND},
};

static void what_is_missing_is_proposed(void **state)
{
    const unsigned count = sizeof rows / sizeof *rows;
    unsigned found = 0;

    (void)state;
    for (unsigned i = 0; i < count; i++) {
        assert_advice(path, rows[i].sql, rows[i].fix);
        if (*rows[i].fix) found++;
    }
    print_scenarios("missing_index", found, count - found);
}

static void what_is_proposed_is_proved(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asking asking;

        asking_begin(&asking, path);
        read_sql(asking.db, rows[i].sql);
        shown_finish(&asking.shown);
        assert_proof(&asking, 1, rows[i].proof);
        asking_end(&asking);
    }
}

static void read_bound(sqlite3 *db, const char *sql, const char *value)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);

    assert_int_equal(sqlite3_bind_text(statement, 1, value, -1, SQLITE_TRANSIENT), SQLITE_OK);
    read_all(statement);
    sqlite3_finalize(statement);
}

/* What was measured stands in the next request's evidence, and what was disproved is not said. */
static void what_was_proved_is_remembered(void **state)
{
    static const char quarter[] = "SELECT sum(length(title) + length(body) + created + author_id),"
                                  " max(title) FROM post WHERE quarter = 0";
    const struct toolbar__advice *advice;
    struct asking asking;

    (void)state;
    asking_begin(&asking, path);
    read_sql(asking.db, "SELECT body FROM post WHERE title = 'title 62'");
    read_sql(asking.db, quarter);
    advice = asking_judge(&asking);
    assert_non_null(advice);
    assert_null(strstr(advice->evidence, "Tried on a copy"));
    assert_non_null(strstr(advice->evidence, "19999 rows were read one after another for 1 in"));
    assert_non_null(strstr(advice->evidence, "SEARCH post USING INDEX post_title_idx (title=?)"));
    assert_proof(&asking, 1, TITLE);
    assert_proof(&asking, 2, NOT_TWICE);
    asking_end(&asking);

    asking_begin(&asking, path);
    read_bound(asking.db, "SELECT body FROM post WHERE title = ?", "title 93");
    advice = asking_judge(&asking);
    assert_non_null(advice);
    assert_non_null(strstr(advice->evidence, "Tried on a copy of your data: "));
    asking_end(&asking);
    assert_advice(path, quarter, "");
}

/* How much a range has in it is only known with its ends. */
static void ranges_are_judged_by_their_ends(void **state)
{
    static const struct {
        const char *sql;
        int value;
        bool hidden;
        bool found;
    } rows_of[] = {
        {"SELECT sum(author_id) FROM post WHERE created > ?", 86000, false, true},
        {"SELECT sum(author_id) FROM post WHERE ?1 > created", 86000, false, false},
        {"SELECT sum(author_id) AS s FROM post WHERE created > ?", 86000, true, false},
        {"SELECT sum(author_id) AS t FROM post WHERE created > :token", 86000, false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows_of / sizeof *rows_of; i++) {
        struct asking asking;

        asking_begin(&asking, path);
        asking.shown.request.recording->hide_values = rows_of[i].hidden;
        read_each(asking.db, rows_of[i].sql, rows_of[i].value, rows_of[i].value);
        if ((asking_judge(&asking) != NULL) != rows_of[i].found) fail_msg("%s", rows_of[i].sql);
        asking_end(&asking);
    }
}

/* Only what the application took is taken. */
static void early_ends_are_repeated(void **state)
{
    struct asking asking;
    sqlite3_stmt *statement;

    (void)state;
    asking_begin(&asking, path);
    statement = prepare_sql(asking.db, "SELECT title FROM post WHERE author_id = 420");
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    sqlite3_finalize(statement);
    assert_null(asking_judge(&asking));
    assert_proof(&asking, 1, NOT_TWICE);
    asking_end(&asking);
}

/* Nothing else is run in the place of what was. */
static void what_is_not_whole_is_not_repeated(void **state)
{
    static const char masked[] = "{\"error\":\"Its values were masked";
    char long_value[400];
    struct asking asking;

    (void)state;
    memset(long_value, 'x', sizeof long_value);
    long_value[sizeof long_value - 1] = '\0';
    asking_begin(&asking, path);
    read_bound(asking.db, "SELECT id FROM post WHERE title = ?", long_value);
    read_bound(asking.db, "SELECT id FROM post WHERE title = :password", "title 31");
    read_sql(asking.db, "SELECT id, 'x' AS password FROM post WHERE title = 'title 31'");
    read_sql(asking.db, "PRAGMA user_version");
    shown_finish(&asking.shown);
    assert_proof(&asking, 1, masked);
    assert_proof(&asking, 2, masked);
    assert_proof(&asking, 3, TITLE);
    assert_proof(&asking, 4, "{\"error\":\"Statements of this kind have no plan.\"}");
    asking_end(&asking);

    asking_begin(&asking, path);
    asking.shown.request.recording->hide_values = true;
    read_sql(asking.db, "SELECT id FROM post WHERE title = 'title 31'");
    assert_non_null(asking_judge(&asking));
    assert_proof(&asking, 1, masked);
    asking_end(&asking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_is_proposed),
        cmocka_unit_test(what_is_proposed_is_proved),
        cmocka_unit_test(what_was_proved_is_remembered),
        cmocka_unit_test(ranges_are_judged_by_their_ends),
        cmocka_unit_test(early_ends_are_repeated),
        cmocka_unit_test(what_is_not_whole_is_not_repeated),
    };

    path = scratch_path("posts.sqlite");
    create_posts(path);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
