#!/bin/sh
# Builds the demo server and starts it; installs what is missing first.
#   demo/run.sh             debug mode: every HTTPS page shows the toolbar
#   demo/run.sh production  the toolbar only for who sends the secret key
# More arguments go to the server: demo/run.sh production --https-port 9443
# What it makes stays under build/. Standard output is the server's.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
data=$root/build/demo
key=$data/toolbar.key
packages='gcc libc6-dev make cmake pkg-config libmicrohttpd-dev libsqlite3-dev libmbedtls-dev libdw-dev curl'

say() { printf '%s\n' "$*" >&2; }

everything_is_here() {
    command -v cmake && command -v make && command -v cc && command -v pkg-config &&
        pkg-config --exists 'libmicrohttpd >= 0.9.73' 'sqlite3 >= 3.37' &&
        echo '#include <mbedtls/ssl.h>' | cc -E -
} >/dev/null 2>&1

say_how() {
    say 'Run this as root, then try again:'
    say "  apt-get update && apt-get install --no-install-recommends $packages"
    exit 1
}

install_packages() {
    if ! command -v apt-get >/dev/null; then
        say 'This is not a Debian-like system. Install what these Debian packages hold, then try again:'
        say "  $packages"
        exit 1
    fi
    sudo=
    if [ "$(id -u)" -ne 0 ]; then
        sudo=sudo
        command -v sudo >/dev/null || say_how
    fi
    say 'Installing what is missing ...'
    # shellcheck disable=SC2086 # one word a package
    if ! { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends $packages; } >&2; then
        say_how
    fi
}

build() {
    (cd "$root" && cmake --preset release -DTOOLBAR_BUILD_TESTS=OFF -DTOOLBAR_BUILD_REPORT=OFF \
        -DCMAKE_COMPILE_WARNING_AS_ERROR=OFF >&2 &&
        cmake --build build/release --target debugtoolbar-demo --parallel "$(nproc || echo 2)" >&2)
}

make_key() {
    mkdir -p "$data"
    [ -s "$key" ] && return
    (umask 077 && od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$key")
}

mode=debug
case ${1-} in
debug | production)
    mode=$1
    shift
    ;;
-h | --help)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit
    ;;
esac

everything_is_here || install_packages
build
make_key
if [ "$mode" = debug ]; then
    say 'The production way, with the key and the extension: demo/run.sh production'
    set -- --debug "$@"
fi
exec "$root/build/release/demo/debugtoolbar-demo" --secret-key-file "$key" \
    --database "$data/people.sqlite" --certificates "$data/certificates" "$@"
