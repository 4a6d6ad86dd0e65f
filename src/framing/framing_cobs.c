/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Consistent Overhead Byte Stuffing (Cheshire and Baker, 1999): a zero behind each message,
 * which is blocks of a code and as many bytes less one. Behind each block stands a zero that
 * is not written, but for those of the most bytes, and the last one.
 */
#include <string.h>

#include "framing/framing_stuffed.h"

enum { CODE_MOST = 255 };

/* What a decoder's code is made of: the bytes left of the block, and whether it has a zero
 * behind it, which is due when another one begins. */
enum { BLOCK_LEFT = 0xff, ZERO_DUE = 0x100 };

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

static void begin_block(struct framing_decoder *decoder)
{
    const unsigned code = (unsigned char)decoder->input->data[decoder->at++];
    if (decoder->code & ZERO_DUE)
        decoder->input->room[decoder->size++] = '\0';
    decoder->code = (uint16_t)((code - 1) | (code != CODE_MOST ? ZERO_DUE : 0));
}

/* Up to a zero, which should not be there. */
static void copy_block(struct framing_decoder *decoder)
{
    const struct framing_input *input = decoder->input;
    const char *from = input->data + decoder->at;
    size_t count = least(least(decoder->code & BLOCK_LEFT, input->size - decoder->at),
                         FRAMING_MESSAGE_MAX - decoder->size);
    const char *zero = memchr(from, '\0', count);
    count = zero ? (size_t)(zero - from) : count;
    memcpy(input->room + decoder->size, from, count);
    decoder->at += count;
    decoder->size += count;
    decoder->code = (uint16_t)(decoder->code - count);
}

static enum framing_stop decode(struct framing_decoder *decoder)
{
    while (decoder->at < decoder->input->size) {
        if (decoder->input->data[decoder->at] == '\0')
            return decoder->code & BLOCK_LEFT ? FRAMING_STOP_BAD : FRAMING_STOP_END;
        if (decoder->size == FRAMING_MESSAGE_MAX)
            return FRAMING_STOP_FULL;
        if (decoder->code & BLOCK_LEFT)
            copy_block(decoder);
        else
            begin_block(decoder);
    }
    return FRAMING_STOP_SHORT;
}

static const struct framing_stuffing stuffing = {.end = '\0', .decode = decode};

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
    for (bool more = true; more;) {
        const size_t most = least(size, CODE_MOST - 1);
        const char *zero = memchr(data, '\0', most);
        const size_t count = zero ? (size_t)(zero - data) : most;
        const unsigned char code = (unsigned char)(count + 1);
        ut_append(out, &code, 1);
        ut_append(out, data, count);
        data += count + (zero != NULL);
        size -= count + (zero != NULL);
        more = zero || size > 0;
    }
    ut_append(out, &stuffing.end, 1);
    return true;
}

const struct framing_ops framing_cobs = {
    .parse = parse, .keeps = true, .cut = framing_cut_stuffed, .wrap = wrap};
