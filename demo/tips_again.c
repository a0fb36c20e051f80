/*
 * The tips about statements that run more often than they need to: 2 to 5, and 13. These
 * functions are shown on their pages.
 */
#include "tips.h"

void tip_2_dont(struct result *result)
{
    sqlite3_stmt *jobs =
        result_prepare(result, "SELECT title, salary FROM job ORDER BY salary DESC LIMIT 5");
    int sum = 0;
    while (sqlite3_step(jobs) == SQLITE_ROW)
        sum += sqlite3_column_int(jobs, 1);
    sqlite3_reset(jobs);
    while (sqlite3_step(jobs) == SQLITE_ROW)
        result_number(result, column_text(jobs, 0), sqlite3_column_int(jobs, 1) - sum / 5);
    result_finish(result, jobs);
}

void tip_2_do(struct result *result)
{
    struct {
        char title[32];
        int salary;
    } job[5];
    int count = 0, sum = 0;
    sqlite3_stmt *jobs =
        result_prepare(result, "SELECT title, salary FROM job ORDER BY salary DESC LIMIT 5");
    while (sqlite3_step(jobs) == SQLITE_ROW && count < 5) {
        snprintf(job[count].title, sizeof job->title, "%s", column_text(jobs, 0));
        sum += job[count++].salary = sqlite3_column_int(jobs, 1);
    }
    result_finish(result, jobs);
    for (int i = 0; i < count; i++)
        result_number(result, job[i].title, job[i].salary - sum / 5);
}

void tip_3_dont(struct result *result)
{
    sqlite3_stmt *person =
        result_prepare(result, "SELECT name, born, father_id FROM person WHERE id = 500");
    sqlite3_stmt *father = result_prepare(result, "SELECT name, born FROM person WHERE id = ?1");
    sqlite3_step(person);
    result_text(result, "Name", column_text(person, 0));
    sqlite3_bind_int64(father, 1, sqlite3_column_int64(person, 2));
    sqlite3_step(father);
    result_text(result, "Father", column_text(father, 0));
    sqlite3_reset(father);
    sqlite3_step(father);
    result_number(result, "Father's age at the birth",
                  sqlite3_column_int(person, 1) - sqlite3_column_int(father, 1));
    result_finish(result, father);
    result_finish(result, person);
}

void tip_3_do(struct result *result)
{
    sqlite3_stmt *person =
        result_prepare(result, "SELECT name, born, father_id FROM person WHERE id = 500");
    sqlite3_stmt *father = result_prepare(result, "SELECT name, born FROM person WHERE id = ?1");
    sqlite3_step(person);
    result_text(result, "Name", column_text(person, 0));
    sqlite3_bind_int64(father, 1, sqlite3_column_int64(person, 2));
    sqlite3_step(father);
    result_text(result, "Father", column_text(father, 0));
    result_number(result, "Father's age at the birth",
                  sqlite3_column_int(person, 1) - sqlite3_column_int(father, 1));
    result_finish(result, father);
    result_finish(result, person);
}

void tip_4_dont(struct result *result)
{
    sqlite3_stmt *people =
        result_prepare(result, "SELECT name, job_id FROM person ORDER BY id LIMIT 12");
    sqlite3_stmt *job = result_prepare(result, "SELECT title FROM job WHERE id = ?1");
    while (sqlite3_step(people) == SQLITE_ROW) {
        sqlite3_bind_int64(job, 1, sqlite3_column_int64(people, 1));
        sqlite3_step(job);
        result_text(result, column_text(people, 0), column_text(job, 0));
        sqlite3_reset(job);
    }
    result_finish(result, job);
    result_finish(result, people);
}

void tip_4_do(struct result *result)
{
    sqlite3_stmt *people =
        result_prepare(result, "SELECT person.name, job.title FROM person"
                               " JOIN job ON job.id = person.job_id ORDER BY person.id LIMIT 12");
    while (sqlite3_step(people) == SQLITE_ROW)
        result_text(result, column_text(people, 0), column_text(people, 1));
    result_finish(result, people);
}

void tip_5_dont(struct result *result)
{
    sqlite3_stmt *person = result_prepare(result, "SELECT name, born FROM person WHERE id = ?1");
    for (int id = 501; id <= 512; id++) {
        sqlite3_bind_int(person, 1, id);
        sqlite3_step(person);
        result_number(result, column_text(person, 0), sqlite3_column_int(person, 1));
        sqlite3_reset(person);
    }
    result_finish(result, person);
}

void tip_5_do(struct result *result)
{
    sqlite3_stmt *people = result_prepare(
        result, "SELECT name, born FROM person WHERE id BETWEEN 501 AND 512 ORDER BY id");
    while (sqlite3_step(people) == SQLITE_ROW)
        result_number(result, column_text(people, 0), sqlite3_column_int(people, 1));
    result_finish(result, people);
}

void tip_13_dont(struct result *result)
{
    sqlite3_stmt *people = result_prepare(
        result, "SELECT name, father_id FROM person WHERE id BETWEEN 501 AND 512 ORDER BY id");
    sqlite3_stmt *father = result_prepare(result, "SELECT id FROM person WHERE id = ?1");
    while (sqlite3_step(people) == SQLITE_ROW) {
        sqlite3_bind_int64(father, 1, sqlite3_column_int64(people, 1));
        sqlite3_step(father);
        result_number(result, column_text(people, 0), sqlite3_column_int64(father, 0));
        sqlite3_reset(father);
    }
    result_finish(result, father);
    result_finish(result, people);
}

void tip_13_do(struct result *result)
{
    sqlite3_stmt *people = result_prepare(
        result, "SELECT name, father_id FROM person WHERE id BETWEEN 501 AND 512 ORDER BY id");
    while (sqlite3_step(people) == SQLITE_ROW)
        result_number(result, column_text(people, 0), sqlite3_column_int64(people, 1));
    result_finish(result, people);
}
