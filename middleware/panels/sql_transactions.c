/* Transactions and savepoints: how long each was, over which queries, and how it ended. */
#include <string.h>

#include "base/html.h"
#include "panels/figures.h"
#include "panels/sql_parts.h"
#include "panels/timeline.h"
#include "record/transactions.h"

static void outcome(struct toolbar_text *text, const struct toolbar__transaction *transaction)
{
    toolbar_text_literal(text, "</small> ");
    if (strcmp(transaction->outcome, "commit") == 0) {
        toolbar_text_literal(text, "committed");
    } else if (strcmp(transaction->outcome, "release") == 0) {
        toolbar_text_literal(text, "released");
    } else if (strcmp(transaction->outcome, "rollback") == 0) {
        toolbar_text_literal(text, "<strong class=\"bad\">rolled back</strong>");
    } else {
        toolbar_text_literal(text, "<em>still open</em>");
    }
}

static void item(struct toolbar_text *text, const struct toolbar_recording *recording,
                 const struct toolbar__transaction *transaction)
{
    struct toolbar__timeline timeline;

    toolbar_text_literal(text, "<li>");
    if (transaction->savepoint) {
        toolbar_text_literal(text, "Savepoint <b>");
        toolbar_html_text(text, transaction->savepoint);
    } else {
        toolbar_text_literal(text, "Transaction on <b>");
        toolbar_html_text(text, transaction->connection);
    }
    toolbar_text_literal(text, "</b>: <small>#");
    toolbar_text_integer(text, transaction->first);
    toolbar_text_literal(text, " to #");
    toolbar_text_integer(text, transaction->last);
    toolbar_text_literal(text, ", ");
    toolbar__figure_count(text, transaction->queries, "query", "queries");
    toolbar_text_literal(text, ", ");
    toolbar__figure_ms(text, transaction->duration_ns);
    if (transaction->begun_before) toolbar_text_literal(text, ", open before this request");
    outcome(text, transaction);
    toolbar__timeline_open(&timeline, text, transaction->start_ns, recording->duration_ns);
    toolbar__timeline_mark(&timeline, transaction->start_ns, transaction->duration_ns);
    toolbar__timeline_close(&timeline);
    toolbar_text_literal(text, "</li>");
}

void toolbar__sql_transactions(struct toolbar_text *text, const struct toolbar_recording *recording)
{
    const struct toolbar__transaction *transaction = recording->transactions;

    if (!transaction) return;
    toolbar_text_literal(text, "<ul class=\"connections transactions\">");
    for (; transaction; transaction = transaction->next) {
        item(text, recording, transaction);
    }
    toolbar_text_literal(text, "</ul>");
}

static void transaction_json(struct toolbar_json *json,
                             const struct toolbar__transaction *transaction)
{
    toolbar_json_open_object(json);
    toolbar_json_name(json, "connection");
    toolbar_json_string(json, transaction->connection);
    toolbar_json_name(json, "savepoint");
    toolbar_json_string(json, transaction->savepoint);
    toolbar_json_name(json, "start_ms");
    toolbar_json_ms(json, transaction->start_ns);
    toolbar_json_name(json, "duration_ms");
    toolbar_json_ms(json, transaction->duration_ns);
    toolbar_json_name(json, "outcome");
    toolbar_json_string(json, transaction->outcome);
    toolbar_json_name(json, "queries");
    toolbar_json_integer(json, transaction->queries);
    toolbar_json_name(json, "first");
    toolbar_json_integer(json, transaction->first);
    toolbar_json_name(json, "last");
    toolbar_json_integer(json, transaction->last);
    toolbar_json_close_object(json);
}

void toolbar__sql_transactions_json(struct toolbar_json *json,
                                    const struct toolbar_recording *recording)
{
    const struct toolbar__transaction *transaction = recording->transactions;

    toolbar_json_open_array(json);
    for (; transaction; transaction = transaction->next) {
        transaction_json(json, transaction);
    }
    toolbar_json_close_array(json);
}
