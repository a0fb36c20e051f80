#!/bin/sh
# Compiles the examples of README.md against the installed library, as a reader would who copies
# them: the first C example, and every later one that has #include lines of its own, as a whole
# file. One with a main() is linked too.
# Usage: readme.sh SOURCE PREFIX SCRATCH
set -eu
readme=$1/README.md
prefix=$2
scratch=$3/readme
mkdir -p "$scratch"

awk -v to="$scratch/example" '
/^```c$/ { inside = 1; number++; next }
/^```/ { inside = 0 }
inside { print >(to number ".c") }' "$readme"
if [ ! -s "$scratch/example1.c" ]; then
    echo "README.md has no example that begins with \`\`\`c" >&2
    exit 1
fi

PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name debugtoolbar.pc)")
export PKG_CONFIG_PATH
# try <source>: pkg-config escapes the spaces in a path, so the shell has to read its words.
try() {
    eval "${CC:-cc} ${CFLAGS:-} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-parameter \
        $(pkg-config --cflags debugtoolbar)" -c -o '"$scratch/example.o" "$1"'
    if grep -qE '\bmain *\(' "$1"; then
        eval "${CC:-cc} ${CFLAGS:-}" -o '"$scratch/example" "$scratch/example.o"' \
            "$(pkg-config --libs debugtoolbar-sqlite3)"
    fi
}
whole=0
for example in "$scratch"/example?.c; do
    [ "$example" = "$scratch/example1.c" ] || grep -q '^#include' "$example" || continue
    try "$example"
    whole=$((whole + 1))
done
# The server and the panel.
[ "$whole" -ge 2 ] || { echo "only $whole whole examples in README.md" >&2 && exit 1; }
