/* The name of the application's handler, where the dynamic linker knows it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "adapters/mhd/facts.h"

TOOLBAR_EXPORT enum MHD_Result exported_handler(void *cls, struct MHD_Connection *connection,
                                                const char *url, const char *method,
                                                const char *version, const char *data, size_t *size,
                                                void **req_cls);

enum MHD_Result exported_handler(void *cls, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *data,
                                 size_t *size, void **req_cls)
{
    (void)cls, (void)connection, (void)url, (void)method, (void)version, (void)data, (void)size;
    (void)req_cls;
    return MHD_YES;
}

static enum MHD_Result hidden_handler(void *cls, struct MHD_Connection *connection, const char *url,
                                      const char *method, const char *version, const char *data,
                                      size_t *size, void **req_cls)
{
    (void)cls, (void)connection, (void)url, (void)method, (void)version, (void)data, (void)size;
    (void)req_cls;
    return MHD_NO;
}

static void names_of_functions(void **state)
{
    (void)state;
    assert_string_equal(toolbar__facts_function(exported_handler), "exported_handler");
    assert_null(toolbar__facts_function(hidden_handler));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_of_functions)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
