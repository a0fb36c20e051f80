/*
 * What the tips say, and which functions show them. How one reads comes out of the embedded
 * sources, so that what is shown is what runs.
 */
#include "tips.h"

#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "tips_sources.h"

const char *const tip_way_names[TIP_WAYS] = {"dont", "do"};

#define WAYS(number, dont, follow)                                                                 \
    {                                                                                              \
        {dont, tip_##number##_dont, "tip_" #number "_dont"},                                       \
            {follow, tip_##number##_do, "tip_" #number "_do"},                                     \
    }

const struct tip tips[TIPS] = {
    {
        .title = "Profile first",
        .advice = "Find the statement that costs the most before you change anything: it is seldom "
                  "the one that you suspect.",
        .rule = "slow_query",
        .headings = {"Five years from", "Born"},
        .ways =
            WAYS(1, "One statement counts, but it goes through all the people again for each line.",
                 "One statement goes through the people once and counts all lines on its way."),
    },
    {
        .title = "Know when a query runs",
        .advice = "A statement runs again whenever it is stepped through again. Keep the rows that "
                  "you need twice.",
        .rule = "repeated_query",
        .headings = {"Best paid job", "Above the average of five"},
        .ways = WAYS(2, "The same five rows are fetched for their average, and again for the list.",
                     "The five rows are fetched once and kept, which is enough for both."),
    },
    {
        .title = "Know what is not kept",
        .advice = "SQLite keeps pages of the file, not answers: what belongs to a row is looked up "
                  "each time you ask. Keep it next to the row.",
        .rule = "repeated_lookup",
        .headings = {"About", "Number 500"},
        .ways = WAYS(3, "The father is looked up for his name, and again for his age.",
                     "The father is looked up once."),
    },
    {
        .title = "Fetch related rows along",
        .advice = "A JOIN brings rows and what belongs to them in one query. One more query for "
                  "each row is what makes pages slow.",
        .rule = "n_plus_one",
        .headings = {"Name", "Job"},
        .ways = WAYS(4, "One query for twelve people, and then one for the job of each.",
                     "One query for the people and their jobs."),
    },
    {
        .title = "No queries in loops",
        .advice = "A loop that asks for one row at a time should ask once, for all of them.",
        .rule = "query_in_loop",
        .headings = {"Name", "Born"},
        .ways = WAYS(5, "Twelve numbers in a row, and one query for each.",
                     "One query for all twelve numbers."),
    },
    {
        .title = "Do not hold large results",
        .advice = "Use each row as it comes. To copy all of them into memory first costs memory "
                  "for every visitor, and time before the first row.",
        .rule = "large_result",
        .headings = {"Name", "Born"},
        .ways = WAYS(6, "sqlite3_get_table() copies a thousand rows before one is printed.",
                     "Each of the thousand rows is printed as soon as it is stepped to."),
    },
    {
        .title = "Let the database do the work",
        .advice = "Rows that WHERE keeps back need not be fetched, and an index can find the "
                  "others.",
        .rule = "filter_in_c",
        .headings = {"Founder born after 1899", "Born"},
        .ways = WAYS(7, "All hundred founders are fetched, and C throws most of them away.",
                     "Only those are fetched that are shown."),
    },
    {
        .title = "Only the columns you need",
        .advice = "Name the columns that you read. What else a row has is fetched for nothing, and "
                  "keeps an index from answering alone.",
        .rule = "unused_columns",
        .headings = {"Name", "Born"},
        .ways = WAYS(8, "SELECT * fetches five columns, of which two are shown.",
                     "The two columns that are shown are fetched."),
    },
    {
        .title = "Leave wide columns out",
        .advice = "A large value fills pages of its own, which are read from the file if it is "
                  "selected. Fetch it where it is shown.",
        .rule = "wide_column",
        .headings = {"Job", "Salary"},
        .ways = WAYS(9, "Each job comes with its handbook, five kilobytes that nobody reads here.",
                     "The handbooks stay where they are."),
    },
    {
        .title = "Let the database count",
        .advice = "SELECT count(*) answers with one row. So does EXISTS, if all you want to know "
                  "is whether there is one.",
        .rule = "count_rows",
        .headings = {"How many", "Number"},
        .ways = WAYS(10, "The rows are fetched and counted, and none of them is looked at.",
                     "The database counts them."),
    },
    {
        .title = "Change many rows at once",
        .advice = "One UPDATE or DELETE can change all the rows that a condition names.",
        .rule = "bulk_write",
        .headings = {"Job", "Salary after the raise"},
        .writes = true,
        .ways = WAYS(11, "Twelve jobs get a raise, with one UPDATE each.",
                     "Twelve jobs get a raise, with one UPDATE for all."),
    },
    {
        .title = "Insert many rows at once",
        .advice = "Insert rows together: several in one statement, or with one that is prepared "
                  "once, and always in one transaction.",
        .rule = "bulk_insert",
        .headings = {"New job", "Salary"},
        .writes = true,
        .ways = WAYS(12, "Six new jobs, and for each a statement is prepared and run.",
                     "Six new jobs in one statement."),
    },
    {
        .title = "Use the foreign key you have",
        .advice = "The number of a related row is already in the row that points to it. Do not "
                  "fetch the other one to read it there.",
        .rule = "redundant_lookup",
        .headings = {"Name", "The father's number"},
        .ways = WAYS(13, "Each father is looked up by his number, to read his number.",
                     "The father's number is read where it is: in father_id."),
    },
};

/* From the line that names the function to the brace that ends it. */
void tip_source(FILE *out, const struct tip_way *way)
{
    char head[32];
    int length = snprintf(head, sizeof head, "\nvoid %s(", way->function);
    const char *end = (const char *)tips_sources + sizeof tips_sources;
    const char *start = memmem(tips_sources, sizeof tips_sources, head, (size_t)length);
    const char *brace = start ? memmem(start, (size_t)(end - start), "\n}\n", 3) : NULL;
    if (!brace) return;
    char *text = strndup(start + 1, (size_t)(brace + 2 - start));
    html_text(out, text);
    free(text);
}
