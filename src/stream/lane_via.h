/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lane of a call that goes through a proxy: asks it for the far end, and leaves when it
 * says yes. */
#ifndef TELEX_STREAM_LANE_VIA_H
#define TELEX_STREAM_LANE_VIA_H

struct stream;
struct via;

/* Takes via over, which passed via_check. */
void lane_via_add(struct stream *stream, struct via *via);

#endif
