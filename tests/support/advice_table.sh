#!/bin/sh
# What the advisor is tried on: runs the programs with its scenarios, and prints how many there are
# for each rule that must make it speak, and how many that must not.
set -u
rows=$(for program in "$@"; do
    "$program" 2>&1 || echo "failed $program"
done | grep -E '^(advice|failed) ')
printf '%s\n' "$rows" | awk '
    $1 == "failed" { print; wrong = 1; next }
    { found[$2] += $4; silent[$2] += $6 }
    END {
        printf "%-20s %6s %6s\n", "rule", "found", "silent"
        sort = "sort"
        for (rule in found) {
            printf "%-20s %6d %6d\n", rule, found[rule], silent[rule] | sort
            all_found += found[rule]
            all_silent += silent[rule]
            if (found[rule] < 5 || silent[rule] < 6) wrong = 1
        }
        close(sort)
        printf "%-20s %6d %6d   %d in all\n", "", all_found, all_silent, all_found + all_silent
        exit wrong || all_found + all_silent < 150
    }'
