# What the toolbar adds, in µs a request, out of two profiles of as many `requests`: the floor's and
# the toolbar's. Each line of a profile is <share> <samples> <library or function>.
/^ *[0-9.]+%/ {
    time_us = $2 * 1e6 / frequency / requests
    $1 = $2 = ""
    gsub(/^ +|[- ]+$/, "")
    if (FILENAME == ARGV[1]) floor[$0] += time_us
    else toolbar[$0] += time_us
    names[$0]
}

END {
    for (name in names) {
        printf "%9.2f %9.2f %9.2f  %s\n", toolbar[name] - floor[name], floor[name], toolbar[name], name
    }
}
