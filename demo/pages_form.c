/*
 * Adding somebody: the form, the checks, the insert, and a redirect to the new person. A form
 * that is refused comes back as it was sent, with a sentence at each field that was wrong.
 */
#include <debugtoolbar/record.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "number.h"
#include "pages.h"
#include "queries.h"
#include "reply.h"

enum { NAME_MAX_CHARACTERS = 80, BORN_MIN = 1800, BORN_MAX = 2100, ID_MAX = 1000000000 };

/* What the form shows: the values as text, and what is wrong with them (NULL: nothing). */
struct entry {
    const char *value[FORM_FIELDS];
    const char *wrong[FORM_FIELDS];
};

bool job_options(FILE *out, sqlite3 *db, const char *chosen)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, "SELECT id, title FROM job ORDER BY title", -1, &statement, NULL) !=
        SQLITE_OK)
        return false;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *id = (const char *)sqlite3_column_text(statement, 0);
        const char *selected = id && strcmp(id, chosen) == 0 ? " selected" : "";
        fprintf(out, "<option value=\"%s\"%s>", id ? id : "", selected);
        html_text(out, (const char *)sqlite3_column_text(statement, 1));
        fputs("</option>\n", out);
    }
    return sqlite3_finalize(statement) == SQLITE_OK;
}

/* What ties a field to its message for those who do not see it. */
static void wrong_attributes(FILE *out, const struct entry *entry, enum form_field field)
{
    if (entry->wrong[field])
        fprintf(out, " aria-invalid=\"true\" aria-describedby=\"%s-wrong\"", form_names[field]);
}

static void wrong_sentence(FILE *out, const struct entry *entry, enum form_field field)
{
    if (entry->wrong[field])
        fprintf(out, "<span class=\"wrong\" id=\"%s-wrong\">%s</span>\n", form_names[field],
                entry->wrong[field]);
}

static void input(FILE *out, const struct entry *entry, enum form_field field, const char *label,
                  const char *attributes)
{
    const char *name = form_names[field];
    fprintf(out, "<p><label for=\"%s\">%s</label>\n<input id=\"%s\" name=\"%s\" %s value=\"", name,
            label, name, name, attributes);
    html_text(out, entry->value[field]);
    fputc('"', out);
    wrong_attributes(out, entry, field);
    fputs(">\n", out);
    wrong_sentence(out, entry, field);
    fputs("</p>\n", out);
}

static bool print_form(FILE *out, sqlite3 *db, const struct entry *entry)
{
    fputs("<form method=\"post\" action=\"/people/new\" novalidate>\n", out);
    input(out, entry, FORM_NAME, "Name", "type=\"text\" autocomplete=\"off\" required");
    input(out, entry, FORM_BORN, "Year of birth",
          "type=\"text\" inputmode=\"numeric\" autocomplete=\"off\" required");
    fputs("<p><label for=\"job\">Job</label>\n<select id=\"job\" name=\"job\" required", out);
    wrong_attributes(out, entry, FORM_JOB);
    fputs(">\n<option value=\"\">Choose one</option>\n", out);
    bool answered = job_options(out, db, entry->value[FORM_JOB]);
    fputs("</select>\n", out);
    wrong_sentence(out, entry, FORM_JOB);
    fputs("</p>\n", out);
    input(out, entry, FORM_FATHER, "Father's number <span class=\"hint\">if known</span>",
          "type=\"text\" inputmode=\"numeric\" autocomplete=\"off\"");
    fputs("<p><button type=\"submit\">Add</button></p>\n</form>\n", out);
    return answered;
}

static enum MHD_Result reply_form(struct visit *visit, sqlite3 *db, unsigned int status,
                                  const struct entry *entry)
{
    struct page page;
    if (!page_open(&page)) return MHD_NO;
    page_begin(page.out, "Add somebody", "/people/new");
    fputs(status == MHD_HTTP_OK
              ? "<p class=\"lead\">A form that posts, inserts, and redirects.</p>\n"
              : "<p class=\"lead\" role=\"alert\">Nobody was added: something is not right "
                "yet.</p>\n",
          page.out);
    if (!db || !print_form(page.out, db, entry)) {
        page_drop(&page);
        return reply_database_error(visit->connection, db);
    }
    page_end(page.out);
    return reply_page(visit->connection, status, &page);
}

enum MHD_Result page_person_form(struct visit *visit)
{
    const struct entry empty = {.value = {"", "", "", ""}};
    return reply_form(visit, database_connection(visit->demo->database), MHD_HTTP_OK, &empty);
}

