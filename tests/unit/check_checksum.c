/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/checksum.h"

#include <string.h>

#include "check_main.h"

static const struct checksum *find(const char *name)
{
    for (unsigned i = 0; i < CHECKSUMS; i++)
        if (strcmp(checksums[i].name, name) == 0)
            return &checksums[i];
    ck_abort_msg("no check is called %s", name);
    return NULL;
}

/* The usual test vector, and sums that were made by hand. */
START_TEST(knows_the_vectors)
{
    static const struct {
        const char *name, *data;
        uint32_t value;
    } cases[] = {
        {"crc16", "123456789", 0x4b37},       {"crc16", "", 0xffff},
        {"crc16-ccitt", "123456789", 0x29b1}, {"crc16-ccitt", "A", 0xb915},
        {"crc32", "123456789", 0xcbf43926},   {"crc32", "", 0},
        {"sum8", "123456789", 0xdd},          {"sum8", "\xff\x02", 0x01},
        {"xor8", "123456789", 0x31},          {"xor8", "\xf0\x0f\xff", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct checksum *checksum = find(cases[i].name);
        const uint32_t sum =
            checksum_add(checksum, checksum->first, cases[i].data, strlen(cases[i].data));
        ck_assert_uint_eq(checksum_value(checksum, sum), cases[i].value);
    }
}
END_TEST

START_TEST(puts_bytes_in_order)
{
    static const struct {
        const char *name, *bytes;
        size_t size;
    } cases[] = {{"crc16", "\x37\x4b", 2},
                 {"crc16-ccitt", "\x29\xb1", 2},
                 {"crc32", "\x26\x39\xf4\xcb", 4},
                 {"sum8", "\xdd", 1},
                 {"xor8", "\x31", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct checksum *checksum = find(cases[i].name);
        UT_string out;
        utstring_init(&out);
        checksum_put(checksum, checksum_add(checksum, checksum->first, "123456789", 9), &out);
        ck_assert_uint_eq(utstring_len(&out), cases[i].size);
        ck_assert_mem_eq(utstring_body(&out), cases[i].bytes, cases[i].size);
        utstring_done(&out);
    }
}
END_TEST

START_TEST(adds_piece_by_piece)
{
    for (unsigned i = 0; i < CHECKSUMS; i++) {
        const struct checksum *checksum = &checksums[i];
        const uint32_t whole = checksum_add(checksum, checksum->first, "123456789", 9);
        uint32_t sum = checksum_add(checksum, checksum->first, "1234", 4);
        sum = checksum_add(checksum, sum, NULL, 0);
        ck_assert_uint_eq(checksum_add(checksum, sum, "56789", 5), whole);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {knows_the_vectors, puts_bytes_in_order, adds_piece_by_piece,
                                  NULL};
    return check_run("checksum", tests);
}
