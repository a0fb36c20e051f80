// The public headers, in C++.
#include <debugtoolbar/mhd.h>
#include <debugtoolbar/panel.h>
#include <debugtoolbar/record.h>
#include <debugtoolbar/sqlite.h>
#include <debugtoolbar/tls.h>
#include <debugtoolbar/toolbar.h>

static_assert(sizeof(toolbar_options) > 0 && sizeof(toolbar_tls_options) > 0, "complete");

// Fails to link unless the declarations are C's.
decltype(&toolbar_new) headers_cxx = toolbar_new;
