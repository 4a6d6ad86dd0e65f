/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lane of a stream that a proxy has passed on: takes its header, and leaves. */
#ifndef TELEX_STREAM_LANE_PROXY_H
#define TELEX_STREAM_LANE_PROXY_H

#include <stdbool.h>

struct stream;
union address;

/*
 * remote, the proxy's so far, becomes the client's; it lives as long as the stream. Then admit
 * is asked, before the lanes above start; where it says no, it has the stream end.
 */
void lane_proxy_add(struct stream *stream, union address *remote,
                    bool (*admit)(struct stream *stream));

#endif
