/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLIP (RFC 1055): an end behind each message; in it that, and what escapes it, is escaped. */
#include "framing/framing_stuffed.h"

enum { END = 0xc0, ESC = 0xdb, ESC_END = 0xdc, ESC_ESC = 0xdd };

/* Behind an escape. */
static enum framing_stop decode_escaped(struct framing_decoder *decoder)
{
    const struct framing_input *input = decoder->input;
    if (decoder->at + 1 == input->size)
        return FRAMING_STOP_SHORT;
    const unsigned char byte = (unsigned char)input->data[decoder->at + 1];
    if (byte != ESC_END && byte != ESC_ESC)
        return FRAMING_STOP_BAD;
    input->room[decoder->size++] = (char)(byte == ESC_END ? END : ESC);
    decoder->at += 2;
    return FRAMING_STOP_END; /* of the escape */
}

static enum framing_stop decode(struct framing_decoder *decoder)
{
    const struct framing_input *input = decoder->input;
    while (decoder->at < input->size) {
        const unsigned char byte = (unsigned char)input->data[decoder->at];
        if (byte == END)
            return FRAMING_STOP_END;
        if (decoder->size == FRAMING_MESSAGE_MAX)
            return FRAMING_STOP_FULL;
        if (byte != ESC) {
            input->room[decoder->size++] = (char)byte;
            decoder->at++;
            continue;
        }
        const enum framing_stop stop = decode_escaped(decoder);
        if (stop != FRAMING_STOP_END)
            return stop;
    }
    return FRAMING_STOP_SHORT;
}

static const struct framing_stuffing stuffing = {.end = (char)END, .decode = decode};

static bool parse(struct framing *framing, const char *argument, char **error)
{
    (void)argument, (void)error;
    framing->stuffing = &stuffing;
    return true;
}

static bool wrap(const struct framing *framing, const char *data, size_t size, UT_string *out,
                 char **error)
{
    (void)framing, (void)error;
    for (size_t i = 0; i < size; i++) {
        const unsigned char byte = (unsigned char)data[i];
        if (byte == END)
            ut_append(out, (const char[]){(char)ESC, (char)ESC_END}, 2);
        else if (byte == ESC)
            ut_append(out, (const char[]){(char)ESC, (char)ESC_ESC}, 2);
        else
            ut_append(out, &data[i], 1);
    }
    ut_append(out, &stuffing.end, 1);
    return true;
}

const struct framing_ops framing_slip = {
    .parse = parse, .keeps = true, .cut = framing_cut_stuffed, .wrap = wrap};
