/* The advisor on values that were read, computed by the application and written back. */
#include "test_sqlite_advice.h"

#include <pthread.h>

#define AGES "SELECT id, age, name FROM author WHERE id <= 8"
#define SET_AGE "UPDATE author SET age = ? WHERE id = ?"

struct row {
    int id;
    int age;
};

static int read_ages(sqlite3 *db, const char *sql, struct row *rows)
{
    sqlite3_stmt *list = prepare_sql(db, sql);
    int count = 0;

    while (sqlite3_step(list) == SQLITE_ROW) {
        rows[count].id = sqlite3_column_int(list, 0);
        rows[count++].age = sqlite3_column_int(list, 1);
        (void)sqlite3_column_text(list, 2);
    }
    sqlite3_finalize(list);
    return count;
}

static void write_age(sqlite3 *db, const char *sql, int id, int age)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);

    sqlite3_bind_int(statement, 1, age);
    sqlite3_bind_int(statement, 2, id);
    assert_int_equal(step_all(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

static void write_ages(sqlite3 *db, const char *sql, const struct row *rows, int count, int more)
{
    for (int i = 0; i < count; i++) {
        write_age(db, sql, rows[i].id, rows[i].age + more);
    }
}

static void list_first(sqlite3 *db)
{
    struct row rows[40];

    write_ages(db, SET_AGE, rows, read_ages(db, AGES, rows), 1);
}

static void in_transaction(sqlite3 *db)
{
    run_sql(db, "BEGIN");
    list_first(db);
    run_sql(db, "COMMIT");
}

static void among_others(sqlite3 *db)
{
    struct row rows[40];

    write_ages(db, "UPDATE author SET name = name || 'x', age = ?1 WHERE id = ?2 AND code <> ''",
               rows, read_ages(db, AGES, rows), 1);
    write_ages(db, "UPDATE \"Author\" SET name = 'x' || name, [Age] = ?1 WHERE id = ?2", rows,
               read_ages(db, AGES " OR id < 3", rows), 1);
}

/* While the rows are being read, so that it is no matter how many there are. */
static void nested(sqlite3 *db)
{
    sqlite3_stmt *list = prepare_sql(db, "SELECT id, age, name FROM author");

    for (int i = 0; i < 4 && sqlite3_step(list) == SQLITE_ROW; i++) {
        (void)sqlite3_column_text(list, 2);
        write_age(db, SET_AGE, sqlite3_column_int(list, 0), sqlite3_column_int(list, 1) * 2);
    }
    sqlite3_finalize(list);
}

static void by_literals(sqlite3 *db)
{
    struct row rows[40];
    int count = read_ages(db, AGES, rows);

    for (int i = 0; i < count; i++) {
        char sql[100];

        snprintf(sql, sizeof sql, "UPDATE author SET age = %d WHERE id = %d", rows[i].age + 1,
                 rows[i].id);
        run_sql(db, sql);
    }
}

static void by_text_keys(sqlite3 *db)
{
    sqlite3_stmt *list = prepare_sql(db, "SELECT code, label FROM tag WHERE rowid < 6");
    sqlite3_stmt *update = prepare_sql(db, "UPDATE tag SET label = :label WHERE code = :code");

    while (sqlite3_step(list) == SQLITE_ROW) {
        char label[100];

        snprintf(label, sizeof label, "%s!", (const char *)sqlite3_column_text(list, 1));
        sqlite3_bind_text(update, 1, label, -1, SQLITE_TRANSIENT);
        sqlite3_bind_text(update, 2, (const char *)sqlite3_column_text(list, 0), -1,
                          SQLITE_TRANSIENT);
        assert_int_equal(step_all(update), SQLITE_DONE);
        sqlite3_reset(update);
    }
    sqlite3_finalize(list);
    sqlite3_finalize(update);
}

static void one_by_one(sqlite3 *db)
{
    for (int id = 11; id < 15; id++) {
        sqlite3_stmt *statement = prepare_sql(db, "SELECT age FROM author WHERE id = ?");

        sqlite3_bind_int(statement, 1, id);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        write_age(db, SET_AGE, id, sqlite3_column_int(statement, 0) + 10);
        sqlite3_finalize(statement);
    }
}

static int grow_older(void *db, int count, char **values, char **names)
{
    (void)count, (void)names;
    write_age(db, SET_AGE, (int)strtol(values[0], NULL, 10), (int)strtol(values[1], NULL, 10) + 1);
    return 0;
}

static void by_callback(sqlite3 *db)
{
    assert_int_equal(sqlite3_exec(db, AGES, grow_older, db, NULL), SQLITE_OK);
}

struct work {
    sqlite3 *db;
    struct toolbar_request *request;
    struct row rows[40];
    int count;
};

static void *write_in_thread(void *cls)
{
    struct work *work = cls;

    toolbar__current_set(work->request);
    write_ages(work->db, SET_AGE, work->rows, work->count, 1);
    toolbar__current_set(NULL);
    return NULL;
}

static void by_two_threads(sqlite3 *db)
{
    struct work work = {.db = db, .request = toolbar__current};
    pthread_t thread;

    work.count = read_ages(db, AGES, work.rows);
    assert_int_equal(pthread_create(&thread, NULL, write_in_thread, &work), 0);
    pthread_join(thread, NULL);
}

static void computed_by_update(sqlite3 *db)
{
    struct row rows[40];

    write_ages(db, "UPDATE author SET age = age + ?1 - ?1 + 1 WHERE id = ?2", rows,
               read_ages(db, AGES, rows), 1);
}

static void same_for_all(sqlite3 *db)
{
    struct row rows[40];
    int count = read_ages(db, AGES, rows);

    for (int i = 0; i < count; i++) {
        write_age(db, SET_AGE, rows[i].id, 18);
    }
}

static void other_column(sqlite3 *db)
{
    struct row rows[40];

    write_ages(db, "UPDATE author SET code = ? WHERE id = ?", rows, read_ages(db, AGES, rows), 1);
}

static void other_table(sqlite3 *db)
{
    struct row rows[40];

    unseen(db, "CREATE TABLE copy (id INTEGER PRIMARY KEY, age); INSERT INTO copy SELECT id, 0"
               "  FROM author");
    write_ages(db, "UPDATE copy SET age = ? WHERE id = ?", rows, read_ages(db, AGES, rows), 1);
}

static void two_only(sqlite3 *db)
{
    struct row rows[40];

    read_ages(db, AGES, rows);
    write_ages(db, SET_AGE, rows, 2, 1);
}

static void nothing_read(sqlite3 *db)
{
    static const struct row rows[] = {{3, 1}, {5, 2}, {6, 7}, {9, 1}};

    write_ages(db, SET_AGE, rows, 4, 0);
}

/* What a form sent, for rows that are among those of a long list. */
static void few_of_a_list(sqlite3 *db)
{
    static const struct row sent[] = {{3, 1}, {5, 2}, {6, 7}, {9, 1}};
    struct row rows[40];

    read_ages(db, "SELECT id, age, name FROM author", rows);
    write_ages(db, SET_AGE, sent, 4, 0);
}

static void at_once(sqlite3 *db)
{
    struct row rows[40];

    read_ages(db, AGES, rows);
    run_sql(db, "UPDATE author SET age = age + 1 WHERE id <= 8");
}

static void read_afterwards(sqlite3 *db)
{
    struct row rows[40];

    nothing_read(db);
    read_ages(db, AGES, rows);
}

static void silenced(sqlite3 *db)
{
    struct row rows[40];

    write_ages(db, SET_AGE " -- toolbar:ignore read_modify_write", rows, read_ages(db, AGES, rows),
               1);
}

static void read_modify_write(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(list_first, "read_modify_write "),
        MUST(in_transaction, "read_modify_write "),
        MUST(among_others, "read_modify_write read_modify_write "),
        MUST(nested, "read_modify_write "),
        MUST(by_literals, "read_modify_write "),
        MUST(by_text_keys, "read_modify_write "),
        MUST(one_by_one, "read_modify_write "),
        MUST(by_callback, "read_modify_write "),
        MUST(by_two_threads, "read_modify_write "),
        MUST(computed_by_update, "bulk_write "),
        MUST(same_for_all, "bulk_write "),
        MUST(other_column, "bulk_write "),
        MUST(other_table, "bulk_write "),
        MUST(nothing_read, "bulk_write "),
        MUST(few_of_a_list, "bulk_write "),
        MUST(read_afterwards, "bulk_write "),
        SILENT(two_only),
        SILENT(at_once),
        SILENT(silenced),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_modify_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
