/*
 * A thousand people in four generations, the same on every machine: odd numbers are men, so
 * that a father is drawn from the odd numbers of the generation before, and his surname is
 * inherited. The founders have no father.
 *
 * There is no index on father_id on purpose: looking for somebody's children scans the table,
 * which is something for the panel to show.
 */
#include "people.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "handbooks.h"

enum { PEOPLE = 1000, GENERATIONS = 4 };

/* The first number of each generation, and one past the last. */
static const int generation_start[GENERATIONS + 1] = {1, 101, 301, 601, PEOPLE + 1};

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof *(array)))

/* "dtbr": marks the file as the demo's own, so that no other database is ever written to. */
#define APPLICATION_ID 1685348978

static const char schema[] =
    "CREATE TABLE job (id INTEGER PRIMARY KEY, title TEXT NOT NULL, salary INTEGER NOT NULL);"
    "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born INTEGER NOT NULL,"
    " father_id INTEGER REFERENCES person, job_id INTEGER NOT NULL REFERENCES job);"
    "PRAGMA application_id = 1685348978";

static const struct job {
    const char *title;
    int salary;
} jobs[] = {
    {"Accountant", 52000},   {"Architect", 64000},    {"Astronomer", 71000},
    {"Baker", 34000},        {"Beekeeper", 29000},    {"Bookbinder", 33000},
    {"Carpenter", 41000},    {"Cartographer", 47000}, {"Clockmaker", 38000},
    {"Cook", 36000},         {"Dentist", 98000},      {"Engineer", 76000},
    {"Farmer", 39000},       {"Gardener", 32000},     {"Glassblower", 35000},
    {"Judge", 112000},       {"Librarian", 43000},    {"Mathematician", 69000},
    {"Midwife", 54000},      {"Musician", 37000},     {"Nurse", 51000},
    {"Physician", 124000},   {"Pilot", 93000},        {"Postman", 35000},
    {"Printer", 36000},      {"Sailor", 40000},       {"Schoolteacher", 48000},
    {"Shipwright", 46000},   {"Surveyor", 55000},     {"Tailor", 34000},
    {"Veterinarian", 83000}, {"Weaver", 31000},
};

static const char *const men[] = {
    "Albert",  "Anton",  "Arthur",  "Benedict", "Charles", "Cyril",   "Daniel",   "David",
    "Edmund",  "Edward", "Emil",    "Francis",  "George",  "Gregory", "Harold",   "Henry",
    "Hugo",    "Isaac",  "Jakob",   "James",    "John",    "Joseph",  "Julian",   "Karl",
    "Leonard", "Louis",  "Martin",  "Matthias", "Michael", "Nicolas", "Oscar",    "Patrick",
    "Paul",    "Peter",  "Ralph",   "Robert",   "Samuel",  "Sean",    "Theodore", "Thomas",
    "Tobias",  "Victor", "Vincent", "Walter",   "Wilfrid", "William",
};

static const char *const women[] = {
    "Ada",     "Agnes",     "Alice",    "Amelia",   "Anna",   "Beatrice", "Bridget",   "Caroline",
    "Cecilia", "Charlotte", "Clara",    "Dorothea", "Edith",  "Eleanor",  "Elise",     "Emma",
    "Esther",  "Eva",       "Florence", "Frieda",   "Grace",  "Hannah",   "Harriet",   "Helen",
    "Ida",     "Irene",     "Jane",     "Judith",   "Julia",  "Katrin",   "Laura",     "Lina",
    "Louise",  "Mabel",     "Margaret", "Maria",    "Martha", "Mary",     "Matilda",   "Nora",
    "Olivia",  "Rosa",      "Ruth",     "Sarah",    "Sophie", "Susanna",  "Valentina", "Victoria",
};

static const char *const surnames[] = {
    "Abbott",   "Ashdown", "Baumann",  "Becker",  "Blunt",   "Brennan", "Byron",     "Calloway",
    "Carver",   "Castell", "Dahl",     "Dubois",  "Eklund",  "Fairfax", "Falk",      "Fontaine",
    "Garnett",  "Gray",    "Hale",     "Hansen",  "Harding", "Hollis",  "Horvath",   "Ives",
    "Jansen",   "Keller",  "King",     "Kowal",   "Lang",    "Larsen",  "Lindqvist", "Lovell",
    "Marlowe",  "Meyer",   "Moreau",   "Moss",    "Nagy",    "Novak",   "Núñez",     "O'Brien",
    "Okafor",   "Olsen",   "Park",     "Pereira", "Quinn",   "Rossi",   "Sato",      "Schäfer",
    "Sinclair", "Szabó",   "Thornton", "Varga",   "Vaughan", "Weber",   "Whitlock",  "Winter",
    "Wójcik",   "Yates",   "Zeller",   "Zimmer",
};

