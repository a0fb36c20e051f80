/*
 * What must not be stored of text that people write: messages, contexts of templates, keys of
 * caches. Lines are judged one by one.
 */
#ifndef TOOLBAR_RECORD_MASK_TEXT_H
#define TOOLBAR_RECORD_MASK_TEXT_H

#include <stdbool.h>

#include "base/text.h"

/*
 * Appends the text. Behind a telling name and = or :, the rest of its line becomes ********, for
 * nobody knows where the value ends; so does a line with something in it that looks like a
 * secret. In strict mode all lines keep at most the name in front of the first = or :.
 */
void toolbar__mask_text(struct toolbar_text *text, const char *data, size_t length, bool strict);

#endif
