#!/bin/sh
# Runs the tests; installs what they need first, where there is apt-get.
#   tests/run.sh          everything: gcc and clang, sanitizers, valgrind, clang-tidy (under 30 minutes)
#   tests/run.sh --quick  one debug build and the tests that are fast (under 3 minutes)
# Ends with ctest's summary; exits with 1 if anything failed. What it makes stays under build/.
set -u

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root" || exit 1
jobs=$(nproc 2>/dev/null || echo 2)
logs=$root/build/logs
report=$logs/steps
failed=

say() { printf '%s\n' "$*"; }

usage() {
    say 'usage: tests/run.sh [--quick]' >&2
    exit 2
}

quick=no
case $#,${1-} in
0,) ;;
1,--quick) quick=yes ;;
*) usage ;;
esac

# ---- what has to be installed ----

compiles() { echo "#include <$1>" | cc -E - >/dev/null 2>&1; }
package() { pkg-config --exists "$@" 2>/dev/null; }
tool() { command -v "$1" >/dev/null 2>&1; }

browser() {
    [ -n "${CHROMIUM-}" ] || tool chromium || tool chromium-browser || tool google-chrome
}

# Prints the Debian packages that are missing.
missing_packages() {
    { tool cc && tool c++ && tool make; } || echo build-essential
    tool cmake || echo cmake
    tool pkg-config || echo pkg-config
    package 'libmicrohttpd >= 0.9.73' || echo libmicrohttpd-dev
    package 'sqlite3 >= 3.37' || echo libsqlite3-dev
    compiles mbedtls/ssl.h || echo libmbedtls-dev
    package cmocka || echo libcmocka-dev
    package 'libcurl >= 7.85' || echo libcurl4-openssl-dev
    package 'jansson >= 2.10' || echo libjansson-dev
    package libdw || echo libdw-dev
    { tool clang-format-14 || tool clang-format; } || echo clang-format
    { tool ctags-universal || tool ctags; } || echo universal-ctags
    [ $quick = yes ] && return
    tool clang || echo clang
    { echo 'int main(void) { return 0; }' | clang -fsanitize=fuzzer-no-link,address -x c -o /dev/null -
    } >/dev/null 2>&1 || echo libclang-rt-dev
    # Reports of clang's sanitizers have no lines without it.
    tool llvm-symbolizer || echo llvm
    tool clang-tidy || echo clang-tidy
    tool valgrind || echo valgrind
    tool wrk || echo wrk
    tool openssl || echo openssl
    # Where they cannot be installed, ctest shows the browser tests as skipped.
    tool apt-get || return 0
    tool node || echo nodejs
    tool npm || echo npm
    browser || echo chromium
}

say_how() {
    say 'Run this as root, then try again:' >&2
    say "  apt-get update && apt-get install --no-install-recommends $*" >&2
}

