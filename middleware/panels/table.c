/* All panels, in the order in which they are shown. */
#include "panels/panel.h"

extern const struct toolbar_panel toolbar__advice_panel;
extern const struct toolbar_panel toolbar__alerts_panel;
extern const struct toolbar_panel toolbar__connection_panel;
extern const struct toolbar_panel toolbar__headers_panel;
extern const struct toolbar_panel toolbar__request_panel;
extern const struct toolbar_panel toolbar__sql_panel;
extern const struct toolbar_panel toolbar__time_panel;
extern const struct toolbar_panel toolbar__messages_panel;
extern const struct toolbar_panel toolbar__cache_panel;
extern const struct toolbar_panel toolbar__templates_panel;
extern const struct toolbar_panel toolbar__static_files_panel;
extern const struct toolbar_panel toolbar__settings_panel;
extern const struct toolbar_panel toolbar__versions_panel;
extern const struct toolbar_panel toolbar__memory_panel;

const struct toolbar_panel *const toolbar__panels[] = {
    &toolbar__sql_panel,          &toolbar__advice_panel,   &toolbar__time_panel,
    &toolbar__request_panel,      &toolbar__headers_panel,  &toolbar__connection_panel,
    &toolbar__messages_panel,     &toolbar__cache_panel,    &toolbar__templates_panel,
    &toolbar__static_files_panel, &toolbar__settings_panel, &toolbar__versions_panel,
    &toolbar__memory_panel,       &toolbar__alerts_panel,   NULL,
};
