#!/usr/bin/env bash
# Measures what the toolbar costs: a server that carries it beside the same server without a line
# of it, in turns. Prints a table, and writes it to build/bench: as bench.json, and as bench.md
# what README has of it. Where perf is there, profile.txt tells which functions take the time.
#   tests/bench/run.sh            everything (some ten minutes)
#   tests/bench/run.sh --quick    fewer and shorter rounds (under two minutes after the build)
#   --peers        Django with django-debug-toolbar on the same pages as well; installs them
#   --only A|B     only these groups: hidden wrong clients shown statement page own recording tls
#                  handshakes counted memory library profile peers
#   --build DIR    measures what is built there already
# Medians of all rounds count. Nothing else should keep the machine busy meanwhile.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
build=$root/build/bench
made=no
peers=no
size=full
only='.*'
export LC_ALL=C

say() { printf '%s\n' "$*" >&2; }

usage() {
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

while [ $# -gt 0 ]; do
    case $1 in
    --quick) size=quick ;;
    --smoke) size=smoke ;; # for the test that this still runs: nothing is worth reading then
    --peers) peers=yes ;;
    --only | --build)
        [ $# -gt 1 ] || usage
        if [ "$1" = --only ]; then
            only=$2
        else
            build=$(CDPATH='' cd -- "$2" && pwd)
            made=yes
        fi
        shift
        ;;
    *) usage ;;
    esac
    shift
done

case $size in
full) rounds=11 seconds=2 profiled=8000 ;;
quick) rounds=3 seconds=1 profiled=1000 ;;
smoke) rounds=1 seconds=1 profiled=3 ;;
esac

tool() { command -v "$1" >/dev/null 2>&1; }
wanted() { [[ $1 =~ ^($only)$ ]]; }

# ---- servers ----

declare -A url process

# start <name> <program and arguments>...: its address is then url[name].
start() {
    local name=$1 port scheme=http
    shift
    [[ " $* " != *' --tls '* ]] || scheme=https
    mkfifo "$work/$name.port"
    "$@" >"$work/$name.port" 2>"$work/$name.log" &
    process[$name]=$!
    read -r port <"$work/$name.port" || {
        say "$name did not start:" && cat "$work/$name.log" >&2
        exit 1
    }
    rm "$work/$name.port"
    url[$name]=$scheme://127.0.0.1:$port
}

stop() {
    local name
    for name; do
        [ -n "${process[$name]-}" ] || continue
        kill "${process[$name]}" 2>/dev/null || true
        wait "${process[$name]}" 2>/dev/null || true
        unset "process[$name]"
    done
}

# with <name>... -- <command>: starts the servers of these names, runs it, stops them.
with() {
    local names=()
    while [ "$1" != -- ]; do
        names+=("$1")
        start_named "$1"
        shift
    done
    shift
    "$@"
    stop "${names[@]}"
}

# A name is that of the program, and after dots how it runs.
start_named() {
    local command=("$bin/bench-${1%%.*}") prefix=()
    case $1 in
    django*)
        prefix=(env "BENCH_TOOLBAR=${1#django.}" "BENCH_DATABASE=$work/people" PYTHONDONTWRITEBYTECODE=1)
        command=(gunicorn --chdir "$here/peers" -c "$here/peers/gunicorn.py" django_pages)
        ;;
    *.database) command+=(--database "$work/people") ;;
    esac
    case $1 in *.tls*) command+=(--tls "$work/certificate.pem" "$work/key.pem") ;; esac
    case $1 in *.two*) command+=(--threads 2) ;; esac
    case $1 in
    *.heap | *.history) prefix=(env "LD_PRELOAD=$bin/libbench-heap.so") ;;
    *.counted) prefix=(valgrind -q --tool=callgrind "--callgrind-out-file=$work/count.$1") ;;
    *.profiled) prefix=("${profiler[@]}" -o "$work/perf.$1") ;;
    esac
    start "$1" "${prefix[@]}" "${command[@]}"
}

clean() {
    stop "${!process[@]}"
    rm -rf "$work"
}

# ---- what is measured with ----

build_all() {
    local log=$build/build.log
    mkdir -p "$build"
    say "Building in $build ..."
    (cd "$root" && cmake --preset release -B "$build" -DTOOLBAR_BUILD_TESTS=ON -DTOOLBAR_BUILD_DEMO=OFF &&
        cmake --build "$build" --target bench --parallel "$(nproc || echo 2)") >"$log" 2>&1 || {
        tail -n 30 "$log" >&2
        exit 1
    }
}

# Debian's gunicorn runs with Debian's Python, whatever other there is.
peers_are_here() { tool gunicorn && /usr/bin/python3 -c 'import django, debug_toolbar' 2>/dev/null; }

install_peers() {
    local packages=(gunicorn python3-django python3-django-debug-toolbar)
    peers_are_here && return
    if tool apt-get && [ "$(id -u)" -eq 0 ]; then
        say "Installing ${packages[*]}"
        { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
            --no-install-recommends "${packages[@]}"; } </dev/null >"$build/peers.log" 2>&1 || true
        peers_are_here && return
    fi
    say 'Run this as root, then try again:'
    say "  apt-get update && apt-get install --no-install-recommends ${packages[*]}"
    exit 1
}

