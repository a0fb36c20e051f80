/* A request as a command line that makes it again. */
#ifndef TOOLBAR_PANELS_CURL_H
#define TOOLBAR_PANELS_CURL_H

#include "base/text.h"
#include "record/recording.h"

/* Plain text. Masked values stay masked; the key is the shell's variable MYAPPKEY. */
void toolbar__curl(const struct toolbar_recording *recording, struct toolbar_text *text);

#endif
