/* The advisor on what was asked again after something else had happened. */
#include "test_sqlite_advice.h"

static void twice_around(sqlite3 *db, const char *sql, const char *between)
{
    read_sql(db, sql);
    run_sql(db, between);
    read_sql(db, sql);
}

static void other_table_written(sqlite3 *db)
{
    twice_around(db, LIST, "UPDATE author SET age = 1 WHERE id = 3");
}

static void other_table_of_join_written(sqlite3 *db)
{
    twice_around(db, "SELECT p.title, a.name FROM post p JOIN author AS a ON a.id = p.author_id",
                 "INSERT INTO log SELECT title FROM post WHERE id = 1");
}

static void transaction_between(sqlite3 *db)
{
    twice_around(db, LIST, "BEGIN IMMEDIATE; COMMIT");
}

static void read_between(sqlite3 *db)
{
    twice_around(db, "SELECT name FROM author WHERE id = 4", "SELECT age FROM author WHERE id = 4");
}

static void quoted_table_written(sqlite3 *db)
{
    twice_around(db, "SELECT \"id\", [title] FROM \"post\"", "DELETE FROM main.`author`");
}

static void date_of_a_column(sqlite3 *db)
{
    unseen(db, "CREATE TABLE event (date, changes); INSERT INTO event VALUES ('2020-01-01', 2)");
    twice_around(db, "SELECT date, changes, date(date, '+1 day') FROM event", "SELECT 1");
}

static void same_table_written(sqlite3 *db)
{
    twice_around(db, LIST, "UPDATE [Post] SET title = title WHERE id = 1");
}

static void joined_table_written(sqlite3 *db)
{
    twice_around(db, "SELECT p.title, a.name FROM post p JOIN author AS a ON a.id = p.author_id",
                 "REPLACE INTO author (id, name) VALUES (2, 'other')");
}

static void subquery_table_written(sqlite3 *db)
{
    twice_around(db, "SELECT title FROM post WHERE author_id IN (SELECT id FROM author)",
                 "DELETE FROM author WHERE id = 4");
}

static void in_table_written(sqlite3 *db)
{
    unseen(db, "CREATE TABLE chosen (id INTEGER PRIMARY KEY)");
    twice_around(db, "SELECT title FROM post WHERE author_id NOT IN chosen",
                 "INSERT INTO chosen VALUES (4)");
}

static void comma_table_written(sqlite3 *db)
{
    twice_around(db, "SELECT p.title FROM post AS p, author AS a WHERE a.id = p.author_id",
                 "DELETE FROM author WHERE id = 4");
}

/* The trigger of tag writes to log. */
static void trigger_wrote(sqlite3 *db)
{
    unseen(db, "INSERT INTO log VALUES (0)");
    twice_around(db, "SELECT what FROM log LIMIT 1", "INSERT INTO tag VALUES ('x', 'y')");
}

static void view_written_below(sqlite3 *db)
{
    unseen(db, "CREATE VIEW titles AS SELECT title FROM post");
    twice_around(db, "SELECT title FROM titles", "DELETE FROM post WHERE id = 1");
}

static void view_written(sqlite3 *db)
{
    unseen(db, "CREATE VIEW titles AS SELECT title FROM post;"
               "CREATE TRIGGER renamed INSTEAD OF UPDATE ON titles BEGIN"
               "  UPDATE post SET title = new.title; END");
    twice_around(db, LIST, "UPDATE titles SET title = 'new'");
}

static void cascade(sqlite3 *db)
{
    unseen(db, "PRAGMA foreign_keys = on; CREATE TABLE child (of REFERENCES author ON DELETE"
               "  CASCADE); INSERT INTO child VALUES (1), (2)");
    twice_around(db, "SELECT of FROM child", "DELETE FROM author WHERE id = 1");
}

static void rolled_back(sqlite3 *db)
{
    run_sql(db, "BEGIN; UPDATE post SET title = 'new'");
    twice_around(db, LIST, "ROLLBACK");
}

static void written_with(sqlite3 *db)
{
    twice_around(db, LIST,
                 "WITH n (i) AS (SELECT 3) DELETE FROM post WHERE id IN (SELECT i FROM n)");
}

static void altered(sqlite3 *db)
{
    twice_around(db, "SELECT * FROM post", "ALTER TABLE post ADD COLUMN more");
}

/* Somebody else does what it waits for. */
static void polled(sqlite3 *db)
{
    for (int i = 0; i < 5; i++) {
        read_sql(db, "SELECT age FROM author WHERE id = 5");
        if (i == 3) unseen(db, "UPDATE author SET age = 99 WHERE id = 5");
    }
}

static void polled_for_more(sqlite3 *db)
{
    read_sql(db, "SELECT what, 1 FROM log UNION ALL SELECT code, 0 FROM tag WHERE code = 'c7'");
    unseen(db, "INSERT INTO log VALUES (2)");
    read_sql(db, "SELECT what, 1 FROM log UNION ALL SELECT code, 0 FROM tag WHERE code = 'c7'");
}

static void dates_of_now(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT datetime(?)");

    twice_around(db, "SELECT date('now', '-1 day')", "SELECT time()");
    twice_around(db, "SELECT strftime('%s')", "SELECT time()");
    sqlite3_bind_text(statement, 1, "now", -1, SQLITE_STATIC);
    read_all(statement);
    read_all(statement);
    sqlite3_finalize(statement);
}

/* Different questions about one row. */
static void three_relations(sqlite3 *db)
{
    read_sql(db, "SELECT name FROM author WHERE id = 3");
    read_sql(db, "SELECT age FROM author WHERE id = 3");
    read_sql(db, "SELECT title FROM post WHERE author_id = 3");
    read_sql(db, "SELECT id FROM \"author\" WHERE id = 3");
    read_sql(db, "SELECT id FROM \"post\" WHERE id = 3");
}

static void repeated_query(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(other_table_written, "repeated_query "),
        MUST(other_table_of_join_written, "repeated_query "),
        MUST(transaction_between, "repeated_query "),
        MUST(read_between, "repeated_query "),
        MUST(quoted_table_written, "repeated_query "),
        MUST(date_of_a_column, "repeated_query "),
        SILENT(same_table_written),
        SILENT(joined_table_written),
        SILENT(subquery_table_written),
        SILENT(in_table_written),
        SILENT(comma_table_written),
        SILENT(trigger_wrote),
        SILENT(view_written_below),
        SILENT(view_written),
        SILENT(cascade),
        SILENT(rolled_back),
        SILENT(written_with),
        SILENT(altered),
        SILENT(polled),
        SILENT(polled_for_more),
        SILENT(dates_of_now),
        SILENT(three_relations),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeated_query),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
