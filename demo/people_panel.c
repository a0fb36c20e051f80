/*
 * An example of a panel: a state for each shown request, filled in while the page is made and
 * read when the toolbar writes it. One thread makes a page, so nothing is locked.
 */
#include "people_panel.h"

enum { PEOPLE_MAX = 200 };

struct people_state {
    unsigned named;
    unsigned different;
    int64_t ids[PEOPLE_MAX];
};

void people_panel_count(int64_t id)
{
    struct people_state *state = toolbar_panel_state(toolbar_recording_current(), &people_panel);
    if (!state) return;
    state->named++;
    for (unsigned i = 0; i < state->different; i++) {
        if (state->ids[i] == id) return;
    }
    if (state->different < PEOPLE_MAX) state->ids[state->different++] = id;
}

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *html)
{
    const struct people_state *state = toolbar_panel_state(recording, &people_panel);
    if (state) toolbar_text_integer(html, state->different);
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *html)
{
    const struct people_state *state = toolbar_panel_state(recording, &people_panel);
    if (!state || !state->named) {
        toolbar_text_literal(html, "<p class=\"empty\">This page names nobody.</p>");
        return;
    }
    toolbar_text_literal(html, "<p>Links to people: ");
    toolbar_text_integer(html, state->named);
    toolbar_text_literal(html, ", to different ones: ");
    toolbar_text_integer(html, state->different);
    toolbar_text_literal(html, ". Their numbers:");
    for (unsigned i = 0; i < state->different; i++) {
        toolbar_text_literal(html, " ");
        toolbar_text_integer(html, state->ids[i]);
    }
    toolbar_text_literal(html, "</p>");
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    const struct people_state *state = toolbar_panel_state(recording, &people_panel);
    toolbar_json_open_object(json);
    toolbar_json_name(json, "named");
    toolbar_json_integer(json, state ? state->named : 0);
    toolbar_json_name(json, "different");
    toolbar_json_integer(json, state ? state->different : 0);
    toolbar_json_close_object(json);
}

const struct toolbar_panel people_panel = {
    .id = "people",
    .title = "People",
    .state_size = sizeof(struct people_state),
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
};
