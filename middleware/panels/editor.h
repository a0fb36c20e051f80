/* Places in the application's source, as links that open an editor if one was named. */
#ifndef TOOLBAR_PANELS_EDITOR_H
#define TOOLBAR_PANELS_EDITOR_H

#include "base/text.h"
#include "record/application.h"

/* A template may be used: an absolute URL that is no code and no data. */
bool toolbar__editor_allowed(const char *template);

/* "people.c:42", as a link if the application named an editor. */
void toolbar__editor_place(struct toolbar_text *html,
                           const struct toolbar__application *application, const char *file,
                           unsigned line);

/* The part behind the last slash. */
const char *toolbar__editor_base_name(const char *file);

#endif
