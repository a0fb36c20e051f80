/* All panels, in the order in which they are shown. */
#include "panels/panel.h"

extern const struct toolbar__panel toolbar__sql_panel;
extern const struct toolbar__panel toolbar__time_panel;

const struct toolbar__panel *const toolbar__panels[] = {
    &toolbar__sql_panel,
    &toolbar__time_panel,
    NULL,
};
