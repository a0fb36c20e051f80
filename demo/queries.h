/*
 * The functions that ask the database, one for each kind of question. They are visible and keep
 * their frames, so that the panel can name the one that asked; each prints what it finds, and
 * answers false if the database failed.
 */
#ifndef DEMO_QUERIES_H
#define DEMO_QUERIES_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>

#define CALLER __attribute__((noinline))

CALLER bool people_list(FILE *out, sqlite3 *db, int page, int *shown, bool *more);
CALLER bool people_fathers(FILE *out, sqlite3 *db);
CALLER bool father_name(FILE *out, sqlite3 *db, sqlite3_int64 id);

CALLER bool person_details(FILE *out, sqlite3 *db, sqlite3_int64 id, bool *found);
CALLER bool person_children(FILE *out, sqlite3 *db, sqlite3_int64 id);

/* `chosen` is the value of the option that stays selected. */
CALLER bool job_options(FILE *out, sqlite3 *db, const char *chosen);
CALLER bool job_exists(sqlite3 *db, sqlite3_int64 id, bool *found);
CALLER bool person_exists(sqlite3 *db, sqlite3_int64 id, bool *found);

struct person {
    const char *name;
    int born;
    sqlite3_int64 father; /* 0: not known */
    sqlite3_int64 job;
};
CALLER bool person_insert(sqlite3 *db, const struct person *person, sqlite3_int64 *id);

/* The whole answer as one string from malloc(). */
CALLER bool people_json(sqlite3 *db, char **json);
CALLER bool people_csv(FILE *out, sqlite3 *db);

CALLER bool people_count(sqlite3 *db, int *count);

/* Prints the next person and answers true, or ends with false: see sqlite3_errcode(). */
CALLER bool people_next(FILE *out, sqlite3_stmt *statement);

/* <a href="/people/ID">name</a> */
void person_link(FILE *out, sqlite3_int64 id, const unsigned char *name);

#endif
