/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the fuzz programs share. Each checks a property of one parser or writer and aborts where
 * it does not hold: the driver then keeps the input that did it.
 */
#ifndef TELEX_TESTS_FUZZ_H
#define TELEX_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ut.h"

/* The entry points that libFuzzer calls. */
int LLVMFuzzerInitialize(int *count, char ***words);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(condition)                             \
    do {                                                  \
        if (!(condition))                                 \
            fuzz_fail(__FILE__, __LINE__, "" #condition); \
    } while (0)

_Noreturn void fuzz_fail(const char *file, int line, const char *condition);

/* An input that is taken from its beginning, piece by piece; 0 and "" once it is used up. */
struct fuzz_input {
    const uint8_t *at;
    size_t size;
};

uint8_t fuzz_byte(struct fuzz_input *input);
/* The next most bytes, or those that are left. */
const uint8_t *fuzz_bytes(struct fuzz_input *input, size_t most, size_t *size);
/* All up to the next newline, which is taken off, or to the end. NUL bytes stay in it. */
const char *fuzz_line(struct fuzz_input *input, size_t *size);
/* The same as a string: what follows a NUL is left out. malloc'ed. */
char *fuzz_string(struct fuzz_input *input);
/* All that is left, as a string up to its first NUL. malloc'ed. */
char *fuzz_rest(struct fuzz_input *input);

/*
 * A long text from a short input, so that what happens at 64 KiB and at 1 MiB is reached:
 * pairs of a count and a byte. A count under 128 is so many copies of the byte, a higher one
 * (count - 127) * unit copies; at most most bytes altogether.
 */
void fuzz_expand(struct fuzz_input *input, size_t unit, size_t most, UT_string *out);

/* The size of the next of several pieces of what is left, at least 1; *state walks on. */
size_t fuzz_cut(uint32_t *state, size_t left);

/* Decodes the UTF-8 character at data without the help of base/utf8: the length 1 to 4, 0. */
unsigned fuzz_decode(const uint8_t *data, size_t size, uint32_t *code);

/* text is UTF-8 without control, bidirectional, separator and invisible characters, but for
 * those in allowed. */
void fuzz_check_printable(const char *text, size_t size, const char *allowed);
/* An error text: there is one, it is no more than a line, a terminal may get it. Frees it. */
void fuzz_check_error(char *error);

#endif
