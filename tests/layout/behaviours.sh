#!/bin/sh
# Checks the catalogue of behaviours: each row names tests that exist or says why it does not
# apply, and each section has rows.
# Usage: behaviours.sh ROOT
set -eu
cd "$1/tests"

# shellcheck disable=SC2016 # awk's own
awk -F ' *[|] *' '
function bad(why) {
    print FILENAME ":" FNR ": " why
    failed = 1
}

# "unit.base :: test_json" stands for that function in unit/test_base.c, a title in quotes for a
# test in browser/<name>.test.mjs, where the title may be a template.
function check_test(test,    part, place, path, wanted, template, line, found) {
    if (split(test, part, " :: ") != 2 || split(part[1], place, "[.]") != 2) {
        bad("no test: " test)
        return
    }
    if (place[1] == "browser") {
        path = "browser/" place[2] ".test.mjs"
        wanted = "it(" part[2] ","
        template = "it(`" substr(part[2], 2, length(part[2]) - 2) "`,"
    } else {
        path = place[1] "/test_" place[2] ".c"
        wanted = template = "static void " part[2] "(void **state)"
    }
    while ((getline line <path) > 0) {
        if (index(line, wanted) || index(line, template)) found = 1
    }
    close(path)
    if (!found) bad("no such test: " test)
    tests++
}

function check_proof(proof) {
    if (proof ~ /^`[^`]+`$/) check_test(substr(proof, 2, length(proof) - 2))
    else if (proof ~ /^does not apply: .*[a-z]/) reasons++
    else bad("neither a test nor a reason: " proof)
}

/^## / {
    section = substr($0, 4, 1)
}

/^[|]/ && $2 != "Behaviour" && $2 !~ /^-+$/ {
    rows++
    rows_of[section]++
    if (NF != 5 || !$2 || !$3) bad("not three cells: " $0)
    else for (i = split($4, proofs, / *<br> */); i > 0; i--) check_proof(proofs[i])
    if (NF == 5 && $4 == "") bad("an empty cell: " $0)
}

END {
    for (i = split("A B C D E F G H I", sections, " "); i > 0; i--) {
        if (!rows_of[sections[i]]) bad("no rows in section " sections[i])
    }
    print rows + 0 " rows: " tests + 0 " tests, " reasons + 0 " reasons"
    exit failed
}' behaviours.md
