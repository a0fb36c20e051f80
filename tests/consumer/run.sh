#!/bin/sh
# Builds and runs a project that uses debugtoolbar, in one of the ways in which it can be had.
# Usage: run.sh package|pkgconfig|subdirectory|shared|static SOURCE PREFIX SCRATCH
# shared: with a shared library of ours; static: with an archive of SQLite's.
# CC and CFLAGS are those with which the library was built. PREFIX is where it was installed.
set -eu
way=$1
source=$2
prefix=$3
scratch=$4/$way
consumer=$source/tests/consumer
CC=${CC:-cc}
export CC CFLAGS="${CFLAGS:-}"
rm -rf "$scratch"
mkdir -p "$scratch"

fail() {
    echo "$1" >&2
    exit 1
}

use_prefix() {
    prefix=$1
    PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name debugtoolbar.pc)")
    export PKG_CONFIG_PATH
}

# run <directory>: the consumer without and with the front library, which defines $front.
front=sqlite3_step
run() {
    "$1/plain" || fail "plain failed with $?"
    "$1/front" || fail "front failed with $?"
    # In the executable itself: nothing that is loaded can come before it.
    nm "$1/front" | grep -q " T $front\$" || fail "the front library is not in front"
    ! nm "$1/plain" | grep -q " T $front\$" || fail "the front library came uninvited"
}

with_cmake() {
    cmake -S "$consumer" -B "$scratch/build" -DCMAKE_BUILD_TYPE=Debug "$@" >"$scratch/log"
    cmake --build "$scratch/build" -j 2 >>"$scratch/log"
    run "$scratch/build"
}

# pkg-config escapes the spaces in a path: the shell has to read its words.
with_pkgconfig() {
    eval "$CC $CFLAGS" -o '"$scratch/plain" "$consumer/main.c"' \
        "$(pkg-config --cflags --libs debugtoolbar)"
    eval "$CC $CFLAGS" -o '"$scratch/front" "$consumer/main.c"' \
        "$(pkg-config --cflags --libs debugtoolbar-sqlite3)"
    run "$scratch"
}

# exported <library>, needed <archive>: symbols, sorted.
exported() { nm -D --defined-only "$1" | awk '$2 != "A" { print $3 }' | sort -u; }
needed() { nm -u "$1" | awk '/ toolbar__/ { print $2 }' | sort -u; }

# What is exported is what the public headers declare, and besides only what the front library, on
# the other side, needs.
check_exports() {
    printf '#include <debugtoolbar/%s.h>\n' toolbar panel record mhd sqlite tls >"$scratch/all.c"
    eval "$CC -E $(pkg-config --cflags debugtoolbar)" '"$scratch/all.c"' | tr '\n' ' ' |
        grep -oE 'visibility\("default"\)[^;]*;' | grep -oE '\btoolbar_[a-z0-9_]+ *\(' | tr -d ' (' |
        sort -u >"$scratch/declared"
    [ -s "$scratch/declared" ] || fail "no declaration found"
    # AddressSanitizer has a mark of its own for every exported variable.
    exported "$1" | grep -Ev '^(toolbar__|__odr_asan\.)' | diff "$scratch/declared" - ||
        fail "< is declared only, > is exported only"
    needed "$2" >"$scratch/needed"
    exported "$1" | grep '^toolbar__' | comm -23 - "$scratch/needed" >"$scratch/private"
    [ ! -s "$scratch/private" ] || fail "exported, but nobody's: $(cat "$scratch/private")"
}

case $way in
package)
    use_prefix "$prefix"
    with_cmake "-DCMAKE_PREFIX_PATH=$prefix"
    ;;
pkgconfig)
    use_prefix "$prefix"
    with_pkgconfig
    ;;
subdirectory)
    with_cmake "-DTOOLBAR_SOURCE_DIR=$source"
    [ ! -e "$scratch/build/debugtoolbar/demo" ] || fail "the demo was built without being asked for"
    ;;
shared)
    cmake -S "$source" -B "$scratch/library" -DBUILD_SHARED_LIBS=ON -DTOOLBAR_BUILD_TESTS=OFF \
        -DTOOLBAR_BUILD_DEMO=OFF -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_BUILD_TYPE=Debug >"$scratch/log"
    cmake --build "$scratch/library" -j 2 >>"$scratch/log"
    cmake --install "$scratch/library" --prefix "$scratch/moved" >>"$scratch/log"
    use_prefix "$scratch/moved"
    library=$(find "$prefix" -name libdebugtoolbar.so)
    check_exports "$library" "${library%.so}_sqlite3.a"
    with_cmake "-DCMAKE_PREFIX_PATH=$prefix"
    LD_LIBRARY_PATH=$(dirname "$library")
    export LD_LIBRARY_PATH
    with_pkgconfig
    ;;
static)
    use_prefix "$prefix"
    mkdir -p "$scratch/sqlite"
    cp "$(pkg-config --variable=libdir sqlite3)/libsqlite3.a" "$scratch/sqlite/"
    {
        echo 'Name: SQLite' && echo 'Description: only an archive'
        echo "Version: $(pkg-config --modversion sqlite3)"
        echo "Libs: -L\"$scratch/sqlite\" -lsqlite3 -lm -lpthread"
    } >"$scratch/sqlite/sqlite3.pc"
    export PKG_CONFIG_PATH="$scratch/sqlite:$PKG_CONFIG_PATH"
    front=__wrap_sqlite3_step
    with_cmake "-DCMAKE_PREFIX_PATH=$prefix" -DSQLITE_IS_STATIC=ON
    ! ldd "$scratch/build/front" | grep sqlite || fail "SQLite is there twice"
    ;;
*) fail "no such way: $way" ;;
esac
