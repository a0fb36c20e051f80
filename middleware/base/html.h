/*
 * HTML into a text. The verbs escape; markup goes in as string literals only
 * (toolbar_text_literal). Control characters, invalid UTF-8 and the invisible characters that
 * can reorder or hide text are made visible. What comes out is ASCII, because the page that it
 * goes into may be in any charset in which ASCII is ASCII; literals keep to that too.
 */
#ifndef TOOLBAR_BASE_HTML_H
#define TOOLBAR_BASE_HTML_H

#include "base/text.h"

/* A whole attribute with a space before it: ` name="value"`; the name is a literal. */
#define toolbar__html_attribute(text, name, data, length)                                          \
    (toolbar_text_literal((text), " " name "=\""), toolbar_html_bytes((text), (data), (length)),   \
     toolbar__text_char((text), '"'))

#endif
