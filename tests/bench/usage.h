/* What the server has used so far, told by itself: nobody else knows it as exactly. */
#ifndef BENCH_USAGE_H
#define BENCH_USAGE_H

enum { USAGE_SIZE = 256 };

/*
 * "cpu_ns=N waits=N heap_bytes=N heap_peak_bytes=N": the processor time of all threads, and how
 * often one of them gave its processor up to wait for something; the heap only if heap.c was
 * preloaded, else 0, and its peak since the last call.
 */
void usage_print(char text[USAGE_SIZE]);

#endif
