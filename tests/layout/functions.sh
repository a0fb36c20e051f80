#!/bin/sh
# Checks that no function is longer than 60 lines.
# Usage: functions.sh ROOT CTAGS
set -eu
cd "$1"

find middleware demo tests -name '*.c' -not -path '*/node_modules/*' | LC_ALL=C sort |
    xargs "$2" --options=NONE --languages=C --kinds-C=f --fields=+ne -f - |
    awk -F '\t' '
{
    start = end = 0
    for (i = 4; i <= NF; i++) {
        if ($i ~ /^line:/) start = substr($i, 6)
        if ($i ~ /^end:/) end = substr($i, 5)
    }
    if (!end) next
    functions++
    if (end - start + 1 > 60) {
        print $2 ":" start ": " $1 " has " end - start + 1 " lines"
        failed = 1
    }
}
END {
    print functions + 0 " functions"
    if (functions < 50) failed = 1
    exit failed
}'
