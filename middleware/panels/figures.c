/* Figures as a person reads them: times with their unit, counts with their noun, shares. */
#include "panels/figures.h"

void toolbar__figure_ms(struct toolbar_text *text, int64_t ns)
{
    if (ns > 0 && ns < 500) {
        toolbar_text_literal(text, "&lt;0.001");
    } else {
        toolbar_text_ms(text, ns);
    }
    toolbar_text_literal(text, " ms");
}

void toolbar__figure_count(struct toolbar_text *text, int64_t count, const char *singular,
                           const char *plural)
{
    toolbar_text_integer(text, count);
    toolbar__text_char(text, ' ');
    toolbar__text_string(text, count == 1 ? singular : plural);
}

void toolbar__figure_share(struct toolbar_text *text, int64_t part, int64_t whole)
{
    double percent;

    if (whole <= 0 || part < 0) return;
    percent = 100.0 * (double)part / (double)whole;
    if (part > 0 && percent < 1) {
        toolbar_text_literal(text, "&lt;1 %");
    } else {
        toolbar_text_integer(text, (int64_t)(percent + 0.5));
        toolbar_text_literal(text, " %");
    }
}

void toolbar__figure_metric(struct toolbar_text *text, const char *name, int64_t ns)
{
    const char decimals[] = {'.', (char)('0' + ns / 100000 % 10), (char)('0' + ns / 10000 % 10),
                             (char)('0' + ns / 1000 % 10)};

    toolbar__text_string(text, name);
    toolbar_text_literal(text, ";dur=");
    toolbar_text_integer(text, ns / 1000000);
    toolbar_text_append(text, decimals, sizeof decimals);
}
