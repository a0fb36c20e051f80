#!/bin/sh
# Checks the library's includes against the one direction in which they may point,
#   base <- record <- {gate, advisor, panels, page, history} <- routes <- toolbar <- adapters
# and that only the adapters include other libraries' headers. report/ is a program of its own: no
# room may include it.
# Usage: arrows.sh ROOT
set -eu
cd "$1"

# shellcheck disable=SC2016 # awk's own
find middleware -name '*.[ch]' -not -path 'middleware/report/*' | LC_ALL=C sort | xargs awk '
BEGIN {
    count = split("base record gate advisor panels page history routes toolbar adapters", room_at)
    split("0 1 2 2 2 2 2 3 4 5", level_at)
    for (i = 1; i <= count; i++) level[room_at[i]] = level_at[i]
}

# "page" for page/filter.c, "toolbar" for toolbar.c.
function room_of(path) {
    sub(/[\/.].*/, "", path)
    return path
}

function bad(why) {
    print FILENAME ":" FNR ": " why ": " $0
    failed = 1
}

function check_own(room, to) {
    if (room == "include") bad("a public header includes <debugtoolbar/...> only")
    else if (!(to in level)) bad("name the header by its room")
    else if (room != to && level[to] >= level[room]) bad(room " may not include " to)
}

function is_foreign(header) {
    if (header ~ /\//) return header !~ /^(sys|net|netinet|arpa|linux)\//
    return header ~ /^(microhttpd|sqlite3|sqlite3ext|zlib|cmocka)\.h$/
}

function may_include_foreign(path, header) {
    if (path == "include/debugtoolbar/mhd.h") return header == "microhttpd.h"
    if (path == "include/debugtoolbar/sqlite.h") return header == "sqlite3.h"
    if (path == "base/digest.c") return header ~ /^mbedtls\//
    return path ~ /^adapters\//
}

function check_angled(path, room, header) {
    if (header ~ /^debugtoolbar\/(toolbar|export|panel|record)\.h$/) return
    if (header ~ /^debugtoolbar\//) {
        if (room != "adapters" && room != "include") bad(room " may not include an adapter")
    } else if (is_foreign(header) && !may_include_foreign(path, header)) {
        bad("only adapters include other libraries")
    }
}

FNR == 1 {
    files++
    path = FILENAME
    sub(/^middleware\//, "", path)
    room = room_of(path)
    if (room != "include" && !(room in level)) bad("a room that the layout does not have")
}

/^[ \t]*#[ \t]*include/ {
    header = $0
    sub(/^[^"<]*["<]/, "", header)
    sub(/[">].*/, "", header)
    if ($0 ~ /</) check_angled(path, room, header)
    else check_own(room, room_of(header))
    includes++
}

END {
    print files + 0 " files, " includes + 0 " includes"
    if (!includes) failed = 1
    exit failed
}'
