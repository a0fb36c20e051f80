#include "record/application.h"

#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/text.h"
#include "record/mask.h"
#include "record/silence.h"

enum { ARENA_MAXIMUM = 1024 * 1024 };

static struct toolbar__fact *find(const struct toolbar__entries *facts, const char *name)
{
    struct toolbar__fact *fact = (struct toolbar__fact *)facts->first;

    while (fact && strcmp(fact->name, name) != 0) {
        fact = (struct toolbar__fact *)fact->entry.next;
    }
    return fact;
}

static const char *copy(struct toolbar__application *application, const char *string)
{
    return toolbar__arena_copy(&application->arena, string,
                               toolbar__utf8_cut(string, strlen(string), TOOLBAR__FACT_MAXIMUM));
}

static enum toolbar_error put(struct toolbar__application *application,
                              struct toolbar__entries *facts, unsigned maximum,
                              const struct toolbar__fact *what)
{
    const char *name = copy(application, what->name);
    const char *value = copy(application, what->value);
    const char *built = what->built ? copy(application, what->built) : NULL;
    struct toolbar__fact *fact;

    if (!name || !value || (what->built && !built)) return TOOLBAR_ERROR_MEMORY;
    fact = find(facts, name);
    if (!fact && facts->count == maximum) return TOOLBAR_ERROR_LIMIT;
    if (!fact) fact = toolbar__entries_add(facts, &application->arena, sizeof *fact, maximum);
    if (!fact) return TOOLBAR_ERROR_MEMORY;
    fact->name = name;
    fact->value = value;
    fact->built = built;
    return TOOLBAR_OK;
}

enum toolbar_error toolbar__application_setting(struct toolbar__application *application,
                                                const char *name, const char *value, bool strict)
{
    struct toolbar__fact fact = {.name = name, .value = value};

    if (!name || !*name || !value) return TOOLBAR_ERROR_ARGUMENT;
    if (strict || toolbar__mask_name(name, strlen(name)) ||
        toolbar__mask_value(value, strlen(value))) {
        fact.value = "********";
    }
    return put(application, &application->settings, TOOLBAR__SETTINGS_MAXIMUM, &fact);
}

enum toolbar_error toolbar__application_version(struct toolbar__application *application,
                                                const char *name, const char *version,
                                                const char *built)
{
    struct toolbar__fact fact = {.name = name, .value = version, .built = built};

    if (!name || !*name || !version) return TOOLBAR_ERROR_ARGUMENT;
    if (built && strcmp(built, version) == 0) fact.built = NULL;
    return put(application, &application->versions, TOOLBAR__VERSIONS_MAXIMUM, &fact);
}

static void system_versions(struct toolbar__application *application)
{
    struct utsname system;
#ifdef _CS_GNU_LIBC_VERSION
    char library[64];
    size_t length = confstr(_CS_GNU_LIBC_VERSION, library, sizeof library);

    if (length > 1 && length <= sizeof library) {
        toolbar__application_version(application, "C library", library, NULL);
    }
#endif
    if (uname(&system) == 0) {
        toolbar__application_version(application, system.sysname, system.release, NULL);
    }
}

void toolbar__application_init(struct toolbar__application *application)
{
    toolbar__arena_init(&application->arena, ARENA_MAXIMUM);
    toolbar__application_version(application, "debugtoolbar", TOOLBAR_VERSION, NULL);
#ifdef __clang__
    toolbar__application_version(application, "Compiler", __VERSION__, NULL);
#elif defined __GNUC__
    toolbar__application_version(application, "Compiler", "GCC " __VERSION__, NULL);
#endif
    system_versions(application);
}

void toolbar__application_free(struct toolbar__application *application)
{
    toolbar__silences_free(application->silences);
    toolbar__arena_free(&application->arena);
}
