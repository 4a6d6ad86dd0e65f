/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sha1.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "check_main.h"

static void digests_to(const void *data, size_t size, const char *expected)
{
    uint8_t digest[SHA1_SIZE];
    char hex[2 * SHA1_SIZE + 1];
    sha1(data, size, digest);
    for (int i = 0; i < SHA1_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    ck_assert_str_eq(hex, expected);
}

/* RFC 3174 section 7.3, and FIPS 180. */
START_TEST(known_texts)
{
    static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    digests_to("", 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    digests_to("abc", 3, "a9993e364706816aba3e25717850c26c9cd0d89d");
    digests_to(two, sizeof two - 1, "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
}
END_TEST

/* By coreutils' sha1sum. */
START_TEST(at_the_edges_of_a_block)
{
    static const char *const expected[][2] = {
        {"55", "c1c8bbdc22796e28c0e15163d20899b65621d65a"},
        {"56", "c2db330f6083854c99d4b5bfb6e8f29f201be699"},
        {"63", "03f09f5b158a7a8cdad920bddc29b81c18a551f5"},
        {"64", "0098ba824b5c16427bd7a1122a5a442a25ec644d"},
        {"65", "11655326c708d70319be2610e8a57d9a5b959d3b"},
        {"1000000", "34aa973cd4c4daa4f61eeb2bdbad27316534016f"}};
    char *text = mem_alloc(1000000);
    memset(text, 'a', 1000000);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        digests_to(text, (size_t)strtoul(expected[i][0], NULL, 10), expected[i][1]);
    free(text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {known_texts, at_the_edges_of_a_block, NULL};
    return check_run("sha1", tests);
}
