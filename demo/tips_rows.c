/*
 * The tips about what a statement costs and what it hands over: 1, and 6 to 10. These functions
 * are shown on their pages.
 */
#include "tips.h"

void tip_1_dont(struct result *result)
{
    sqlite3_stmt *years = result_prepare(
        result, "SELECT five.year, (SELECT count(*) FROM person"
                "                   WHERE id <= 300 AND born / 5 * 5 = five.year)"
                " FROM (SELECT DISTINCT born / 5 * 5 AS year FROM person WHERE id <= 300) AS five"
                " ORDER BY five.year");
    while (sqlite3_step(years) == SQLITE_ROW)
        result_number(result, column_text(years, 0), sqlite3_column_int(years, 1));
    result_finish(result, years);
}

void tip_1_do(struct result *result)
{
    sqlite3_stmt *years =
        result_prepare(result, "SELECT born / 5 * 5 AS year, count(*) FROM person WHERE id <= 300"
                               " GROUP BY year ORDER BY year");
    while (sqlite3_step(years) == SQLITE_ROW)
        result_number(result, column_text(years, 0), sqlite3_column_int(years, 1));
    result_finish(result, years);
}

void tip_6_dont(struct result *result)
{
    char **table = NULL;
    int rows = 0;
    if (sqlite3_get_table(result->db, "SELECT name, born FROM person ORDER BY id LIMIT 1000",
                          &table, &rows, NULL, NULL) != SQLITE_OK)
        result->failed = true;
    for (int at = 2; at <= 2 * rows; at += 2)
        result_text(result, table[at], table[at + 1]);
    sqlite3_free_table(table);
}

void tip_6_do(struct result *result)
{
    sqlite3_stmt *people =
        result_prepare(result, "SELECT name, born FROM person ORDER BY id LIMIT 1000");
    while (sqlite3_step(people) == SQLITE_ROW)
        result_text(result, column_text(people, 0), column_text(people, 1));
    result_finish(result, people);
}

void tip_7_dont(struct result *result)
{
    sqlite3_stmt *people =
        result_prepare(result, "SELECT name, born FROM person WHERE id <= 100 ORDER BY id");
    while (sqlite3_step(people) == SQLITE_ROW) {
        int born = sqlite3_column_int(people, 1);
        if (born >= 1900) result_number(result, column_text(people, 0), born);
    }
    result_finish(result, people);
}

void tip_7_do(struct result *result)
{
    sqlite3_stmt *people = result_prepare(
        result, "SELECT name, born FROM person WHERE id <= 100 AND born >= 1900 ORDER BY id");
    while (sqlite3_step(people) == SQLITE_ROW)
        result_number(result, column_text(people, 0), sqlite3_column_int(people, 1));
    result_finish(result, people);
}

void tip_8_dont(struct result *result)
{
    sqlite3_stmt *people = result_prepare(result, "SELECT * FROM person ORDER BY id LIMIT 12");
    while (sqlite3_step(people) == SQLITE_ROW)
        result_number(result, column_text(people, 1), sqlite3_column_int(people, 2));
    result_finish(result, people);
}

void tip_8_do(struct result *result)
{
    sqlite3_stmt *people =
        result_prepare(result, "SELECT name, born FROM person ORDER BY id LIMIT 12");
    while (sqlite3_step(people) == SQLITE_ROW)
        result_number(result, column_text(people, 0), sqlite3_column_int(people, 1));
    result_finish(result, people);
}

void tip_9_dont(struct result *result)
{
    sqlite3_stmt *jobs =
        result_prepare(result, "SELECT title, salary, handbook FROM job ORDER BY id");
    while (sqlite3_step(jobs) == SQLITE_ROW)
        result_number(result, column_text(jobs, 0), sqlite3_column_int(jobs, 1));
    result_finish(result, jobs);
}

void tip_9_do(struct result *result)
{
    sqlite3_stmt *jobs = result_prepare(result, "SELECT title, salary FROM job ORDER BY id");
    while (sqlite3_step(jobs) == SQLITE_ROW)
        result_number(result, column_text(jobs, 0), sqlite3_column_int(jobs, 1));
    result_finish(result, jobs);
}

void tip_10_dont(struct result *result)
{
    sqlite3_stmt *jobs = result_prepare(result, "SELECT id FROM job WHERE salary > 50000");
    int count = 0;
    while (sqlite3_step(jobs) == SQLITE_ROW)
        count++;
    result_number(result, "Jobs with more than 50000 a year", count);
    result_finish(result, jobs);
}

void tip_10_do(struct result *result)
{
    sqlite3_stmt *jobs = result_prepare(result, "SELECT count(*) FROM job WHERE salary > 50000");
    sqlite3_step(jobs);
    result_number(result, "Jobs with more than 50000 a year", sqlite3_column_int(jobs, 0));
    result_finish(result, jobs);
}
