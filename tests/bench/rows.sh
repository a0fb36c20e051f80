# How the rows are measured: one function for each group of rows, called once a round, so that
# floor and toolbar take turns. Read by run.sh, which has the servers.
# shellcheck shell=bash

headers=$here/headers
forwarded='X-Forwarded-Proto: https'

# sample <row> <floor's> <toolbar's>
sample() {
    [[ "$2 $3" =~ ^[-+.e0-9]+\ [-+.e0-9]+$ ]] && echo "$1 $2 $3" >>"$samples" && return
    say "$1: no measurement"
    touch "$work/failed"
}

# without <reason> <regular expression of rows>
without() {
    local row
    for row in $(row_names | grep -E "$2"); do echo "$row - $1" >>"$samples"; done
}

row_names() { sed -n 's/^\([a-z][^|]*\)|.*/\1/p' "$here/rows"; }

calculate() { awk "BEGIN { printf \"%.9g\", $1 }"; }

mean() { awk '{ sum += $1 } END { if (NR) print sum / NR }'; }

# client <server> <path> <argument of the client>...
client() {
    local url=${url[$1]}$2
    shift 2
    "$bin/bench-client" -f "$headers" -H "$forwarded" "$@" "$url"
}

# value <name>: of the name=value pairs on standard input.
value() { tr ' ' '\n' | sed -n "s/^$1=//p"; }

shown() { printf 'MYAPPKEY: %s' "$BENCH_KEY"; }

# cpu <server> <path> <requests> <header>: µs a request, the least of three bursts.
cpu() {
    local burst
    for burst in 1 2 3; do
        client "$1" "$2" -n "$(few "$3")" -H "$4" | value cpu_us
    done | sort -g | head -n 1
}

# used <server> <name>: that number at the moment.
used() { "$bin/bench-client" -n 1 -b "${url[$1]}/usage" | value "$2"; }

# few <number>: as many, or hardly any if nothing is to be measured.
few() { [ "$size" = smoke ] && echo 3 || echo "$1"; }

# rate <server> <path> <connections> <header>: requests a second.
rate() {
    local line options=()
    while read -r line; do options+=(-H "$line"); done <"$headers"
    wrk -t1 -c"$3" -d"$seconds" "${options[@]}" -H "$forwarded" -H "$4" "${url[$1]}$2" |
        awk '/^Requests\/sec:/ { print $2 } /Non-2xx|Socket errors/ { print >"/dev/stderr" }'
}

# pair <row> <cpu or rate> <floor's server> <toolbar's server> <argument>...: which of them goes
# first changes from round to round.
pair() {
    local floor toolbar
    if ((round % 2)); then
        floor=$("$2" "$3" "${@:5}")
        toolbar=$("$2" "$4" "${@:5}")
    else
        toolbar=$("$2" "$4" "${@:5}")
        floor=$("$2" "$3" "${@:5}")
    fi
    sample "$1" "$floor" "$toolbar"
}

# instructions <server> <path> <requests> <header>: those of one request, without the first ones.
instructions() {
    local none all
    counted "$1" "$2" 1 "$4" >/dev/null
    none=$(counted "$1" "$2" 0 "$4")
    all=$(counted "$1" "$2" "$3" "$4")
    echo "$all" >"$work/last.$1"
    calculate "(${all%% *} - ${none%% *}) / $3"
}

# Callgrind writes what was counted since the last time whenever the client asks what was used.
counted() {
    client "$1" "$2" -n "$3" -H "$4" >/dev/null
    awk -f "$here/counts.awk" "$(printf '%s\n' "$work/count.$1".* | sort -V | tail -n 1)"
}

# counts <server> <field>: of counts.awk, for the last requests of instructions().
counts() { cut -d' ' -f"$2" "$work/last.$1"; }

# instructions_rows <part of row> <path> <requests> <header>
instructions_rows() {
    local floor
    floor=$(instructions floor.counted "$2" "$3" "$4")
    sample "$1.instructions" "$floor" "$(instructions front.counted "$2" "$3" "$4")"
    sample "$1.hooks.instructions" "$floor" "$(instructions hooks.counted "$2" "$3" "$4")"
}

