# Makes the report of the measurements: awk -f report.awk -v format=table|markdown|json ROWS SAMPLES
# A line of SAMPLES is "id a b", one for each round, or "id - reason" if there could be none.
# The median over the rounds counts; the spread is half of what the middle half covers, of it.

BEGIN { FS = "|" }

FNR == NR {
    if (/^#/) next
    order[++rows] = $1
    what[$1] = $2; figure[$1] = $3; unit[$1] = $4; scale[$1] = $5 ? $5 : 1; target[$1] = $6
    next
}

FNR == 1 { FS = " "; $0 = $0 }

$2 == "-" { reason[$1] = substr($0, length($1) + 4); next }

{
    id = $1
    if (!(id in what)) { print "report.awk: no row " id >"/dev/stderr"; exit 1 }
    n = ++rounds[id]
    a[id, n] = $2 + 0; b[id, n] = $3 + 0
    if (figure[id] == "ratio") f[id, n] = $2 > 0 ? $3 / $2 : 0
    else f[id, n] = ($3 - (figure[id] == "added" ? $2 : 0)) / scale[id]
}

# The q-th part of the row's values in order.
function quantile(values, id, q,    sorted, i, j, n, place, value) {
    n = rounds[id]
    for (i = 1; i <= n; i++) {
        value = values[id, i]
        for (j = i; j > 1 && sorted[j - 1] > value; j--) sorted[j] = sorted[j - 1]
        sorted[j] = value
    }
    place = 1 + (n - 1) * q
    i = int(place)
    return i < n ? sorted[i] + (place - i) * (sorted[i + 1] - sorted[i]) : sorted[n]
}

function digits(x) {
    x = x < 0 ? -x : x
    return x >= 100 ? "%.0f" : x >= 10 ? "%.1f" : x >= 1 ? "%.2f" : "%.3f"
}

# A figure that is next to nothing has no spread.
function percent(x) { return x < 10 ? sprintf("%.1f%%", 100 * x) : "" }

function number(x) { return sprintf(digits(x), x) }

# "yes", "no", or nothing where there is no target.
function met(id, value,    part) {
    split(target[id], part, " ")
    if (part[1] == ">=") return value >= part[2] ? "yes" : "no"
    if (part[1] == "<=") return value <= part[2] ? "yes" : "no"
    if (part[2] == "to") return value >= part[1] && value <= part[3] ? "yes" : "no"
    return ""
}

function measure(id) {
    middle = quantile(f, id, .5)
    spread = middle ? (quantile(f, id, .75) - quantile(f, id, .25)) / 2 / middle : 0
    if (spread < 0) spread = -spread
    floor = quantile(a, id, .5)
    toolbar = quantile(b, id, .5)
    ratio = figure[id] == "ratio" ? middle : floor ? toolbar / floor : 0
}

# printf counts bytes, and a µ has two.
function padded(text, width,    letters) {
    letters = text
    gsub(/µ/, "u", letters)
    while (length(letters) < width) { text = text " "; letters = letters " " }
    return text
}

function table_row(id) {
    if (!rounds[id]) {
        printf "%s  not measured: %s\n", padded(what[id], 66), reason[id]
        return
    }
    measure(id)
    printf "%s %10s %10s %8s  %s %6s  %s %s\n", padded(what[id], 66),
        figure[id] == "value" ? "" : number(floor), number(toolbar),
        figure[id] == "value" ? "" : number(ratio), padded(figure[id] == "ratio" ? "" : \
            (figure[id] == "added" && middle >= 0 ? "+" : "") number(middle) " " unit[id], 20),
        percent(spread), padded(target[id], 12), met(id, middle)
}

# Ratios only: of the floor's, or of what the target allows.
function markdown_row(id,    part, share, wanted) {
    if (target[id] == "" && id !~ /^peers/) return
    split(target[id], part, " ")
    wanted = target[id] (unit[id] ? " " unit[id] : "")
    sub(/^<=/, "≤", wanted)
    sub(/^>=/, "≥", wanted)
    measure(id)
    share = !rounds[id] ? reason[id] : figure[id] == "ratio" || !part[2] ? number(middle) : \
        number(middle / part[2]) " × target"
    printf "| %s | %s | %s |\n", what[id], wanted, share
}

function quoted(text) {
    gsub(/["\\]/, "\\\\&", text)
    return "\"" text "\""
}

function json_row(id, last) {
    printf "  {\"id\": %s, \"what\": %s, \"target\": %s, ", quoted(id), quoted(what[id]), quoted(target[id])
    if (rounds[id]) {
        measure(id)
        printf "\"rounds\": %d, \"floor\": %.6g, \"toolbar\": %.6g, \"ratio\": %.6g, ", rounds[id],
            floor, toolbar, ratio
        printf "\"figure\": %.6g, \"unit\": %s, \"spread\": %.4f, \"met\": %s}", middle,
            quoted(unit[id]), spread, met(id, middle) == "yes" ? "true" : \
                met(id, middle) == "no" ? "false" : "null"
    } else {
        printf "\"rounds\": 0, \"reason\": %s}", quoted(reason[id])
    }
    print last ? "" : ","
}

END {
    if (format == "table")
        printf "%s %10s %10s %8s  %s %6s  %s met\n", padded("what", 66), "floor", "toolbar", "ratio",
            padded("figure", 20), "spread", padded("target", 12)
    if (format == "markdown") print "| what | target | measured |\n|---|---|---|"
    if (format == "json") print "["
    for (i = 1; i <= rows; i++) if (rounds[order[i]] || order[i] in reason) shown[++count] = order[i]
    for (i = 1; i <= count; i++) {
        if (format == "table") table_row(shown[i])
        if (format == "markdown") markdown_row(shown[i])
        if (format == "json") json_row(shown[i], i == count)
    }
    if (format == "json") print "]"
}
