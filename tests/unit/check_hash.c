/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"

#include <stdio.h>
#include <string.h>

#include "check_main.h"

enum { MANY = 20000, PLACES = 4096 };

START_TEST(each_key_hashes_otherwise)
{
    struct hash_key one, other;
    hash_key_init(&one);
    hash_key_init(&other);
    ck_assert_uint_ne(hash_bytes(&one, "boiler", 6), hash_bytes(&other, "boiler", 6));
    ck_assert_uint_eq(hash_bytes(&one, "boiler", 6), hash_bytes(&one, "boiler", 6));
}
END_TEST

START_TEST(every_byte_and_the_size_count)
{
    struct hash_key key;
    char data[32] = {0};
    hash_key_init(&key);
    for (size_t size = 1; size <= sizeof data; size++) {
        const uint64_t plain = hash_bytes(&key, data, size);
        ck_assert_uint_ne(plain, hash_bytes(&key, data, size - 1));
        for (size_t i = 0; i < size; i++) {
            data[i] = 1;
            ck_assert_uint_ne(plain, hash_bytes(&key, data, size));
            data[i] = 0;
        }
    }
}
END_TEST

/* Much alike, as names are: no place of a table gets many times its share. */
START_TEST(spreads_what_is_alike)
{
    static unsigned places[PLACES];
    struct hash_key key;
    hash_key_init(&key);
    for (unsigned i = 0; i < MANY; i++) {
        char name[32];
        snprintf(name, sizeof name, "meter-%u", i);
        places[hash_bytes(&key, name, strlen(name)) % PLACES]++;
    }
    for (unsigned i = 0; i < PLACES; i++)
        ck_assert_uint_le(places[i], 8 * MANY / PLACES);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_key_hashes_otherwise, every_byte_and_the_size_count,
                                  spreads_what_is_alike, NULL};
    return check_run("hash", tests);
}
