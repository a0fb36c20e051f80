#!/bin/sh
# Checks that what is compiled without tables for unwinding calls nothing that could call the
# application, or be where a thread is cancelled: functions of its own kind, and of the C library
# those below. It looks at the objects, so that no call is overlooked.
# Usage: unwinding.sh FILE-WITH-PATHS-OF-OBJECTS SOURCE...
set -eu
objects=$1
shift
export LC_ALL=C
failed=0

# mbedTLS's digests call nothing but what was compiled into it.
harmless='bcmp calloc clock_gettime confstr free getrusage gmtime_r inet_ntop inet_pton mallinfo2
    malloc mbedtls_ct_memcmp mbedtls_md mbedtls_md_info_from_type mbedtls_platform_zeroize memchr
    memcmp memcpy memmem memmove memrchr memset pthread_mutex_destroy pthread_mutex_init
    pthread_mutex_lock pthread_mutex_unlock pthread_once qsort realloc snprintf strcasestr strchr
    strcmp strcspn strdup strftime strlen strncasecmp strncmp strndup strnlen strpbrk strrchr
    strspn strstr strtod strtoul strtoull syscall time timegm uname vsnprintf'
# Called by address, each known to be the library's own: ways to write, states of the scanner, ways
# to mask, the comparison of keys, names of rules, kinds of characters.
by_address=' advisor/n_plus_one.c page/scanner.c record/activity.c record/mask_url.c '
by_address="${by_address}record/mask_value.c record/secret.c record/silence.c record/sql_tokens.c "

listed() {
    for _source in "$@"; do
        grep -F "/$_source.o" "$objects" || { echo "$_source has no object" >&2 && return 1; }
    done
}
ours=$(listed "$@")
[ "$#" -gt 50 ] || { echo "Only $# sources" >&2 && exit 1; }

# shellcheck disable=SC2086 # one word an object
calls=$(nm -A $ours | awk -v harmless="$harmless" '
BEGIN {
    count = split(harmless, names)
    for (i = 1; i <= count; i++) defined[names[i]] = 1
}
$(NF - 1) == "U" { called[$NF] = called[$NF] " " $1 }
$(NF - 1) ~ /^[A-Z]$/ && $(NF - 1) != "U" { defined[$NF] = 1 }
END {
    for (name in called) {
        plain = name
        # Of sanitizers, of the compiler, of headers that check or choose a version.
        if (name ~ /^__(asan|ubsan|tsan|lsan|sanitizer|sancov|start___sancov|stop___sancov|gcov|stack_chk|aarch64)/) continue
        if (name ~ /^(_GLOBAL_OFFSET_TABLE_|__errno_location|__tls_get_addr)$/) continue
        sub(/^__isoc[0-9]+_/, "", plain)
        if (plain ~ /^__.*_chk$/) gsub(/^__|_chk$/, "", plain)
        if (!(plain in defined)) print name " is called by" called[name]
    }
}')
if [ -n "$calls" ]; then
    echo "These may call the application or wait, so what calls them needs tables for unwinding:"
    printf '%s\n' "$calls"
    failed=1
fi >&2

# How a call by address looks is known of one processor.
[ "$(uname -m)" = x86_64 ] || exit $failed
for source in "$@"; do
    case $by_address in *" $source "*) continue ;; esac
    functions=$(objdump -d --no-show-raw-insn "$(listed "$source")" | awk '
        /^[0-9a-f]+ </ { name = $2 }
        /call[a-z]* +\*/ && !/rip/ { print name }' | sort -u)
    if [ -n "$functions" ]; then
        echo "$source calls by address; is it the library's own function, always?" >&2
        echo "$functions" >&2
        failed=1
    fi
done
exit $failed
