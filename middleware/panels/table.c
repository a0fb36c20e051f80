/* All panels, in the order in which they are shown. */
#include "panels/panel.h"

extern const struct toolbar_panel toolbar__sql_panel;
extern const struct toolbar_panel toolbar__time_panel;

const struct toolbar_panel *const toolbar__panels[] = {
    &toolbar__sql_panel,
    &toolbar__time_panel,
    NULL,
};