# The figures mean nothing unless the key shows the panel, and nothing else does.
check_servers() {
    local server
    for server; do
        client "$server" /plain -b -H "$(shown)" | grep -q '<debug-toolbar ' &&
            ! client "$server" /plain -b -H "$wrong" | grep -q '<debug-toolbar ' &&
            ! client "$server" /plain -b | grep -q '<debug-toolbar ' && continue
        say "$server does not show the panel as it should"
        exit 1
    done
}

# ---- groups ----

group_hidden() {
    pair hidden.rate rate floor front /fathers/50 8 "$nothing"
    pair hidden.hooks.rate rate floor hooks /fathers/50 8 "$nothing"
}

group_wrong() {
    pair wrong.rate rate floor front /statements/2000 8 "$wrong"
    pair wrong.hooks.rate rate floor hooks /statements/2000 8 "$wrong"
}

group_shown() {
    pair shown.cpu cpu floor front /fathers/50 150 "$(shown)"
    pair shown.hooks.cpu cpu floor hooks /fathers/50 150 "$(shown)"
    pair plain.cpu cpu floor front /plain 500 "$(shown)"
}

group_statement() {
    pair statement.cpu cpu floor front /fathers/200 50 "$(shown)"
    pair statement.hooks.cpu cpu floor hooks /fathers/200 50 "$(shown)"
}

# A thread that waits for a lock gives up its processor, which tells of it even where others keep
# the machine so busy that rates tell nothing.
group_clients() {
    local server before two waits=() gains=()
    for server in floor front; do
        before=$(used "$server.two" waits)
        two=$(rate "$server.two" /fathers/50 8 "$(shown)")
        waits+=("$(calculate "($(used "$server.two" waits) - $before) / ($two * $seconds)")")
        gains+=("$(calculate "$two / $(rate "$server" /fathers/50 8 "$(shown)")")")
    done
    sample clients.scaling "${gains[@]}"
    sample clients.waits "${waits[@]}"
}

group_tls() {
    pair tls.2k.rate rate floor.tls front.tls /bytes/2048 4 "$nothing"
    pair tls.2k.cpu cpu floor.tls front.tls /bytes/2048 300 "$nothing"
    pair tls.1m.rate rate floor.tls front.tls /bytes/1048576 4 "$nothing"
    pair tls.1m.cpu cpu floor.tls front.tls /bytes/1048576 10 "$nothing"
}

# handshakes <new or reuse>: those that fit into a second of the server's processor time.
handshakes() {
    local before after count
    before=$(used front.tls cpu_ns)
    count=$(openssl s_time -connect "${url[front.tls]#*//}" "-$1" -time 1 </dev/null 2>/dev/null |
        awk '/real seconds/ { print $1 }')
    after=$(used front.tls cpu_ns)
    calculate "$count / (($after - $before) / 1e9)"
}

group_handshakes() {
    local full
    full=$(handshakes new)
    sample handshake.full "$(calculate "1e6 / $("$bin/bench-crypto" "$(few 200)")")" "$full"
    sample handshake.resumed "$full" "$(handshakes reuse)"
}

group_recording() {
    local bare
    bare=$("$bin/bench-recording-floor" "$(few 100)")
    sample recording.front.cpu "$bare" "$("$bin/bench-recording-front" "$(few 100)")"
    sample recording.hooks.cpu "$bare" "$("$bin/bench-recording-hooks" "$(few 100)")"
}

group_page() {
    sample page.bytes "$(page_bytes floor)" "$(page_bytes front)"
}

page_bytes() {
    client "$1" /fathers/50 -H "$(shown)" | tr ' ' '\n' |
        awk -F= '/^(head|body)_bytes=/ { sum += $2 } END { print sum }'
}

# own_shares: ms, of the latest requests that the list has.
own_shares() {
    local id
    client front /__debug__/requests.json -b -H "$(shown)" | tr ',{' '\n\n' |
        sed -n 's/^"id":"\([0-9a-f]*\)"$/\1/p' | head -n 50 | while read -r id; do
        client front "/__debug__/requests/$id.json" -b -H "$(shown)" | tr ',{' '\n\n' |
            sed -n 's/^"toolbar_ms":\([0-9.]*\).*/\1/p'
    done
}

