#!/bin/sh
# Plants wrong includes, one at a time, in a copy of the sources, and wants arrows.sh to find each.
# Usage: arrows_selftest.sh ROOT
set -eu
root=$1
here=$(dirname "$0")
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -R "$root/middleware" "$copy/"
failed=0

# Reads lines of a file below middleware/ and a line to plant in it; yes or no: is it allowed?
while IFS='|' read -r allowed file line; do
    file=$copy/middleware/$file
    cp "$file" "$copy/kept"
    echo "$line" >>"$file"
    if sh "$here/arrows.sh" "$copy" >"$copy/report"; then found=yes; else found=no; fi
    cp "$copy/kept" "$file"
    if [ "$found" != "$allowed" ]; then
        echo "allowed should be $allowed: $file: $line"
        cat "$copy/report"
        failed=1
    fi
done <<'END'
yes|base/text.h|#include <string.h>
yes|record/recording.c|#include "base/text.h"
yes|routes/routes.c|#include "panels/panel.h"
yes|toolbar.c|#include "routes/routes.h"
yes|adapters/mhd/handler.c|#include "toolbar.h"
yes|adapters/mhd/handler.c|#include <microhttpd.h>
yes|base/digest.c|#include <mbedtls/md.h>
no|base/text.h|#include "record/recording.h"
no|record/recording.c|#include "gate/gate.h"
no|gate/gate.h|#include "page/page.h"
no|panels/table.c|#include "history/store.h"
no|page/filter.c|  #  include "panels/panel.h"
no|history/memory.c|#include "routes/routes.h"
no|routes/routes.c|#include "toolbar.h"
no|toolbar.c|#include "adapters/mhd/reader.h"
no|page/filter.c|#include "filter.h"
no|page/filter.c|#include "../page/filter.h"
no|page/filter.c|#include <debugtoolbar/mhd.h>
no|include/debugtoolbar/toolbar.h|#include "base/text.h"
no|include/debugtoolbar/toolbar.h|#include <sqlite3.h>
no|include/debugtoolbar/tls.h|#include <mbedtls/ssl.h>
no|toolbar.c|#include <microhttpd.h>
no|base/digest.c|#include <sqlite3.h>
no|base/text.c|#include <gnutls/gnutls.h>
END

mkdir "$copy/middleware/manager"
: >"$copy/middleware/manager/manager.h"
echo '#include <stdio.h>' >"$copy/middleware/manager/manager.c"
if sh "$here/arrows.sh" "$copy" >/dev/null; then
    echo "a new room went unnoticed"
    failed=1
fi
exit $failed