make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=localhost \
        -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
    # The groups that browsers offer, for clients of OpenSSL's.
    printf '%s\n' 'openssl_conf = start' '[start]' 'ssl_conf = tls' '[tls]' 'system_default = browser' \
        '[browser]' 'Groups = X25519:P-256:P-384' >"$work/openssl.cnf"
    export OPENSSL_CONF=$work/openssl.cnf
}

# in_turns <group>...: all of them in each round.
in_turns() {
    local round group
    for ((round = 1; round <= rounds; round++)); do
        for group; do
            wanted "$group" || continue
            say "round $round of $rounds: $group"
            "group_$group"
        done
    done
}

measure() {
    with front hooks -- check_servers front hooks
    if tool wrk; then
        with floor front hooks -- in_turns hidden wrong
        ! wanted clients || with floor front floor.two front.two -- in_turns clients
    else
        without 'wrk is not installed' '^(hidden|wrong).*rate$|^clients'
    fi
    with floor front hooks -- in_turns shown statement page own
    in_turns recording
    if tool wrk && tool openssl; then
        make_certificate
        ! wanted tls || with floor.tls front.tls -- in_turns tls
        ! wanted handshakes || with front.tls -- in_turns handshakes
    else
        without 'wrk and openssl are not installed' '^(tls|handshake)'
    fi
    ! wanted counted || measure_counted
    ! wanted memory || measure_memory
    ! wanted library || once_library
    [ $peers = no ] || measure_peers
}

# The floor makes the people; then all read the same ones.
measure_peers() {
    with floor.database -- true
    with floor front django. django.lazy django.whole -- in_turns peers
}

measure_counted() {
    if tool valgrind && valgrind -q --tool=none "$bin/bench-crypto" 1 >/dev/null 2>&1; then
        with floor.counted front.counted hooks.counted -- once_counted
    else
        without 'valgrind is not there or cannot run this build' '(instructions|allocations|calls)$'
    fi
}

measure_memory() {
    if LD_PRELOAD=$bin/libbench-heap.so "$bin/bench-crypto" 1 >/dev/null 2>&1; then
        with floor.heap front.heap front.tls.heap front.history -- once_memory
    else
        without 'this build has an allocator of its own' '^memory'
    fi
}

# By the clock, because a virtual machine may have no counters. perf writes what it has at its end.
frequency=997 # samples a second
profiler=(perf record -q -N -e cpu-clock -F "$frequency" --strict-freq)

measure_profile() {
    local server sum
    rm -f "$build/profile.txt"
    if ! tool perf || ! "${profiler[@]}" -o "$work/perf" true >/dev/null 2>&1; then
        say 'perf is not there or may not be used here: no profile'
        return
    fi
    for server in floor front; do
        with $server.profiled -- once_profile $server.profiled
        for sum in dso dso,symbol; do
            perf report -i "$work/perf.$server.profiled" --stdio -n --sort $sum \
                >"$work/$server.$sum" 2>"$work/perf.log" || {
                say 'No profile:' && cat "$work/perf.log" >&2
                return
            }
        done
    done
    {
        echo "A shown request with 51 queries: µs of processor time$(without_kernel)"
        echo '    added     floor   toolbar'
        added_time dso
        echo
        added_time dso,symbol | head -n 60
    } >"$build/profile.txt"
}

# To who may not see the kernel, perf shows only the rest.
without_kernel() {
    ! perf evlist -i "$work/perf.front.profiled" | grep -q ':u' || echo ", without the kernel's"
}

# added_time <what perf has summed up by>
added_time() {
    awk -v "requests=$profiled" -v "frequency=$frequency" -f "$here/profile.awk" \
        "$work/floor.$1" "$work/front.$1" | sort -rn
}

# Whether every row has its numbers or a reason.
complete() {
    local row missing=0
    for row in $(row_names | grep -v '^peers'); do
        grep -q "^$row " "$samples" || {
            say "Nothing is known about $row"
            missing=1
        }
    done
    return $missing
}

report() { awk -v "format=$1" -f "$here/report.awk" "$here/rows" "$samples"; }

[ $made = yes ] || build_all
[ $peers = no ] || install_peers
bin=$build/tests/bench
work=$(mktemp -d)
trap clean EXIT
trap 'exit 1' INT TERM
samples=$work/samples
: >"$samples"
BENCH_KEY=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export BENCH_KEY
nothing='DNT: 1' # instead of a key
wrong="MYAPPKEY: $(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"

# shellcheck source=tests/bench/rows.sh
. "$here/rows.sh"
measure
report json >"$build/bench.json"
report markdown >"$build/bench.md"
report table
! wanted profile || measure_profile
[ ! -e "$work/failed" ] && { [ "$only" != '.*' ] || complete; }
