#!/bin/sh
# Compiles the first C example of README.md against the installed library, as a reader would who
# copies it: as a whole file. It is linked too if it has a main().
# Usage: readme.sh SOURCE PREFIX SCRATCH
set -eu
readme=$1/README.md
prefix=$2
scratch=$3/readme
mkdir -p "$scratch"

awk '/^```c$/ { inside = 1; next } /^```/ { if (inside) exit } inside' "$readme" >"$scratch/example.c"
if [ ! -s "$scratch/example.c" ]; then
    echo "README.md has no example that begins with \`\`\`c" >&2
    exit 1
fi

PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name debugtoolbar.pc)")
export PKG_CONFIG_PATH
# pkg-config escapes the spaces in a path: the shell has to read its words.
eval "${CC:-cc} ${CFLAGS:-} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-parameter \
    $(pkg-config --cflags debugtoolbar)" -c -o '"$scratch/example.o" "$scratch/example.c"'
if grep -qE '\bmain *\(' "$scratch/example.c"; then
    eval "${CC:-cc} ${CFLAGS:-}" -o '"$scratch/example" "$scratch/example.o"' \
        "$(pkg-config --libs debugtoolbar-sqlite3)"
fi
