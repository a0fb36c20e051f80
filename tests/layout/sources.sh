#!/bin/sh
# Checks that each source, asset and test is in a list of the build, which would leave it out
# without a word; and that the lists are sorted. A listed file that is not there stops CMake.
# Usage: sources.sh ROOT
set -eu
cd "$1"
export LC_ALL=C
failed=0

# check <list file> <directory that its paths begin at> <find's expression>
check() {
    lists=$1 from=$2
    shift 2
    for file in $(cd "$from" && find . "$@" -type f | sed 's,^\./,,' | sort); do
        grep -qE "^ +$file\)?\$" "$lists" && continue
        echo "$from/$file is not listed in $lists" >&2
        failed=1
    done
    # Paths in indented lines of their own are a list; each set() or add_ begins a new one.
    awk -v lists="$lists" '
    /\($/ || /^[a-z ]*\([_a-zA-Z ]*$/ { before = "" }
    /^ +[a-z_0-9.\/]+\.(c|js|css|mjs)\)?$/ {
        file = $1
        sub(/\)$/, "", file)
        if (file <= before) { print lists ":" FNR ": " file " is not in its place"; failed = 1 }
        before = file
    }
    END { exit failed }' "$lists" >&2 || failed=1
}

check middleware/CMakeLists.txt middleware -name '*.c' ! -path './report/*'
check middleware/report/CMakeLists.txt middleware/report -name '*.c'
check middleware/CMakeLists.txt static \( -name '*.css' -o -name '*.js' \)
check tests/CMakeLists.txt tests \( -path './support/*.c' -o -path './unit/test_*.c' -o \
    -path './http/test_*.c' -o -path './fuzz/fuzz_*.c' -o \
    -path './browser/*.test.mjs' ! -path '*/node_modules/*' \)
exit $failed
