#include "adapters/symbols/lines.h"

#include <stddef.h>

#ifdef TOOLBAR_WITH_LIBDW
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * Debug information is looked for in the files themselves and below /usr/lib/debug, and nowhere
 * else: the usual search may ask a server on the network.
 */
static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_linux_proc_find_elf,
    .find_debuginfo = dwfl_build_id_find_debuginfo,
};

/* Kept, because reading it again would take milliseconds. */
static Dwfl *session;

static void read_modules(void)
{
    if (!session) session = dwfl_begin(&callbacks);
    if (!session) return;
    dwfl_report_begin_add(session);
    dwfl_linux_proc_report(session, getpid());
    dwfl_report_end(session, NULL, NULL);
}

static Dwfl_Module *find_module(uintptr_t address)
{
    Dwfl_Module *module = session ? dwfl_addrmodule(session, address) : NULL;

    if (module) return module;
    /* The first, or of a library that has been loaded since. */
    read_modules();
    return session ? dwfl_addrmodule(session, address) : NULL;
}

/* The innermost function in the source, which may have been inlined into the one in the code. */
static const char *function_name(Dwfl_Module *module, uintptr_t address)
{
    Dwarf_Addr bias;
    Dwarf_Die *unit = dwfl_module_addrdie(module, address, &bias);
    Dwarf_Die *scopes = NULL;
    int count = unit ? dwarf_getscopes(unit, address - bias, &scopes) : 0;
    const char *name = NULL;

    for (int i = 0; i < count && !name; i++) {
        int tag = dwarf_tag(&scopes[i]);

        if (tag == DW_TAG_inlined_subroutine || tag == DW_TAG_subprogram) {
            name = dwarf_diename(&scopes[i]);
        }
    }
    free(scopes);
    return name ? name : dwfl_module_addrname(module, address);
}

struct toolbar__line toolbar__line_find(uintptr_t address)
{
    struct toolbar__line line = {.function = NULL};
    Dwfl_Module *module = find_module(address);
    Dwfl_Line *source;
    int number = 0;

    if (!module) return line;
    line.function = function_name(module, address);
    source = dwfl_module_getsrc(module, address);
    if (!source) return line;
    line.file = dwfl_lineinfo(source, NULL, &number, NULL, NULL, NULL);
    line.directory = dwfl_line_comp_dir(source);
    line.number = number > 0 ? (unsigned)number : 0;
    return line;
}
#else
struct toolbar__line toolbar__line_find(uintptr_t address)
{
    (void)address;
    return (struct toolbar__line){.function = NULL};
}
#endif
