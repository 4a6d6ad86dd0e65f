/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The items of /bytes: what is understood gives the same bytes when it is spelled in hex, in
 * octal or as a string; what is not leaves the output as it was and gets an error. The hex dump
 * shows every byte at its place.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "fuzz.h"

static const char before[] = "before";

static bool same(const UT_string *text, const char *data, size_t size)
{
    return utstring_len(text) == size &&
           (size == 0 || memcmp(utstring_body(text), data, size) == 0);
}

/* --- spelling --- */

static void spell_hex(UT_string *text, unsigned byte)
{
    utstring_printf(text, "%02x", byte);
}

static void spell_word(UT_string *text, unsigned byte)
{
    utstring_printf(text, " 0x%02X\t", byte);
}

static void spell_escape(UT_string *text, unsigned byte)
{
    utstring_printf(text, "\\x%02X", byte);
}

static void spell_octal(UT_string *text, unsigned byte)
{
    utstring_printf(text, "\\%03o", byte);
}

static const struct {
    const char *first, *last;
    void (*byte)(UT_string *text, unsigned byte);
} spellings[] = {
    {"", "", spell_hex},        {"0x", " ", spell_hex},      {"\"\" ", " \"\"", spell_word},
    {"\"", "\"", spell_escape}, {" \"", "\" ", spell_octal},
};

static void check_spellings(const char *data, size_t size)
{
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        UT_string text, out;
        char *error = NULL;
        if (size == 0 && !strchr(spellings[i].first, '"'))
            continue; /* no item at all is an error */
        utstring_init(&text);
        utstring_init(&out);
        utstring_printf(&text, "%s", spellings[i].first);
        for (size_t at = 0; at < size; at++)
            spellings[i].byte(&text, (unsigned char)data[at]);
        utstring_printf(&text, "%s", spellings[i].last);
        FUZZ_CHECK(bytes_parse(&out, utstring_body(&text), &error));
        FUZZ_CHECK(same(&out, data, size));
        utstring_done(&text);
        utstring_done(&out);
    }
}

/* --- dumping --- */

static unsigned hex_digit(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = digit ? strchr(digits, digit) : NULL;
    FUZZ_CHECK(found);
    return (unsigned)(found - digits);
}

static void check_hexdump(const char *data, size_t size)
{
    UT_string dump;
    utstring_init(&dump);
    bytes_hexdump(&dump, "> ", data, size, 0);
    fuzz_check_printable(utstring_body(&dump), utstring_len(&dump), "\n");
    const char *line = utstring_body(&dump);
    for (size_t at = 0; at < size; at += 16) {
        FUZZ_CHECK(strncmp(line, "> ", 2) == 0);
        FUZZ_CHECK(strtoul(line + 2, NULL, 16) == at);
        for (size_t i = 0; i < 16 && at + i < size; i++) {
            const char *pair = line + 12 + i * 3 + i / 8;
            FUZZ_CHECK(hex_digit(pair[0]) << 4 == ((unsigned char)data[at + i] & 0xf0u));
            FUZZ_CHECK(hex_digit(pair[1]) == ((unsigned char)data[at + i] & 0x0fu));
        }
        line = strchr(line, '\n') + 1;
    }
    FUZZ_CHECK(*line == '\0');
    utstring_done(&dump);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    UT_string out;
    char *error = NULL, *items = fuzz_rest(&input);
    utstring_init(&out);
    utstring_printf(&out, "%s", before);
    if (bytes_parse(&out, items, &error)) {
        FUZZ_CHECK(!error);
        FUZZ_CHECK(strncmp(utstring_body(&out), before, strlen(before)) == 0);
        FUZZ_CHECK(utstring_len(&out) - strlen(before) <= strlen(items));
        check_spellings(utstring_body(&out) + strlen(before),
                        utstring_len(&out) - strlen(before));
    } else {
        FUZZ_CHECK(same(&out, before, strlen(before)));
        fuzz_check_error(error);
    }
    check_spellings((const char *)data, size);
    check_hexdump((const char *)data, size);
    utstring_done(&out);
    free(items);
    return 0;
}
