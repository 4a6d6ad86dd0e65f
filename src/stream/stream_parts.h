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
/* The far end's side has: told once all is taken. */
void stream_take_end(struct stream *stream);
/* What its framing has kept: the end of a message will not come any more. */
void stream_take_rest(struct stream *stream);
/* What of it was not taken so far. */
void stream_take_pending(struct stream *stream);
/* There is some, whole or not. */
bool stream_has_pending(const struct stream *stream);
/* Whether a message may be told now; one that a lane has cut. */
bool stream_is_taking(const struct stream *stream);
void stream_tell(struct stream *stream, const struct framing_piece *piece);
/* It may tell so many messages; then others have their turn. */
void stream_messages_begin(struct stream *stream);
void stream_cutter_create(struct stream *stream);
void stream_cutter_destroy(struct stream *stream);
/* Nothing of what is here is taken. */
bool stream_is_paused(const struct stream *stream);
/* Output of the lanes. */
void stream_put(struct stream *stream, const char *data, size_t size);

/* Writes what is queued, as much as the socket takes. */
void stream_write(struct stream *stream);
/* Bytes in the queue, as they stand on the wire. */
size_t stream_waiting(const struct stream *stream);
/* Lanes have said too much by themselves that is not read: no more is read that they would
 * answer. */
bool stream_chats(const struct stream *stream);
/* Of them, those that stand in shared bytes. */
size_t stream_lent(const struct stream *stream);
void stream_queue_free(struct stream *stream);

/* Something has happened to it: moves its life, and does what is to be done then. */
void stream_happens(struct stream *stream, enum stream_event event);
/* The socket failed, with an errno. */
void stream_fail(struct stream *stream, int cause);
/* Its lanes are to open, in the time they have. */
void stream_await_lanes(struct stream *stream);
/* They have. */
void stream_opened(struct stream *stream);
/* One has failed: nothing more comes or goes but what is queued. */
void stream_fail_lane(struct stream *stream, const char *why);
/* It is told, now that all that came before is. */
void stream_say_farewell(struct stream *stream);
/* Nothing that comes is its user's any more. */
bool stream_is_closing(const struct stream *stream);
/* The far end is there no more, neither way. */
void stream_gone(struct stream *stream);
/* It is over, with these words. */
void stream_give_up(struct stream *stream, enum stream_how how, const char *error);
void stream_closing_free(struct stream *stream);

#endif
