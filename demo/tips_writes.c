/*
 * The tips about writing: 11 and 12. These functions are shown on their pages, which roll back
 * what they wrote.
 */
#include "tips.h"

static void print_jobs(struct result *result, int first)
{
    sqlite3_stmt *jobs =
        result_prepare(result, "SELECT title, salary FROM job WHERE id >= ?1 ORDER BY id LIMIT 12");
    sqlite3_bind_int(jobs, 1, first);
    while (sqlite3_step(jobs) == SQLITE_ROW)
        result_number(result, column_text(jobs, 0), sqlite3_column_int(jobs, 1));
    result_finish(result, jobs);
}

void tip_11_dont(struct result *result)
{
    sqlite3_stmt *raise =
        result_prepare(result, "UPDATE job SET salary = salary + 1000 WHERE id = ?1");
    for (int id = 1; id <= 12; id++) {
        sqlite3_bind_int(raise, 1, id);
        sqlite3_step(raise);
        sqlite3_reset(raise);
    }
    result_finish(result, raise);
    print_jobs(result, 1);
}

void tip_11_do(struct result *result)
{
    sqlite3_stmt *raise =
        result_prepare(result, "UPDATE job SET salary = salary + 1000 WHERE id BETWEEN 1 AND 12");
    sqlite3_step(raise);
    result_finish(result, raise);
    print_jobs(result, 1);
}

enum { NEW_JOBS = 6, FIRST_NEW_JOB = 33 };
static const struct {
    const char *title;
    int salary;
} new_jobs[NEW_JOBS] = {
    {"Cooper", 37000},  {"Fletcher", 33000}, {"Miller", 36000},
    {"Saddler", 34000}, {"Thatcher", 38000}, {"Wheelwright", 39000},
};

void tip_12_dont(struct result *result)
{
    for (int i = 0; i < NEW_JOBS; i++) {
        sqlite3_stmt *insert =
            result_prepare(result, "INSERT INTO job (title, salary) VALUES (?1, ?2)");
        sqlite3_bind_text(insert, 1, new_jobs[i].title, -1, SQLITE_STATIC);
        sqlite3_bind_int(insert, 2, new_jobs[i].salary);
        sqlite3_step(insert);
        result_finish(result, insert);
    }
    print_jobs(result, FIRST_NEW_JOB);
}

void tip_12_do(struct result *result)
{
    sqlite3_stmt *insert =
        result_prepare(result, "INSERT INTO job (title, salary) VALUES"
                               " (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?)");
    for (int i = 0; i < NEW_JOBS; i++) {
        sqlite3_bind_text(insert, 2 * i + 1, new_jobs[i].title, -1, SQLITE_STATIC);
        sqlite3_bind_int(insert, 2 * i + 2, new_jobs[i].salary);
    }
    sqlite3_step(insert);
    result_finish(result, insert);
    print_jobs(result, FIRST_NEW_JOB);
}
