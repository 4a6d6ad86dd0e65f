/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the stream call of each other. */
#ifndef TELEX_STREAM_STREAM_PARTS_H
#define TELEX_STREAM_STREAM_PARTS_H

#include "stream/stream.h"

/* What it waits for has changed. */
void stream_watch(struct stream *stream);
/* What of it the budget knows: shared bytes count for themselves, once, however many they are
 * lent to. */
size_t stream_own(const struct stream *stream);
/* stream_own was before, and has changed; and the queue has, by so many bytes. */
void stream_note(struct stream *stream, size_t before, size_t added, size_t gone);

/* Input, from the lanes if there are any. */
void stream_take(struct stream *stream, const char *data, size_t size);
/* What of it was not taken so far. */
void stream_take_pending(struct stream *stream);
/* It may tell so many messages; then others have their turn. */
void stream_messages_begin(struct stream *stream);
void stream_cutter_create(struct stream *stream);
void stream_cutter_destroy(struct stream *stream);
/* Nothing of what is here is taken. */
bool stream_is_paused(const struct stream *stream);
/* Output, behind the lanes if there are any. */
void stream_put(struct stream *stream, const char *data, size_t size);

/* Writes what is queued, as much as the socket takes. */
void stream_write(struct stream *stream);
/* Of the queue, what stands in shared bytes. */
size_t stream_lent(const struct stream *stream);
void stream_queue_free(struct stream *stream);

/* Something has happened to it: moves its life, and does what is to be done then. */
void stream_happens(struct stream *stream, enum stream_event event);
/* The socket failed, with an errno. */
void stream_fail(struct stream *stream, int cause);
/* It is over, with these words. */
void stream_give_up(struct stream *stream, enum stream_how how, const char *error);
void stream_closing_free(struct stream *stream);

#endif
