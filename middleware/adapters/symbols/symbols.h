/*
 * Names for addresses in code. Once found a name is kept for the life of the process, so that
 * finding it, which may mean reading debug information, is paid for once.
 */
#ifndef TOOLBAR_ADAPTERS_SYMBOLS_SYMBOLS_H
#define TOOLBAR_ADAPTERS_SYMBOLS_SYMBOLS_H

#include "record/stack.h"

/* Fills in the rest of a frame that has its address. From any thread. */
void toolbar__symbol_name(struct toolbar__frame *frame);

#endif
