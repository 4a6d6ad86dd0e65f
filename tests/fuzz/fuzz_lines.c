/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cutting input into lines: however it arrives, the lines are those of the whole, one over the
 * limit is told once and skipped, and nothing of it is kept. The input is how the text is cut,
 * then the text (see fuzz_expand).
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "loop/lines.h"

enum { TEXT_MAX = 5 << 19, UNIT = 16384, KEPT_MAX = LINES_MAX + (64 << 10) };

/* The next line of a text, as a person would find it; NULL when there is none. */
static const char *find_line(const UT_string *text, size_t *at, size_t *size)
{
    const char *line = utstring_body(text) + *at;
    const size_t left = utstring_len(text) - *at;
    if (left == 0)
        return NULL;
    const char *newline = memchr(line, '\n', left);
    *size = newline ? (size_t)(newline - line) : left;
    *at += *size + (newline ? 1 : 0);
    return line;
}

static void check_line(enum lines_result result, const char *line, size_t size,
                       const UT_string *text, size_t *at)
{
    size_t wanted_size = 0;
    const char *wanted = find_line(text, at, &wanted_size);
    FUZZ_CHECK(wanted);
    FUZZ_CHECK((result == LINES_TOO_LONG) == (wanted_size > LINES_MAX));
    if (result == LINES_LINE)
        FUZZ_CHECK(size == wanted_size && memcmp(line, wanted, size) == 0);
}

static void run(const UT_string *text, uint32_t cuts)
{
    struct lines lines;
    enum lines_result result;
    const char *line;
    size_t size, at = 0;
    lines_init(&lines);
    for (size_t there = 0; there < utstring_len(text);) {
        const size_t left = utstring_len(text) - there;
        const size_t piece = cuts ? fuzz_cut(&cuts, left < 65536 ? left : 65536) : left;
        lines_add(&lines, utstring_body(text) + there, piece);
        there += piece;
        while ((result = lines_next(&lines, &line, &size)) != LINES_NONE)
            check_line(result, line, size, text, &at);
        FUZZ_CHECK(!cuts || lines.pending.i - lines.taken <= KEPT_MAX);
    }
    while ((result = lines_last(&lines, &line, &size)) != LINES_NONE)
        check_line(result, line, size, text, &at);
    FUZZ_CHECK(at == utstring_len(text));
    FUZZ_CHECK(lines_last(&lines, &line, &size) == LINES_NONE);
    lines_finish(&lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const uint32_t cuts = 1u + fuzz_byte(&input);
    UT_string text;
    utstring_init(&text);
    fuzz_expand(&input, UNIT, TEXT_MAX, &text);
    run(&text, 0);
    run(&text, cuts);
    utstring_done(&text);
    return 0;
}