struct tree {
    uint32_t state;
    uint8_t surname[PEOPLE + 1];
    int born[PEOPLE + 1];
    int father[PEOPLE + 1]; /* 0: none */
};

/* Numerical Recipes' generator; rand() differs from one C library to the next. */
static uint32_t draw(struct tree *tree, uint32_t below)
{
    tree->state = tree->state * 1664525u + 1013904223u;
    return (tree->state >> 16) % below;
}

static void grow(struct tree *tree)
{
    for (int g = 0; g < GENERATIONS; g++) {
        for (int id = generation_start[g]; id < generation_start[g + 1]; id++) {
            if (g == 0) {
                tree->surname[id] = (uint8_t)draw(tree, COUNT(surnames));
                tree->born[id] = 1880 + (int)draw(tree, 25);
                continue;
            }
            int first = generation_start[g - 1];
            uint32_t fathers = (uint32_t)(generation_start[g] - first) / 2;
            int father = first + 2 * (int)draw(tree, fathers);
            tree->father[id] = father;
            tree->surname[id] = tree->surname[father];
            tree->born[id] = tree->born[father] + 21 + (int)draw(tree, 18);
        }
    }
}

/* Runs the statement once, ready for the next values. */
static bool insert(sqlite3_stmt *statement)
{
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    return sqlite3_reset(statement) == SQLITE_OK && done;
}

static bool insert_jobs(sqlite3 *db)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, "INSERT INTO job (title, salary) VALUES (?1, ?2)", -1, &statement,
                           NULL) != SQLITE_OK)
        return false;
    bool ok = true;
    for (uint32_t i = 0; ok && i < COUNT(jobs); i++) {
        sqlite3_bind_text(statement, 1, jobs[i].title, -1, SQLITE_STATIC);
        sqlite3_bind_int(statement, 2, jobs[i].salary);
        ok = insert(statement);
    }
    sqlite3_finalize(statement);
    return ok;
}

static bool insert_people(sqlite3 *db)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db,
                           "INSERT INTO person (id, name, born, father_id, job_id)"
                           " VALUES (?1, ?2, ?3, nullif(?4, 0), ?5)",
                           -1, &statement, NULL) != SQLITE_OK)
        return false;
    struct tree tree = {.state = 1};
    grow(&tree);
    bool ok = true;
    for (int id = 1; ok && id <= PEOPLE; id++) {
        const char *given =
            id % 2 ? men[draw(&tree, COUNT(men))] : women[draw(&tree, COUNT(women))];
        char name[64];
        snprintf(name, sizeof name, "%s %s", given, surnames[tree.surname[id]]);
        sqlite3_bind_int(statement, 1, id);
        sqlite3_bind_text(statement, 2, name, -1, SQLITE_STATIC);
        sqlite3_bind_int(statement, 3, tree.born[id]);
        sqlite3_bind_int(statement, 4, tree.father[id]);
        sqlite3_bind_int(statement, 5, 1 + (int)draw(&tree, COUNT(jobs)));
        ok = insert(statement);
    }
    sqlite3_finalize(statement);
    return ok;
}

static bool read_number(sqlite3 *db, const char *sql, int *number)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) return false;
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found) *number = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return found;
}

static bool make(sqlite3 *db)
{
    return sqlite3_exec(db, schema, NULL, NULL, NULL) == SQLITE_OK && insert_jobs(db) &&
           insert_people(db);
}

/* From what the first demos made to what this one needs. */
static bool upgrade(sqlite3 *db)
{
    int version = 0;
    if (!read_number(db, "PRAGMA user_version", &version)) return false;
    return version >= 1 || (handbooks_add(db) && sqlite3_exec(db, "PRAGMA user_version = 1", NULL,
                                                              NULL, NULL) == SQLITE_OK);
}

/* IMMEDIATE: two demos that start at once on a new file must not both find it empty. */
const char *people_make(sqlite3 *db)
{
    int tables = 0;
    int application = 0;
    if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK ||
        !read_number(db, "SELECT count(*) FROM sqlite_schema", &tables) ||
        !read_number(db, "PRAGMA application_id", &application))
        return sqlite3_errmsg(db);
    if (tables != 0 && application != APPLICATION_ID) {
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
        return "a database, but not the demo's";
    }
    if ((tables == 0 && !make(db)) || !upgrade(db) ||
        sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        return sqlite3_errmsg(db);
    return NULL;
}
