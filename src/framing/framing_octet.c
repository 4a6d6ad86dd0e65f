/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Octet counting of syslog (RFC 6587, 3.4.1): a length in decimal, a blank, the message. */
#include <ctype.h>

#include "base/fail.h"
#include "framing/framing_pieces.h"

enum { DIGITS_MOST = 10 };

static bool is_digit(char character)
{
    return isdigit((unsigned char)character);
}

/* Where the next length may begin, from the place on; size: nowhere here. */
static size_t find_length(const struct framing_input *input, size_t from)
{
    while (from < input->size && (input->data[from] == '0' || !is_digit(input->data[from])))
        from++;
    return from;
}

static size_t count_digits(const struct framing_input *input)
{
    size_t digits = 0;
    while (digits < input->size && is_digit(input->data[digits]))
        digits++;
    return digits;
}

static uint64_t read_length(const char *data, size_t digits)
{
    uint64_t length = 0;
    for (size_t i = 0; i < digits; i++)
        length = length * 10 + (uint64_t)(data[i] - '0');
    return length;
}

static struct framing_piece cut_message(struct framing_state *state,
                                        const struct framing_input *input, size_t digits)
{
    const uint64_t length = read_length(input->data, digits);
    const uint64_t total = digits + 1 + length;
    if (length > FRAMING_MESSAGE_MAX) {
        state->left = total;
        return framing_bad(state, input);
    }
    if (input->size >= total)
        return framing_whole((size_t)total, input->data + digits + 1, (size_t)length);
    return input->end ? framing_rest(input, digits + 1) : framing_waits();
}

static struct framing_piece cut(const struct framing *framing, struct framing_state *state,
                                const struct framing_input *input)
{
    (void)framing;
    const size_t digits = count_digits(input);
    if (state->left > 0)
        return framing_bad(state, input);
    if (digits == input->size && digits <= DIGITS_MOST && input->data[0] != '0')
        return input->end ? framing_rest(input, 0) : framing_waits();
    if (digits == 0 || digits > DIGITS_MOST || input->data[0] == '0' ||
        input->data[digits] != ' ')
        return framing_junk(input, find_length(input, digits));
    return cut_message(state, input, digits);
}

static bool wrap(const struct framing *framing, const char *data, size_t size, UT_string *out,
                 char **error)
{
    (void)framing;
    if (size == 0)
        return fail_with(error, "%s: an empty message has no frame", "octet");
    utstring_printf(out, "%zu ", size);
    ut_append(out, data, size);
    return true;
}

const struct framing_ops framing_octet = {.cut = cut, .wrap = wrap, .keeps = true};
