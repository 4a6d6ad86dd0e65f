/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Safe display: the output is printable UTF-8 on one line, and nothing of the input is lost in
 * it: it can be turned back. The functions of base/utf8 agree with each other and with a naive
 * decoder.
 */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"
#include "fuzz.h"

/* --- turning it back --- */

static uint32_t hex(const char **at, unsigned digits)
{
    static const char letters[] = "0123456789abcdef";
    uint32_t value = 0;
    for (; digits > 0; digits--) {
        const char *letter = **at ? strchr(letters, **at) : NULL;
        FUZZ_CHECK(letter);
        value = value << 4 | (uint32_t)(letter - letters);
        ++*at;
    }
    return value;
}

static void append_code(UT_string *out, uint32_t code)
{
    char bytes[4];
    unsigned length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (unsigned i = length - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    bytes[0] = (char)(length == 1 ? code : (0xf00u >> length & 0xff) | code);
    ut_append(out, bytes, length);
}

static void append_escape(UT_string *out, const char **at)
{
    static const char letters[] = "\\nrt", meanings[] = "\\\n\r\t";
    const char letter = *(*at)++;
    const char *simple = letter ? strchr(letters, letter) : NULL;
    if (simple) {
        ut_append(out, &meanings[simple - letters], 1);
    } else if (letter == 'x') {
        const char byte = (char)hex(at, 2);
        ut_append(out, &byte, 1);
    } else {
        FUZZ_CHECK(letter == 'u' || letter == 'U');
        const uint32_t code = hex(at, letter == 'u' ? 4 : 8);
        FUZZ_CHECK((code > 0xffff) == (letter == 'U'));
        append_code(out, code);
    }
}

static void check_turns_back(const UT_string *shown, const uint8_t *data, size_t size)
{
    UT_string back;
    const char *at = utstring_body(shown);
    utstring_init(&back);
    while (*at) {
        const size_t plain = strcspn(at, "\\");
        ut_append(&back, at, plain);
        at += plain;
        if (*at++ == '\0')
            break;
        append_escape(&back, &at);
    }
    FUZZ_CHECK(utstring_len(&back) == size);
    FUZZ_CHECK(size == 0 || memcmp(utstring_body(&back), data, size) == 0);
    utstring_done(&back);
}

static void check_escape(const uint8_t *data, size_t size)
{
    UT_string shown;
    utstring_init(&shown);
    escape_bytes(&shown, data, size);
    fuzz_check_printable(utstring_body(&shown), utstring_len(&shown), "");
    check_turns_back(&shown, data, size);
    FUZZ_CHECK(escape_source(utstring_body(&shown), utstring_len(&shown)) == size);
    utstring_clear(&shown);
    escape_text(&shown, data, size);
    fuzz_check_printable(utstring_body(&shown), utstring_len(&shown), "\n\t");
    check_turns_back(&shown, data, size);
    utstring_done(&shown);
}

/* --- base/utf8 --- */

/* Whether the bytes become a whole character with others after them. */
static bool can_be_continued(const uint8_t *data, size_t size)
{
    static const uint8_t nexts[] = {0x80, 0x90, 0xa0, 0xbf};
    for (size_t more = 1; size + more <= 4; more++) {
        for (size_t i = 0; i < sizeof nexts; i++) {
            uint8_t longer[4] = {0x80, 0x80, 0x80, 0x80};
            uint32_t code;
            memcpy(longer, data, size);
            longer[size] = nexts[i];
            if (fuzz_decode(longer, size + more, &code) == size + more)
                return true;
        }
    }
    return false;
}

static size_t check_decode(const uint8_t *data, size_t size)
{
    uint32_t code = 0, wanted = 0;
    const int length = utf8_decode(data, size, &code);
    const unsigned naive = fuzz_decode(data, size, &wanted);
    if (length > 0)
        FUZZ_CHECK((unsigned)length == naive && code == wanted);
    else
        FUZZ_CHECK(naive == 0);
    FUZZ_CHECK((length == UTF8_INCOMPLETE) ==
               (naive == 0 && size < 4 && can_be_continued(data, size)));
    return naive;
}

static void check_utf8(const uint8_t *data, size_t size)
{
    bool valid = true;
    size_t last = 0; /* where the last piece begins that is no character */
    for (size_t i = 0; i < size;) {
        const size_t length = check_decode(data + i, size - i);
        valid = valid && length > 0;
        last = length > 0 ? i + length : last;
        i += length > 0 ? length : 1;
    }
    FUZZ_CHECK(utf8_valid(data, size) == valid);
    const size_t unfinished = utf8_unfinished(data, size);
    FUZZ_CHECK(unfinished <= 3 && unfinished <= size);
    FUZZ_CHECK(unfinished <= size - last);
    FUZZ_CHECK(unfinished == 0 || can_be_continued(data + size - unfinished, unfinished));
    if (!valid)
        return;
    /* However valid text is cut, the first half is valid but for what utf8_unfinished names. */
    for (size_t cut = size > 8 ? size - 8 : 0; cut <= size; cut++)
        FUZZ_CHECK(utf8_valid(data, cut - utf8_unfinished(data, cut)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_escape(data, size);
    check_utf8(data, size);
    return 0;
}
