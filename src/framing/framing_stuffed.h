/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages with a byte behind them that never stands in one: what would be it is written in
 * other bytes (slip, cobs).
 */
#ifndef TELEX_FRAMING_FRAMING_STUFFED_H
#define TELEX_FRAMING_FRAMING_STUFFED_H

#include "framing/framing.h"

/* Why decoding has stopped. */
enum framing_stop {
    FRAMING_STOP_SHORT, /* all that there is was read */
    FRAMING_STOP_END,   /* here is the end */
    FRAMING_STOP_FULL,  /* as much as one message may have is decoded, and this is no end */
    FRAMING_STOP_BAD    /* it cannot be a message */
};

/* Of a message that is being decoded. */
struct framing_decoder {
    const struct framing_input *input;
    size_t at;     /* bytes of the input that are read */
    size_t size;   /* bytes that are written to input->room */
    uint16_t code; /* the codec's own; kept from piece to piece of one message */
};

struct framing_stuffing {
    char end;
    enum framing_stop (*decode)(struct framing_decoder *decoder);
};

/* The framing's cut. */
struct framing_piece framing_cut_stuffed(const struct framing *framing,
                                         struct framing_state *state,
                                         const struct framing_input *input);

#endif
