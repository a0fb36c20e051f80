#!/bin/sh
# Checks what a search can check of how the code reads: the length of files, calls that are
# banned, notes to oneself.
# Usage: limits.sh ROOT
set -u
cd "$1" || exit 1
failed=0

complain() {
    if [ -n "$2" ]; then
        printf '%s\n%s\n' "$1" "$2"
        failed=1
    fi
}

files() {
    find "$@" -type f -not -path '*/node_modules/*' -not -name package-lock.json
}

sources=$(files middleware demo static tests cmake | grep -E '\.(c|h|cpp|js|mjs|css|html|sh|cmake)$')
count=$(printf '%s\n' "$sources" | wc -l)
[ "$count" -gt 20 ] || complain "Only $count sources found" "$(pwd)"

complain "Over 500 lines:" "$(printf '%s\n' "$sources" | xargs wc -l |
    awk '$1 > 500 && $2 != "total"')"
complain "Banned calls:" "$(files middleware demo tests -name '*.[ch]' | xargs grep -nE \
    '\b(v?sprintf|strcpy|strcat|strtok|gets|alloca|atoi|atol|atof)[[:space:]]*\(')"
complain "The library neither prints nor exits:" "$(files middleware -name '*.[ch]' \
    -not -path 'middleware/report/*' | xargs grep -nE '(^|[^_[:alnum:]])(printf|puts|putchar|perror|v?fprintf|exit|_exit|abort|system|popen)[[:space:]]*\(')"
complain "Markup from strings, or code from strings:" "$(files static demo | xargs grep -nIE \
    'innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(')"
complain "Notes to oneself:" "$(printf '%s\n' "$sources" |
    xargs grep -nE '\b(TO[D]O|FIX[M]E|X[X]X)\b')"
complain "Trailing white space or tabs:" "$(printf '%s\n' "$sources" | xargs grep -nE \
    "[[:space:]]+\$|$(printf '\t')" | head -n 20)"
exit $failed
