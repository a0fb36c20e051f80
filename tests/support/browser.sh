#!/bin/sh
# Runs one browser test. Exits with 77, which ctest shows as skipped, where there is no browser.
# Usage: browser.sh FILE, in the directory with the tests' node_modules.
set -eu

skip() {
    echo "skipped: $1"
    exit 77
}

if [ -z "${CHROMIUM:-}" ]; then
    CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
        skip "no Chromium; install it or set CHROMIUM"
fi
command -v node >/dev/null || skip "no node"
[ -d node_modules ] || skip "run npm ci in tests/browser"
export CHROMIUM
exec node --test "$1"
