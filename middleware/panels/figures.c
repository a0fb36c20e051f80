/* Figures as a person reads them: times with their unit, counts with their noun, shares. */
#include "panels/figures.h"

char *toolbar__put_figure_ms(char *to, int64_t ns)
{
    to = ns > 0 && ns < 500 ? toolbar__put(to, "&lt;0.001") : toolbar__put_ms(to, ns);
    return toolbar__put(to, " ms");
}

void toolbar__figure_ms(struct toolbar_text *text, int64_t ns)
{
    char figure[TOOLBAR__PUT_FIGURE_MS];

    toolbar_text_append(text, figure, (size_t)(toolbar__put_figure_ms(figure, ns) - figure));
}

void toolbar__figure_count(struct toolbar_text *text, int64_t count, const char *singular,
                           const char *plural)
{
    toolbar_text_integer(text, count);
    toolbar__text_char(text, ' ');
    toolbar__text_string(text, count == 1 ? singular : plural);
}

char *toolbar__put_figure_share(char *to, int64_t part, int64_t whole)
{
    double percent;

    if (whole <= 0 || part < 0) return to;
    percent = 100.0 * (double)part / (double)whole;
    if (part > 0 && percent < 1) return toolbar__put(to, "&lt;1 %");
    return toolbar__put(toolbar__put_integer(to, (int64_t)(percent + 0.5)), " %");
}

void toolbar__figure_share(struct toolbar_text *text, int64_t part, int64_t whole)
{
    char figure[TOOLBAR__PUT_FIGURE_SHARE];

    toolbar_text_append(text, figure,
                        (size_t)(toolbar__put_figure_share(figure, part, whole) - figure));
}

void toolbar__figure_metric(struct toolbar_text *text, const char *name, int64_t ns)
{
    char decimals[] = {'.', '0', '0', '0'};

    toolbar__text_string(text, name);
    toolbar_text_literal(text, ";dur=");
    toolbar_text_integer(text, ns / 1000000);
    toolbar__put_digits(decimals + 1, (uint64_t)ns / 1000, 3);
    toolbar_text_append(text, decimals, sizeof decimals);
}
