/* Matching and judging; the page and the JSON of it are made in compare.c. */
#include "routes/comparison.h"

#include <stdlib.h>
#include <string.h>

/* A difference in time is worth a word if it is a fifth, and more than noise. */
enum { SHARE = 5, NOISE_NS = 100 * 1000 };

const char *const toolbar__change_names[TOOLBAR__CHANGES] = {
    "added", "gone", "more", "fewer", "slower", "faster", "same",
};

static const struct toolbar__group *find_group(const struct toolbar_recording *recording,
                                               const struct toolbar__group *like)
{
    const struct toolbar__group *group = recording->groups;

    while (group &&
           (group->hash != like->hash || strcmp(group->connection, like->connection) != 0 ||
            strcmp(group->fingerprint, like->fingerprint) != 0)) {
        group = group->next;
    }
    return group;
}

static bool is_longer(int64_t than_ns, int64_t ns)
{
    return ns - than_ns > NOISE_NS && ns - than_ns > than_ns / SHARE;
}

static enum toolbar__change change_of(const struct toolbar__group *a,
                                      const struct toolbar__group *b)
{
    if (!a) return TOOLBAR__CHANGE_ADDED;
    if (!b) return TOOLBAR__CHANGE_GONE;
    if (b->count > a->count) return TOOLBAR__CHANGE_MORE;
    if (b->count < a->count) return TOOLBAR__CHANGE_FEWER;
    if (is_longer(a->total_ns, b->total_ns)) return TOOLBAR__CHANGE_SLOWER;
    return is_longer(b->total_ns, a->total_ns) ? TOOLBAR__CHANGE_FASTER : TOOLBAR__CHANGE_SAME;
}

static void add(struct toolbar__comparison *comparison, const struct toolbar__group *a,
                const struct toolbar__group *b)
{
    enum toolbar__change change = change_of(a, b);

    comparison->pairings[comparison->count++] = (struct toolbar__pairing){change, a, b};
    comparison->counts[change]++;
}

static int by_change(const void *left, const void *right)
{
    const struct toolbar__pairing *a = left, *b = right;

    if (a->change != b->change) return a->change < b->change ? -1 : 1;
    /* In order of first appearance; all of one change come from the same side. */
    if (a->b && b->b) return a->b->number < b->b->number ? -1 : 1;
    return a->a->number < b->a->number ? -1 : 1;
}

bool toolbar__comparison_make(struct toolbar__comparison *comparison,
                              const struct toolbar_recording *a, const struct toolbar_recording *b)
{
    size_t most = (size_t)a->group_count + b->group_count;

    *comparison = (struct toolbar__comparison){.a = a, .b = b};
    comparison->pairings = calloc(most ? most : 1, sizeof *comparison->pairings);
    if (!comparison->pairings) return false;
    for (const struct toolbar__group *group = b->groups; group; group = group->next) {
        add(comparison, find_group(a, group), group);
    }
    for (const struct toolbar__group *group = a->groups; group; group = group->next) {
        if (!find_group(b, group)) add(comparison, group, NULL);
    }
    qsort(comparison->pairings, comparison->count, sizeof *comparison->pairings, by_change);
    return true;
}

void toolbar__comparison_free(struct toolbar__comparison *comparison)
{
    free(comparison->pairings);
    *comparison = (struct toolbar__comparison){0};
}
