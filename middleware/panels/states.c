/* What panels keep of a request while it runs. */
#include "panels/panel.h"

#include "panels/switches.h"
#include "record/current.h"
#include "record/request.h"

static size_t panel_count(const struct toolbar__application *application)
{
    size_t count = 0;

    while (application->panels[count]) {
        count++;
    }
    return count;
}

void toolbar__panels_begin(struct toolbar_request *request)
{
    struct toolbar_recording *recording = request->recording;
    const struct toolbar_panel *const *panels = recording->application->panels;
    void **states = toolbar__arena_alloc(&recording->arena, panel_count(recording->application) *
                                                                sizeof *recording->panel_states);

    recording->panels_off = toolbar__switched_off(request, recording->application);
    if (!states) return;
    recording->panel_states = states;
    for (size_t i = 0; panels[i]; i++) {
        if (toolbar__panel_is_off(recording, i)) continue;
        if (panels[i]->state_size) {
            states[i] = toolbar__arena_alloc(&recording->arena, panels[i]->state_size);
        }
        if (panels[i]->on_request) panels[i]->on_request(recording, request);
    }
}

void toolbar__panels_end(struct toolbar_recording *recording, unsigned status)
{
    const struct toolbar_panel *const *panels = recording->application->panels;

    for (size_t i = 0; panels[i]; i++) {
        if (toolbar__panel_is_off(recording, i)) continue;
        if (panels[i]->on_response) panels[i]->on_response(recording, status);
    }
}

struct toolbar_recording *toolbar_recording_current(void)
{
    return toolbar__current_recording();
}

void *toolbar_panel_state(const struct toolbar_recording *recording,
                          const struct toolbar_panel *panel)
{
    if (!recording || !recording->panel_states) return NULL;
    for (size_t i = 0; recording->application->panels[i]; i++) {
        if (recording->application->panels[i] == panel) return recording->panel_states[i];
    }
    return NULL;
}
