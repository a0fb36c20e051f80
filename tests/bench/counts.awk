# What callgrind counted in one dump: "instructions allocations hooks".
# The instructions are those outside the C library's allocator. Its own depend on how the heap
# happens to lie, by more than what is to be seen here; how often it is called is counted instead.
# hooks are calls of the toolbar's trace hook.

function is_allocator(name) {
    return name ~ /^(malloc|calloc|realloc|free|cfree|malloc_consolidate|alloc_perturb|sysmalloc)$/ ||
        name ~ /^(_int_(malloc|free|realloc|memalign)|unlink_chunk|tcache_|systrim)/
}

# A function's name, which is written out at its first place only.
function named(line,    id) {
    id = line
    sub(/^c?fn=/, "", id)
    if (index(id, ") ")) {
        name[substr(id, 1, index(id, ")"))] = substr(id, index(id, ") ") + 2)
        id = substr(id, 1, index(id, ")"))
    }
    return name[id]
}

/^fn=/ { ours = !is_allocator(named($0)); next }
/^cfn=/ { called = named($0); next }

# The line behind it is the sum of the called function.
/^calls=/ {
    split(substr($1, 7), calls, " ")
    if (called ~ /^(malloc|calloc|realloc)$/) allocations += calls[1]
    if (called == "toolbar__trace_event") hooks += calls[1]
    skip = 1
    next
}

/^[-+*0-9]/ {
    if (!skip && ours) instructions += $2
    skip = 0
}

END { printf "%.0f %.0f %.0f\n", instructions, allocations, hooks }
