/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Framing: however the bytes of a stream arrive, all messages together are those bytes; no
 * message is longer than allowed; lines do not depend on how they arrived. The input is how
 * the stream is cut, the framing, then the stream (see fuzz_expand).
 */
#include <stdlib.h>
#include <string.h>

#include "framing/framing.h"
#include "fuzz.h"

enum { STREAM_MAX = 200000, UNIT = 1024 };

struct sink {
    UT_string bytes;
    UT_string ends; /* where each message ends, as size_t */
};

static void check_message(enum framing framing, const char *data, size_t size, bool last,
                          bool partial)
{
    FUZZ_CHECK(size >= 1 && size <= FRAMING_MESSAGE_MAX);
    const char *newline = memchr(data, '\n', size);
    if (framing == FRAMING_RAW)
        FUZZ_CHECK(!partial);
    else if (partial)
        FUZZ_CHECK(!newline && (size == FRAMING_MESSAGE_MAX || last));
    else
        FUZZ_CHECK(newline == data + size - 1);
}

/* The stream in pieces, as a link would take them. */
static void run(enum framing framing, const UT_string *stream, uint32_t cuts, struct sink *sink)
{
    const char *data = utstring_body(stream);
    const size_t size = utstring_len(stream);
    size_t taken = 0, there = 0;
    bool partial, end = size == 0;
    do {
        const size_t left = size - there;
        if (left > 0)
            there += cuts ? fuzz_cut(&cuts, left) : left;
        end = there == size;
        size_t next;
        while ((next = framing_next(framing, data + taken, there - taken, end, &partial)) > 0) {
            FUZZ_CHECK(next <= there - taken);
            check_message(framing, data + taken, next, end && taken + next == size, partial);
            ut_append(&sink->bytes, data + taken, next);
            taken += next;
            ut_append(&sink->ends, &taken, sizeof taken);
        }
        FUZZ_CHECK(there - taken < FRAMING_MESSAGE_MAX);
    } while (!end);
    FUZZ_CHECK(taken == size);
}

static bool same(const UT_string *a, const UT_string *b)
{
    return utstring_len(a) == utstring_len(b) &&
           memcmp(utstring_body(a), utstring_body(b), utstring_len(a)) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const uint32_t cuts = 1u + fuzz_byte(&input);
    const enum framing framing = fuzz_byte(&input) & 1 ? FRAMING_LINE : FRAMING_RAW;
    UT_string stream;
    struct sink whole, cut;
    utstring_init(&stream);
    utstring_init(&whole.bytes);
    utstring_init(&whole.ends);
    utstring_init(&cut.bytes);
    utstring_init(&cut.ends);
    fuzz_expand(&input, UNIT, STREAM_MAX, &stream);
    run(framing, &stream, 0, &whole);
    run(framing, &stream, cuts, &cut);
    FUZZ_CHECK(same(&stream, &whole.bytes));
    FUZZ_CHECK(same(&stream, &cut.bytes));
    if (framing == FRAMING_LINE)
        FUZZ_CHECK(same(&whole.ends, &cut.ends));
    utstring_done(&stream);
    utstring_done(&whole.bytes);
    utstring_done(&whole.ends);
    utstring_done(&cut.bytes);
    utstring_done(&cut.ends);
    return 0;
}