static bool row_exists(sqlite3 *db, const char *sql, sqlite3_int64 id, bool *found)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) return false;
    sqlite3_bind_int64(statement, 1, id);
    *found = sqlite3_step(statement) == SQLITE_ROW;
    return sqlite3_finalize(statement) == SQLITE_OK;
}

bool job_exists(sqlite3 *db, sqlite3_int64 id, bool *found)
{
    return row_exists(db, "SELECT 1 FROM job WHERE id = ?1", id, found);
}

bool person_exists(sqlite3 *db, sqlite3_int64 id, bool *found)
{
    return row_exists(db, "SELECT 1 FROM person WHERE id = ?1", id, found);
}

bool person_insert(sqlite3 *db, const struct person *person, sqlite3_int64 *id)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db,
                           "INSERT INTO person (name, born, father_id, job_id)"
                           " VALUES (?1, ?2, nullif(?3, 0), ?4)",
                           -1, &statement, NULL) != SQLITE_OK)
        return false;
    sqlite3_bind_text(statement, 1, person->name, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 2, person->born);
    sqlite3_bind_int64(statement, 3, person->father);
    sqlite3_bind_int64(statement, 4, person->job);
    sqlite3_step(statement);
    *id = sqlite3_last_insert_rowid(db);
    return sqlite3_finalize(statement) == SQLITE_OK;
}

static const char *wrong_name(const char *name)
{
    size_t characters = 0;
    bool visible = false;
    while (*name) {
        size_t length = utf8_sequence(name);
        if (length == 0 || (unsigned char)*name < 0x20 || *name == 0x7F)
            return "Write the name in plain characters.";
        visible |= *name != ' ';
        characters++;
        name += length;
    }
    if (!visible) return "Write a name.";
    return characters <= NAME_MAX_CHARACTERS ? NULL : "Keep the name to 80 characters.";
}

/* Fills in what is wrong with the entry, else the person; false if the database failed. */
static bool check(sqlite3 *db, const struct form *form, struct entry *entry, struct person *person)
{
    long number = 0;
    person->name = entry->value[FORM_NAME];
    entry->wrong[FORM_NAME] =
        form->cut[FORM_NAME] ? "Keep the name to 80 characters." : wrong_name(person->name);
    if (!number_parse(entry->value[FORM_BORN], BORN_MIN, BORN_MAX, &number))
        entry->wrong[FORM_BORN] = "Write a year from 1800 to 2100.";
    person->born = (int)number;

    bool found = false;
    number = 0;
    if (number_parse(entry->value[FORM_JOB], 1, ID_MAX, &number) && !job_exists(db, number, &found))
        return false;
    if (!found) entry->wrong[FORM_JOB] = "Choose a job from the list.";
    person->job = number;

    number = 0;
    found = entry->value[FORM_FATHER][0] == '\0';
    if (number_parse(entry->value[FORM_FATHER], 1, ID_MAX, &number) &&
        !person_exists(db, number, &found))
        return false;
    if (!found)
        entry->wrong[FORM_FATHER] = "Nobody has this number: it is the one in a person's address.";
    person->father = number;
    return true;
}

static enum MHD_Result add(struct visit *visit, sqlite3 *db)
{
    struct entry entry = {0};
    struct person person;
    bool right = true;
    for (size_t field = 0; field < FORM_FIELDS; field++)
        entry.value[field] = visit->form->value[field];
    if (!db || !check(db, visit->form, &entry, &person))
        return reply_database_error(visit->connection, db);
    for (size_t field = 0; field < FORM_FIELDS; field++)
        right &= entry.wrong[field] == NULL;
    if (!right) toolbar_message(TOOLBAR_MESSAGE_INFO, "the form was refused");
    if (!right) return reply_form(visit, db, MHD_HTTP_BAD_REQUEST, &entry);
    sqlite3_int64 id;
    if (!person_insert(db, &person, &id)) return reply_database_error(visit->connection, db);
    toolbar_message(TOOLBAR_MESSAGE_INFO, "added person %lld", (long long)id);
    char location[48];
    snprintf(location, sizeof location, "/people/%lld", (long long)id);
    return reply_redirect(visit->connection, MHD_HTTP_SEE_OTHER, location);
}

enum MHD_Result page_person_add(struct visit *visit)
{
    form_finish(visit->form);
    if (visit->form->body_bytes > FORM_BODY_MAX_BYTES)
        return reply_message(visit->connection, MHD_HTTP_CONTENT_TOO_LARGE, "Too much",
                             "Nobody was added: the form is larger than 16 KiB.");
    if (!visit->form->readable)
        return reply_message(visit->connection, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "Not a form",
                             "Nobody was added: send the fields as a form.");
    return add(visit, database_connection(visit->demo->database));
}
