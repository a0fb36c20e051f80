/* The Memory panel: what the request took, and what the process ever had. */
#include "base/heap.h"
#include "panels/figures.h"
#include "panels/panel.h"
#include "panels/parts.h"

extern const struct toolbar_panel toolbar__memory_panel;

/* Asked for here, so that nobody waits for it where the panel is off. */
struct memory {
    int64_t heap_before_bytes; /* of the whole process; -1: not known */
    int64_t heap_after_bytes;
};

static void on_request(struct toolbar_recording *recording, struct toolbar_request *request)
{
    struct memory *memory = toolbar_panel_state(recording, &toolbar__memory_panel);

    (void)request;
    if (!memory) return;
    memory->heap_before_bytes = toolbar__heap_bytes();
    memory->heap_after_bytes = TOOLBAR__UNKNOWN;
}

static void on_response(struct toolbar_recording *recording, unsigned status)
{
    struct memory *memory = toolbar_panel_state(recording, &toolbar__memory_panel);

    (void)status;
    if (memory) memory->heap_after_bytes = toolbar__heap_bytes();
}

/* NULL: its growth is not known. */
static const struct memory *known_heap(const struct toolbar_recording *recording)
{
    const struct memory *memory = toolbar_panel_state(recording, &toolbar__memory_panel);

    if (!memory || memory->heap_before_bytes < 0 || memory->heap_after_bytes < 0) return NULL;
    return memory;
}

static int64_t growth(const struct memory *heap)
{
    return heap->heap_after_bytes - heap->heap_before_bytes;
}

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    if (recording->usage.peak_bytes) toolbar__part_bytes(text, recording->usage.peak_bytes);
}

static void open_figure(struct toolbar_text *text, const char *title)
{
    toolbar_text_literal(text, "<div><dt>");
    toolbar__text_string(text, title);
    toolbar_text_literal(text, "</dt><dd>");
}

static void close_figure(struct toolbar_text *text, const char *remark)
{
    toolbar_text_literal(text, " <small>");
    toolbar__text_string(text, remark);
    toolbar_text_literal(text, "</small></dd></div>");
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    const struct toolbar__usage *usage = &recording->usage;
    const struct memory *heap = known_heap(recording);

    toolbar_text_literal(text, "<dl>");
    open_figure(text, "Heap growth");
    if (heap) {
        toolbar__part_bytes(text, growth(heap));
    } else {
        toolbar_text_literal(text, "not known");
    }
    close_figure(text, "of the whole process meanwhile");
    open_figure(text, "Peak resident memory");
    toolbar__part_bytes(text, usage->peak_bytes);
    close_figure(text, "of the process so far");
    open_figure(text, "Page faults");
    toolbar_text_integer(text, usage->minor_faults);
    toolbar_text_literal(text, " <small>minor</small>, ");
    toolbar_text_integer(text, usage->major_faults);
    close_figure(text, "major");
    open_figure(text, "This recording");
    toolbar__part_bytes(text, (int64_t)toolbar__recording_bytes(recording));
    close_figure(text, "of the toolbar's own");
    toolbar_text_literal(text, "</dl>");
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    const struct toolbar__usage *usage = &recording->usage;
    const struct memory *heap = known_heap(recording);

    toolbar_json_open_object(json);
    toolbar_json_name(json, "heap_growth_bytes");
    if (heap) {
        toolbar_json_integer(json, growth(heap));
    } else {
        toolbar_json_null(json);
    }
    toolbar__part_count_json(json, "peak_rss_bytes", usage->peak_bytes);
    toolbar__part_count_json(json, "minor_faults", usage->minor_faults);
    toolbar__part_count_json(json, "major_faults", usage->major_faults);
    toolbar__part_count_json(json, "recording_bytes", (int64_t)toolbar__recording_bytes(recording));
    toolbar_json_close_object(json);
}

const struct toolbar_panel toolbar__memory_panel = {
    .id = "memory",
    .title = "Memory",
    .state_size = sizeof(struct memory),
    .on_request = on_request,
    .on_response = on_response,
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
};
