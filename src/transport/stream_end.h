/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a stream ends: half-close, graceful close with its drain and linger, idle time, errors.
 * The road is told in HACKING.md, "A graceful close".
 */
#ifndef TELEX_TRANSPORT_STREAM_END_H
#define TELEX_TRANSPORT_STREAM_END_H

struct stream;

/* The peer has ended its sending side, and all it sent has been taken. */
void stream_end_of_file(struct stream *stream);
/* The queue is empty. */
void stream_end_drained(struct stream *stream);
/* The socket failed with an errno. */
void stream_end_fail(struct stream *stream, int cause);
/* The line stands: idle time counts from now. */
void stream_end_watch(struct stream *stream);
/* Frees the timer and a dial that is under way. */
void stream_end_release(struct stream *stream);

#endif
