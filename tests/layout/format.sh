#!/bin/sh
# Checks that clang-format would change nothing; says where it would, as lines per file.
# Usage: format.sh ROOT CLANG_FORMAT
set -eu
cd "$1"
"$2" --version
complaints=$(find middleware demo tests -name '*.[ch]' -not -path '*/node_modules/*' |
    LC_ALL=C sort | xargs "$2" --dry-run --Werror 2>&1) && exit
printf '%s\n' "$complaints" | grep ' error: ' | cut -d: -f1 | uniq -c
exit 1
