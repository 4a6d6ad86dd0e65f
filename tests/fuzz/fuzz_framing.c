/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Framing: whatever comes, all of it is taken, no message is longer than allowed, and how the
 * bytes were cut on their way shows only where it may; what a frame holds comes out of it as it
 * went in. The input is how the stream is cut, the framing's word, then the stream (see
 * fuzz_expand), or one message to be wrapped.
 */
#include <stdlib.h>
#include <string.h>

#include "../unit/fake_framing.h"
#include "framing/framing.h"
#include "fuzz.h"

enum { STREAM_MAX = 200000, UNIT = 1024 };

static size_t cut(void *context, size_t left)
{
    return fuzz_cut(context, left);
}

static bool depends_on_cuts(const struct framing *framing)
{
    return framing->ops == &framing_raw || framing->ops == &framing_gap;
}

static bool same(const UT_string *a, const UT_string *b)
{
    return utstring_len(a) == utstring_len(b) &&
           memcmp(utstring_body(a), utstring_body(b), utstring_len(a)) == 0;
}

static void check_stream(const struct framing *framing, const UT_string *stream, uint32_t cuts)
{
    struct fake_messages whole, cut_up;
    fake_messages_init(&whole);
    fake_messages_init(&cut_up);
    fake_run(framing, utstring_body(stream), utstring_len(stream), NULL, NULL, &whole);
    fake_run(framing, utstring_body(stream), utstring_len(stream), cut, &cuts, &cut_up);
    if (depends_on_cuts(framing))
        FUZZ_CHECK(same(&whole.bytes, stream) && same(&cut_up.bytes, stream));
    else
        FUZZ_CHECK(whole.hash == cut_up.hash && whole.count == cut_up.count);
    fake_messages_done(&whole);
    fake_messages_done(&cut_up);
}

/* One message in its frame, byte by byte. */
static void check_message(const struct framing *framing, const UT_string *message)
{
    const size_t size = utstring_len(message);
    struct fake_messages got;
    char *error = NULL;
    UT_string wire;
    if (framing_is_plain(framing) || framing->ops == &framing_length)
        return; /* a length that is shown is the sender's own */
    utstring_init(&wire);
    fake_messages_init(&got);
    if (!framing_wrap(framing, utstring_body(message), size, &wire, &error)) {
        FUZZ_CHECK(utstring_len(&wire) == 0);
        fuzz_check_error(error);
    } else if (size <= FRAMING_MESSAGE_MAX) {
        uint32_t cuts = 1;
        fake_run(framing, utstring_body(&wire), utstring_len(&wire), cut, &cuts, &got);
        /* Where frames end twice in a row, none is between (slip, cobs). */
        FUZZ_CHECK(got.count == 1 || (got.count == 0 && size == 0));
        FUZZ_CHECK(same(&got.bytes, message));
    }
    fake_messages_done(&got);
    utstring_done(&wire);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const uint32_t cuts = 1u + fuzz_byte(&input);
    char *word = fuzz_string(&input), *error = NULL;
    struct framing framing;
    UT_string stream;
    if (!framing_parse(word, &framing, &error)) {
        fuzz_check_error(error);
    } else {
        utstring_init(&stream);
        fuzz_expand(&input, UNIT, STREAM_MAX, &stream);
        check_stream(&framing, &stream, cuts);
        check_message(&framing, &stream);
        utstring_done(&stream);
    }
    free(word);
    return 0;
}
