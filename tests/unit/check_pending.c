/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/pending.h"

#include <string.h>

#include "check_main.h"

static struct pending *pending;

static void setup(void)
{
    pending = NULL;
}

static void teardown(void)
{
    pending_clear(&pending);
}

static void add(const char *text)
{
    pending_add(&pending, text, strlen(text));
}

static void has(const char *text)
{
    ck_assert_uint_eq(pending_size(pending), strlen(text));
    ck_assert_mem_eq(pending_data(pending), text, strlen(text));
}

START_TEST(nothing_takes_nothing)
{
    ck_assert_uint_eq(pending_size(NULL), 0);
    ck_assert_uint_eq(pending_room(NULL), 0);
    ck_assert_ptr_null(pending_data(NULL));
    add("text");
    pending_take(&pending, 0);
    has("text");
    pending_take(&pending, 4);
    ck_assert_ptr_null(pending);
}
END_TEST

START_TEST(is_in_order)
{
    add("one ");
    add("two ");
    pending_take(&pending, 4);
    has("two ");
    add("three");
    has("two three");
}
END_TEST

/* Against a plain copy: pieces of all sizes come and go. */
START_TEST(keeps_every_byte)
{
    static char all[1 << 20];
    size_t from = 0, to = 0;
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (char)(i * 7 + i / 251);
    for (unsigned round = 0; to < sizeof all; round++) {
        size_t piece = round * 37 % 5000;
        if (piece > sizeof all - to)
            piece = sizeof all - to;
        pending_add(&pending, all + to, piece);
        to += piece;
        ck_assert_uint_eq(pending_size(pending), to - from);
        ck_assert_mem_eq(pending_data(pending), all + from, to - from);
        size_t taken = round % 3 == 0 ? 0 : (to - from) * (round % 5) / 4;
        pending_take(&pending, taken);
        from += taken;
    }
}
END_TEST

/* What little is left of much takes little. */
START_TEST(takes_little_more_than_it_needs)
{
    static char much[65536];
    pending_add(&pending, much, sizeof much);
    ck_assert_uint_lt(pending_room(pending), sizeof much * 5 / 4);
    pending_take(&pending, sizeof much - 10);
    ck_assert_uint_eq(pending_size(pending), 10);
    ck_assert_uint_le(pending_room(pending), 64);
    pending_add(&pending, much, sizeof much - 10);
    ck_assert_uint_lt(pending_room(pending), sizeof much * 5 / 4);
    for (int i = 0; i < 1000; i++) { /* goes along without growing */
        pending_take(&pending, 60);
        pending_add(&pending, much, 60);
    }
    ck_assert_uint_lt(pending_room(pending), sizeof much * 5 / 4);
}
END_TEST

START_TEST(byte_by_byte)
{
    for (int i = 0; i < 10000; i++)
        pending_add(&pending, &"abc"[i % 3], 1);
    ck_assert_uint_eq(pending_size(pending), 10000);
    ck_assert_mem_eq(pending_data(pending) + 9990, "abcabcabca", 10);
    ck_assert_uint_lt(pending_room(pending), 12500);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nothing_takes_nothing, is_in_order,
                                  keeps_every_byte,      takes_little_more_than_it_needs,
                                  byte_by_byte,          NULL};
    return check_run_with("pending", setup, teardown, tests);
}