# The share that is displayed stands in the record, which the panel and its JSON show alike. Its
# mean, as the processor time is one too.
group_own() {
    local bare carried
    bare=$(cpu floor /fathers/50 150 "$(shown)")
    carried=$(cpu front /fathers/50 150 "$(shown)")
    sample own.cost "$(calculate "($carried - $bare) / 1e3")" "$(own_shares | mean)"
}

# peer_row <row> <path> <our requests> <theirs>: what being shown adds, here and there.
peer_row() {
    local bare carried
    bare=$(cpu floor "$2" "$3" "$(shown)")
    carried=$(cpu front "$2" "$3" "$(shown)")
    sample "$1" "$(calculate "$carried - $bare")" \
        "$(calculate "$(cpu django.lazy "$2" "$4" "$(shown)") - $(cpu django. "$2" "$4" "$(shown)")")"
}

group_peers() {
    peer_row peers.shown.cpu /fathers/50 150 10
    peer_row peers.plain.cpu /plain 500 40
    peer_row peers.statement.cpu /fathers/200 50 3
    sample peers.bytes "$(($(page_bytes front) - $(page_bytes floor)))" \
        "$(($(page_bytes django.whole) - $(page_bytes django.)))"
}

# What is counted is the same each time: once is enough.
once_counted() {
    instructions_rows hidden.plain /plain "$(few 100)" "$nothing"
    instructions_rows hidden /fathers/50 "$(few 20)" "$nothing"
    sample hidden.allocations "$(counts floor.counted 2)" "$(counts front.counted 2)"
    instructions_rows shown /fathers/50 "$(few 20)" "$(shown)"
    instructions_rows wrong /statements/2000 1 "$wrong"
    sample wrong.calls "$(counts floor.counted 3)" "$(counts hooks.counted 3)"
    constant_rows
}

# What being shown adds to a request with so many statements.
added_instructions() {
    local floor
    floor=$(instructions floor.counted "/statements/$1" 1 "$(shown)")
    calculate "$(instructions front.counted "/statements/$1" 1 "$(shown)") - $floor"
}

# slope <from> <to>: instructions a statement between the counts of these numbers, in order.
slope() { echo "$slopes" | sed -n "$1,$2p" | sort -g; }

constant_rows() {
    local count before=10 added before_added slopes most=10000
    [ "$size" != smoke ] || most=2100
    before_added=$(added_instructions 10)
    slopes=$(for count in 50 200 500 600 2000 "$most"; do
        added=$(added_instructions "$count")
        calculate "($added - $before_added) / ($count - $before)"
        echo
        before=$count
        before_added=$added
    done)
    sample constant.instructions "$(slope 1 3 | head -n 1)" "$(slope 1 3 | tail -n 1)"
    sample flat.instructions "$(slope 5 5)" "$(slope 6 6)"
}

heap_of() { client "$1" "$2" -n "$3" "${@:5}" | value "$4"; }

# The history is full when the last requests are counted: each drives another out.
once_memory() {
    local tls plain floor
    plain=$(heap_of floor.heap /plain "$(few 100)" heap_bytes -c hold)
    tls=$(heap_of front.tls.heap /plain "$(few 100)" heap_bytes -c hold)
    sample memory.idle "$(calculate "$plain / $(few 100)")" "$(calculate "$tls / $(few 100)")"
    heap_of front.heap /fathers/50 "$(few 60)" heap_bytes -H "$(shown)" >/dev/null
    floor=$(heap_of floor.heap /fathers/50 3 heap_peak_bytes -H "$(shown)")
    sample memory.request "$floor" "$(heap_of front.heap /fathers/50 3 heap_peak_bytes -H "$(shown)")"
    sample memory.history "$(heap_of floor.heap /statements/1000 1 heap_bytes -H "$(shown)")" \
        "$(heap_of front.history /statements/1000 "$(few 60)" heap_bytes -H "$(shown)")"
}

once_library() {
    sample library.size 0 "$(stat -c %s "$bin/libbench-library.so")"
    without 'the panels cannot be chosen when the library is built' '^library.small$'
}

once_profile() { client "$1" /fathers/50 -n "$profiled" -H "$(shown)" >/dev/null; }