install_packages() {
    # One word a package, here and below.
    # shellcheck disable=SC2046
    set -- $(missing_packages)
    [ $# -gt 0 ] || return 0
    sudo=
    if ! tool apt-get; then
        say "Missing; this is what Debian calls them: $*" >&2
        return 1
    elif [ "$(id -u)" -ne 0 ]; then
        sudo=sudo
        if ! tool sudo; then
            say_how "$@"
            return 1
        fi
    fi
    say "Installing $*"
    if ! { $sudo apt-get update -q && $sudo env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "$@"; } </dev/null; then
        say_how "$@"
        return 1
    fi
    # shellcheck disable=SC2046
    set -- $(missing_packages)
    [ $# -eq 0 ] || { say "Still missing: $*" >&2 && return 1; }
}

# The browser is driven by a package of npm's, in the version that the lock file names.
install_npm_packages() {
    tool npm || return 0
    (
        cd tests/browser && cmp -s package-lock.json node_modules/.installed && exit
        npm ci --no-audit --no-fund </dev/null && cp package-lock.json node_modules/.installed
    )
}

# ---- steps ----

# step <name> <command>...: runs it, notes how it went.
step() {
    name=$1
    shift
    printf '\n==== %s\n' "$name"
    began=$(date +%s)
    if "$@"; then
        result=passed
    else
        result=FAILED
        failed="$failed${failed:+, }$name"
    fi
    say "==== $name: $result"
    printf '%-10s %s in %d s\n' "$name" "$result" $(($(date +%s) - began)) >>"$report"
}

# logged <name> <command>...: shows its output and keeps it.
logged() {
    log=$logs/$1.log
    shift
    { "$@" 2>&1; echo $? >"$log.status"; } | tee "$log"
    return "$(cat "$log.status")"
}

# build <preset> <directory> <option of cmake>...
build() {
    preset=$1
    directory=build/$2
    shift 2
    cmake --preset "$preset" -B "$directory" "$@" &&
        cmake --build "$directory" -j "$jobs"
}

# check <directory> <option of ctest>...
check() {
    directory=$1
    shift
    # shellcheck disable=SC2086 # the launcher's words
    logged "$directory" $launcher ctest --test-dir "build/$directory" -j "$jobs" --output-on-failure \
        --no-tests=error "$@"
}

# watched <directory> <option of ctest>...: with sanitizers, whose reports are counted too when they
# come from a server that a test started and did not ask how it ended.
watched() {
    reports=$root/build/$1/reports
    rm -rf "$reports" && mkdir -p "$reports" || return
    (
        common="halt_on_error=1:exitcode=99:log_path=$reports/of"
        export ASAN_OPTIONS="$common:detect_leaks=1:detect_stack_use_after_return=1"
        export UBSAN_OPTIONS="$common:print_stacktrace=1"
        export TSAN_OPTIONS="$common:second_deadlock_stack=1"
        check "$@"
    )
    status=$?
    find "$reports" -type f -exec cat '{}' + | grep . && return 1
    return $status
}

run_dev() {
    build dev dev && cmake --build build/dev --target all_verify_interface_header_sets &&
        check dev "$@"
}

clang_flags='-O1 -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all'
run_clang() {
    CC=clang CXX=clang++ build dev clang -DCMAKE_C_FLAGS="$clang_flags" &&
        watched clang -L '^(unit|fuzz)$'
}

run_release() {
    build release release -DTOOLBAR_BUILD_TESTS=ON && check release -L unit
}

# One file at a time: with several, clang-tidy 14 takes every va_list for uninitialised.
run_tidy() {
    find middleware demo -name '*.c' | sort |
        xargs -P "$jobs" -n 1 clang-tidy -p build/dev --quiet >"$logs/tidy.log" 2>&1 && return
    grep -v 'warnings\{0,1\} generated' "$logs/tidy.log"
    return 1
}

# Running out of memory is for the sanitizers: hundreds of servers take too long here, and looking
# for an index gives up when it takes too long. Trees of the C library, which libdw uses, hide their
# pointers: what is only possibly lost is theirs.
run_valgrind() {
    # shellcheck disable=SC2016 # for the inner shell
    find "$root/build/dev/tests" -maxdepth 1 -name 'unit_*' ! -name 'unit_out_of_memory*' \
        ! -name 'unit_sqlite_front_index*' -type f -perm -100 | sort |
        xargs -P "$jobs" -I '{}' sh -c '
            name=$(basename "$1")
            mkdir -p "$2/valgrind_$name" && cd "$2/valgrind_$name" || exit
            if timeout 300 valgrind --quiet --error-exitcode=99 --leak-check=full \
                --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite "$1" >log 2>&1
            then echo "$name: nothing found"
            else echo "$name: FAILED" && cat log && exit 1
            fi' sh '{}' "$logs"
}

# The addresses that newer kernels give out at random are too far apart for ThreadSanitizer.
find_tsan_launcher() {
    echo 'int main(void) { return 0; }' >"$logs/tsan.c" &&
        cc -fsanitize=thread -o "$logs/tsan" "$logs/tsan.c" || return
    for launcher in '' "setarch $(uname -m) -R"; do
        $launcher "$logs/tsan" >/dev/null 2>&1 && return
    done
    say 'ThreadSanitizer does not work on this machine'
    return 1
}

run_tsan() {
    build tsan tsan && find_tsan_launcher || return
    watched tsan -L '^(unit|http)$'
    status=$?
    launcher=
    return $status
}

run_asan() {
    build asan asan && watched asan
}

# ctest's words on one directory's run, once more.
summary() { sed -n '/tests passed, /,$p' "$logs/$1.log"; }

mkdir -p "$logs"
: >"$report"
launcher=
install_packages || exit 1

if [ $quick = yes ]; then
    last=dev
    step dev run_dev -LE slow
else
    last=asan
    step npm install_npm_packages
    step dev run_dev -LE browser
    step clang run_clang
    step release run_release
    step tidy run_tidy
    step valgrind run_valgrind
    step tsan run_tsan
    step asan run_asan
fi

say ''
cat "$report"
[ -z "$failed" ] || say "FAILED: $failed"
say ''
summary $last
[ -z "$failed" ]
