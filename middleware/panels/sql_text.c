/*
 * SQL with colours. The elements are short ones that mean something without a style sheet too:
 * bold keywords, italic literals, parameters as variables.
 */
#include <string.h>

#include "base/html.h"
#include "panels/sql_parts.h"
#include "record/sql_tokens.h"

enum { LINE_BYTES = 240 };

static void token_text(struct toolbar_text *text, const struct toolbar__sql_token *token)
{
    const char *close = "</i>";

    switch (token->type) {
    case TOOLBAR__SQL_KEYWORD: toolbar_text_literal(text, "<b>"), close = "</b>"; break;
    case TOOLBAR__SQL_STRING:
    case TOOLBAR__SQL_BLOB: toolbar_text_literal(text, "<i>"); break;
    case TOOLBAR__SQL_NUMBER: toolbar_text_literal(text, "<i class=\"n\">"); break;
    case TOOLBAR__SQL_COMMENT: toolbar_text_literal(text, "<i class=\"c\">"); break;
    case TOOLBAR__SQL_PARAMETER: toolbar_text_literal(text, "<var>"), close = "</var>"; break;
    default: close = NULL; break;
    }
    toolbar_html_bytes(text, token->data, token->length);
    if (close) toolbar__text_string(text, close);
}

void toolbar__sql_text(struct toolbar_text *text, const char *sql, size_t length)
{
    struct toolbar__sql_token token;
    size_t at = 0;

    toolbar_text_literal(text, "<code>");
    while (token = toolbar__sql_next(sql, length, &at), token.type != TOOLBAR__SQL_END) {
        token_text(text, &token);
    }
    toolbar_text_literal(text, "</code>");
}

bool toolbar__sql_is_long(const struct toolbar__statement *statement)
{
    return strlen(statement->sql) > LINE_BYTES;
}

void toolbar__sql_line(struct toolbar_text *text, const char *sql, size_t length)
{
    struct toolbar__sql_token token;
    size_t at = 0;
    size_t shown = 0;
    bool cut = false;

    toolbar_text_literal(text, "<code>");
    while (token = toolbar__sql_next(sql, length, &at), token.type != TOOLBAR__SQL_END) {
        size_t room = LINE_BYTES - shown;

        if (token.type == TOOLBAR__SQL_SPACE) {
            if (shown && at < length) toolbar__text_char(text, ' ');
            continue;
        }
        if (token.length > room) {
            token.length = toolbar__utf8_cut(token.data, token.length, room);
            cut = true;
        }
        token_text(text, &token);
        shown += token.length;
        if (cut) {
            toolbar_text_literal(text, "&#8230;");
            break;
        }
    }
    toolbar_text_literal(text, "</code>");
}
