/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A length, and as many bytes more. Without OFFSET and N the length itself is not shown, and
 * added to what is sent.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/mem.h"
#include "base/number.h"
#include "framing/framing_pieces.h"

static const struct length_type {
    const char *name;
    uint8_t width;
    bool little_endian;
} types[] = {{"u8", 1, false},    {"u16be", 2, false}, {"u16le", 2, true},
             {"u24be", 3, false}, {"u32be", 4, false}, {"u32le", 4, true}};
enum { TYPES = sizeof types / sizeof *types };

/* --- its words --- */

static bool take_type(struct framing *framing, const char *word)
{
    for (size_t i = 0; i < TYPES; i++)
        if (strcmp(types[i].name, word) == 0) {
            framing->length.width = types[i].width;
            framing->length.little_endian = types[i].little_endian;
            return true;
        }
    return false;
}

/* A word up to the next mark ('@', '+', '-') or the end, which stands in *mark then. */
static char *next_word(const char **text, char *mark)
{
    const size_t size = strcspn(*text, "@+-");
    char *word = mem_printf("%.*s", (int)size, *text);
    *mark = (*text)[size];
    *text += size + (*mark != '\0');
    return word;
}

static bool take_number(struct framing *framing, const char *word, char mark)
{
    uint64_t number = 0;
    framing->length.whole = true;
    if (mark == '@') {
        bool taken = number_parse(word, FRAMING_MESSAGE_MAX - 4, &number);
        framing->length.offset = (uint16_t)number;
        return taken;
    }
    if (!number_parse(word, FRAMING_MESSAGE_MAX, &number))
        return false;
    framing->length.more = mark == '-' ? -(int32_t)number : (int32_t)number;
    return true;
}

/* TYPE[@OFFSET][+N or -N] */
static bool take_words(struct framing *framing, const char *text)
{
    char mark, next;
    char *word = next_word(&text, &mark);
    bool taken = take_type(framing, word);
    free(word);
    while (taken && mark != '\0') {
        word = next_word(&text, &next);
        taken =
            take_number(framing, word, mark) && (next == '\0' || (mark == '@' && next != '@'));
        mark = next;
        free(word);
    }
    return taken;
}

static bool parse(struct framing *framing, const char *argument, char **error)
{
    return take_words(framing, argument) ||
           fail_with(
               error,
               "length:%s: give TYPE[@OFFSET][+N or -N], as in length:u16be@4; TYPE is u8, "
               "u16be, u16le, u24be, u32be or u32le",
               argument);
}

/* --- both ways --- */

static uint32_t read_length(const struct framing *framing, const char *data)
{
    const unsigned char *bytes = (const unsigned char *)data + framing->length.offset;
    const unsigned width = framing->length.width;
    uint32_t length = 0;
    for (unsigned i = 0; i < width; i++)
        length = length << 8 | bytes[framing->length.little_endian ? width - 1 - i : i];
    return length;
}

struct framing_piece framing_cut_length(const struct framing *framing,
                                        struct framing_state *state,
                                        const struct framing_input *input)
{
    const size_t head = (size_t)framing->length.offset + framing->length.width;
    const size_t before = framing->length.whole ? 0 : head;
    if (state->left > 0)
        return framing_bad(state, input);
    if (input->size < head)
        return input->end ? framing_rest(input, 0) : framing_waits();
    const int64_t behind = (int64_t)read_length(framing, input->data) + framing->length.more;
    const uint64_t total = head + (uint64_t)(behind > 0 ? behind : 0);
    if (behind < 0 || total - before > FRAMING_MESSAGE_MAX) {
        state->left = total;
        return framing_bad(state, input);
    }
    if (input->size >= total)
        return framing_whole((size_t)total, input->data + before, (size_t)total - before);
    return input->end ? framing_rest(input, before) : framing_waits();
}

static bool wrap(const struct framing *framing, const char *data, size_t size, UT_string *out,
                 char **error)
{
    const unsigned width = framing->length.width;
    unsigned char length[4];
    if (framing->length.whole && size == 0)
        return fail_with(error, "%s: an empty message has no frame", framing->word);
    if (framing->length.whole) {
        ut_append(out, data, size);
        return true;
    }
    if (width < 4 && size >> (8 * width) > 0)
        return fail_with(error, "%s: a message has at most %u bytes", framing->word,
                         (1u << 8 * width) - 1);
    for (unsigned i = 0; i < width; i++)
        length[framing->length.little_endian ? i : width - 1 - i] =
            (unsigned char)(size >> (8 * i));
    ut_append(out, length, width);
    ut_append(out, data, size);
    return true;
}

const struct framing_ops framing_length = {
    .parse = parse, .cut = framing_cut_length, .wrap = wrap, .keeps = true};
