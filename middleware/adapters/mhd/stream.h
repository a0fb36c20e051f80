/*
 * The content of a derived response that was not complete when it was queued: goes on reading
 * the original as libmicrohttpd asks for more, and puts the panel in on the way if it is a page.
 */
#ifndef TOOLBAR_MHD_STREAM_H
#define TOOLBAR_MHD_STREAM_H

#include "adapters/mhd/exchange.h"
#include "adapters/mhd/reader.h"

struct toolbar__stream;

/*
 * Takes over the reader, and the bytes read so far from `body`. `insert`: look for the place of
 * the panel; `nonce`, which it takes over too, is for it. `state` is what the last read said.
 * NULL without memory; nothing has been taken over then.
 */
struct toolbar__stream *toolbar__stream_new(struct toolbar__exchange *exchange, unsigned status,
                                            struct toolbar__reader *reader,
                                            enum toolbar__reader_state state,
                                            struct toolbar_text *body, bool insert, char *nonce);

/* For MHD_create_response_from_callback(). */
ssize_t toolbar__stream_read(void *stream, uint64_t position, char *buffer, size_t size);
void toolbar__stream_free(void *stream);

#endif
