/*
 * The handbook of each job: some five kilobytes of text in a row, which a page of the database
 * does not hold. It came after the first demos, so it is added to their databases too.
 */
#include "handbooks.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { HANDBOOK_BYTES = 5000, SENTENCE_BYTES = 200, IN_A_PARAGRAPH = 6 };

static const char *const sentences[] = {
    "Come early, and leave the place as you would like to find it.",
    "Ask before you begin, for asking afterwards costs more.",
    "Keep your tools in order, and lend none of them twice to the same hands.",
    "What was promised for Monday is done on Saturday.",
    "Write down what you measured, and with what.",
    "Whoever learns this work looks on for a year, and nobody is ashamed of it.",
    "Good work needs no explanation; bad work is not made better by one.",
    "Never say that it cannot be done before you have slept on it.",
    "The bill is short, and every line of it is true.",
    "When two of the same trade meet, they talk of the weather first.",
    "Rest when you are tired, because a tired hand spoils in a minute what took a day.",
    "A mistake is told the same day, by the one who made it.",
    "Do not praise your own work where those can hear it who paid for it.",
    "Everything has its place, and the place has its name on it.",
    "In winter the lamp is lit before it is needed.",
    "Teach what you know, or it will be forgotten with you.",
};
enum { SENTENCES = sizeof sentences / sizeof *sentences };

/* The same sentences in another order for each job. `text` has room for the last one too. */
static int write_handbook(char *text, size_t size_bytes, int64_t job, const char *title)
{
    int length = snprintf(text, size_bytes, "%.60s: what everybody in this trade knows.\n", title);
    for (unsigned i = 0; length < HANDBOOK_BYTES; i++) {
        const char *sentence = sentences[(i * 5 + (i / SENTENCES + 1) * (unsigned)job) % SENTENCES];
        length += snprintf(text + length, size_bytes - (size_t)length, "%s%s",
                           i % IN_A_PARAGRAPH ? " " : "\n", sentence);
    }
    return length;
}

static bool fill(sqlite3 *db, sqlite3_stmt *jobs, sqlite3_stmt *update)
{
    char text[HANDBOOK_BYTES + SENTENCE_BYTES];
    while (sqlite3_step(jobs) == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(jobs, 0);
        int length =
            write_handbook(text, sizeof text, id, (const char *)sqlite3_column_text(jobs, 1));
        sqlite3_bind_text(update, 1, text, length, SQLITE_STATIC);
        sqlite3_bind_int64(update, 2, id);
        if (sqlite3_step(update) != SQLITE_DONE || sqlite3_reset(update) != SQLITE_OK) return false;
    }
    return sqlite3_errcode(db) == SQLITE_DONE;
}

bool handbooks_add(sqlite3 *db)
{
    sqlite3_stmt *jobs = NULL;
    sqlite3_stmt *update = NULL;
    bool added =
        sqlite3_exec(db, "ALTER TABLE job ADD COLUMN handbook TEXT NOT NULL DEFAULT ''", NULL, NULL,
                     NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, "SELECT id, title FROM job", -1, &jobs, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, "UPDATE job SET handbook = ?1 WHERE id = ?2", -1, &update, NULL) ==
            SQLITE_OK &&
        fill(db, jobs, update);
    sqlite3_finalize(jobs);
    sqlite3_finalize(update);
    return added;
}
