/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/charset.h"

int LLVMFuzzerInitialize(int *count, char ***words)
{
    (void)count, (void)words;
    charset_init();
    return 0;
}

void fuzz_fail(const char *file, int line, const char *condition)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

/* --- the input --- */

uint8_t fuzz_byte(struct fuzz_input *input)
{
    if (input->size == 0)
        return 0;
    input->size--;
    return *input->at++;
}

const uint8_t *fuzz_bytes(struct fuzz_input *input, size_t most, size_t *size)
{
    const uint8_t *bytes = input->at;
    *size = most < input->size ? most : input->size;
    input->at += *size;
    input->size -= *size;
    return bytes;
}

const char *fuzz_line(struct fuzz_input *input, size_t *size)
{
    const uint8_t *newline = input->size ? memchr(input->at, '\n', input->size) : NULL;
    const char *line = (const char *)input->at;
    *size = newline ? (size_t)(newline - input->at) : input->size;
    const size_t taken = *size + (newline ? 1 : 0);
    input->at += taken;
    input->size -= taken;
    return line;
}

static char *copy_string(const char *text, size_t size)
{
    return size > 0 ? mem_strndup(text, strnlen(text, size)) : mem_strdup("");
}

char *fuzz_string(struct fuzz_input *input)
{
    size_t size;
    const char *line = fuzz_line(input, &size);
    return copy_string(line, size);
}

char *fuzz_rest(struct fuzz_input *input)
{
    size_t size;
    const char *rest = (const char *)fuzz_bytes(input, SIZE_MAX, &size);
    return copy_string(rest, size);
}

void fuzz_expand(struct fuzz_input *input, size_t unit, size_t most, UT_string *out)
{
    utstring_clear(out);
    while (input->size > 0 && utstring_len(out) < most) {
        const uint8_t count = fuzz_byte(input), byte = fuzz_byte(input);
        const size_t left = most - utstring_len(out);
        size_t copies = count < 128 ? count : (size_t)(count - 127) * unit;
        if (copies > left)
            copies = left;
        utstring_reserve(out, copies + 1);
        memset(utstring_body(out) + utstring_len(out), byte, copies);
        out->i += copies;
        out->d[out->i] = '\0';
    }
}

size_t fuzz_cut(uint32_t *state, size_t left)
{
    /* An xorshift generator; of its sizes an eighth are small, the others of any size. */
    *state = *state ? *state : 1;
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    const size_t size = 1 + ((*state & 7) == 0 ? (*state >> 3) % 7 : (*state >> 3) % left);
    return size < left ? size : left;
}

/* --- the output --- */

/* How many bytes a character takes; 0: there is none with this code. */
static unsigned length_of(uint32_t code)
{
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

unsigned fuzz_decode(const uint8_t *data, size_t size, uint32_t *code)
{
    static const uint8_t marks[] = {0, 0, 0xc0, 0xe0, 0xf0},
                         masks[] = {0, 0x80, 0xe0, 0xf0, 0xf8};
    if (size > 0 && data[0] < 0x80) {
        *code = data[0];
        return 1;
    }
    for (unsigned length = 2; length <= 4 && length <= size; length++) {
        if ((data[0] & masks[length]) != marks[length])
            continue;
        uint32_t value = data[0] & (uint8_t)~masks[length];
        bool follows = true;
        for (unsigned i = 1; i < length; i++) {
            follows = follows && (data[i] & 0xc0) == 0x80;
            value = value << 6 | (data[i] & 0x3f);
        }
        *code = value;
        return follows && length_of(value) == length ? length : 0;
    }
    return 0;
}

/* What a terminal must never get from outside: what harms, or hides. */
static bool is_dangerous(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code <= 0xa0) || code == 0xad || code == 0x34f ||
           code == 0x61c || code == 0x115f || code == 0x1160 ||
           (code >= 0x2000 && code <= 0x200f) || (code >= 0x2028 && code <= 0x202f) ||
           (code >= 0x205f && code <= 0x206f) || code == 0x3164 ||
           (code >= 0xd800 && code <= 0xf8ff) || (code >= 0xfe00 && code <= 0xfe0f) ||
           code == 0xfeff || code == 0xffa0 || (code >= 0xfff9 && code <= 0xfffb) ||
           code >= 0xe0000;
}

void fuzz_check_printable(const char *text, size_t size, const char *allowed)
{
    const uint8_t *at = (const uint8_t *)text;
    while (size > 0) {
        uint32_t code = 0;
        const unsigned length = fuzz_decode(at, size, &code);
        FUZZ_CHECK(length > 0);
        FUZZ_CHECK(!is_dangerous(code) || (code && code < 0x80 && strchr(allowed, (int)code)));
        at += length;
        size -= length;
    }
}

void fuzz_check_error(char *error)
{
    FUZZ_CHECK(error != NULL);
    FUZZ_CHECK(*error != '\0');
    fuzz_check_printable(error, strlen(error), "");
    free(error);
}
