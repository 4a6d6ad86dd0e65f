/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/ut.h"
#include "check_main.h"

/* Lets a sanitized malloc fail as the plain one does, instead of ending the program. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

START_TEST(allocates)
{
    unsigned char *zeros = mem_zalloc(1000);
    for (size_t i = 0; i < 1000; i++)
        ck_assert_uint_eq(zeros[i], 0);
    memset(zeros, 7, 1000);
    zeros = mem_resize(zeros, 2000);
    ck_assert_uint_eq(zeros[999], 7);
    free(zeros);
    void *memory = mem_alloc(10);
    memset(memory, 1, 10);
    free(memory);
}
END_TEST

START_TEST(pages_are_aligned)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = mem_pages(2 * page);
    ck_assert_uint_eq((uintptr_t)memory % page, 0);
    memset(memory, 1, 2 * page);
    free(memory);
}
END_TEST

START_TEST(what_is_large_is_aligned)
{
    char *memory = mem_large(MEM_HUGE);
    ck_assert_uint_eq((uintptr_t)memory % MEM_HUGE, 0);
    memset(memory, 1, MEM_HUGE);
    free(memory);
    memory = mem_large(MEM_HUGE + 1); /* in parts it would waste */
    memset(memory, 1, MEM_HUGE + 1);
    free(memory);
}
END_TEST

START_TEST(allocates_nothing)
{
    void *none[] = {mem_alloc(0), mem_zalloc(0), mem_resize(NULL, 0), mem_dup(NULL, 0),
                    mem_resize(mem_alloc(5), 0)};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        ck_assert_ptr_nonnull(none[i]);
        free(none[i]);
    }
}
END_TEST

START_TEST(copies)
{
    char *copy = mem_dup("a\0b", 3);
    ck_assert_mem_eq(copy, "a\0b", 3);
    free(copy);
    copy = mem_strdup("text");
    ck_assert_str_eq(copy, "text");
    free(copy);
    copy = mem_strndup("text", 2);
    ck_assert_str_eq(copy, "te");
    free(copy);
    copy = mem_strndup(NULL, 0);
    ck_assert_str_eq(copy, "");
    free(copy);
    copy = mem_printf("%s %d", "number", 5);
    ck_assert_str_eq(copy, "number 5");
    free(copy);
}
END_TEST

START_TEST(appends_with_room_to_spare)
{
    UT_string out;
    utstring_init(&out);
    ut_append(&out, NULL, 0);
    ck_assert_str_eq(utstring_body(&out), "");
    size_t grown = 0;
    for (size_t i = 0; i < 10000; i++) {
        size_t room = out.n;
        ut_append(&out, &"0123456789"[i % 10], 1);
        grown += out.n != room;
    }
    ck_assert_uint_eq(utstring_len(&out), 10000);
    ck_assert_str_eq(utstring_body(&out) + 9995, "56789");
    ck_assert_uint_lt(grown, 10);
    utstring_done(&out);
    /* Pieces that just fit, and that just do not. */
    for (size_t size = 95; size < 105; size++) {
        char *piece = mem_zalloc(size);
        utstring_init(&out);
        ut_append(&out, piece, size);
        ck_assert_uint_eq(utstring_len(&out), size);
        utstring_done(&out);
        free(piece);
    }
}
END_TEST

/* Out of memory: the message, then exit status 1, which the exit tests expect. */
START_TEST(exhausted_exits)
{
    mem_exhausted();
}
END_TEST

static volatile size_t too_much = PTRDIFF_MAX; /* volatile: or the compiler objects */

START_TEST(alloc_exits)
{
    free(mem_alloc(too_much));
}
END_TEST

START_TEST(zalloc_exits)
{
    free(mem_zalloc(too_much));
}
END_TEST

START_TEST(resize_exits)
{
    free(mem_resize(NULL, too_much));
}
END_TEST

static jmp_buf refused;
static unsigned notices;

/* Out of the allocation that no ballast is enough for. */
static void escape(void *context)
{
    ck_assert_ptr_eq(context, &notices);
    notices++;
    longjmp(refused, 1);
}

START_TEST(ballast_is_given_up_and_taken_back)
{
    notices = 0;
    mem_reserve(escape, &notices);
    for (unsigned times = 1; times <= 3; times++) {
        ck_assert(!mem_is_short());
        if (setjmp(refused) == 0)
            free(mem_alloc(too_much));
        ck_assert_uint_eq(notices, times);
        ck_assert(mem_is_short());
        ck_assert(mem_restore());
    }
    mem_release();
    ck_assert(!mem_is_short());
}
END_TEST

static void count(void *context)
{
    ++*(unsigned *)context;
}

/* Once, though it is asked for often; then it is the end. */
START_TEST(without_ballast_exits)
{
    static unsigned given;
    mem_reserve(count, &given);
    free(mem_resize(NULL, too_much));
}
END_TEST

START_TEST(string_exits)
{
    UT_string out;
    utstring_init(&out);
    utstring_reserve(&out, too_much);
    ck_abort_msg("there is room at %p", (void *)utstring_body(&out));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mem");
    TCase *tcase = tcase_create("mem");
    tcase_add_test(tcase, allocates);
    tcase_add_test(tcase, pages_are_aligned);
    tcase_add_test(tcase, what_is_large_is_aligned);
    tcase_add_test(tcase, allocates_nothing);
    tcase_add_test(tcase, copies);
    tcase_add_test(tcase, appends_with_room_to_spare);
    tcase_add_test(tcase, ballast_is_given_up_and_taken_back);
    SRunner *runner = srunner_create(NULL);
    /* Without a process of their own (CK_FORK=no) they would end this one. */
    if (srunner_fork_status(runner) == CK_FORK) {
        tcase_add_exit_test(tcase, exhausted_exits, 1);
        tcase_add_exit_test(tcase, alloc_exits, 1);
        tcase_add_exit_test(tcase, zalloc_exits, 1);
        tcase_add_exit_test(tcase, resize_exits, 1);
        tcase_add_exit_test(tcase, string_exits, 1);
        tcase_add_exit_test(tcase, without_ballast_exits, 1);
    }
    srunner_free(runner);
    suite_add_tcase(suite, tcase);
    return check_suite(suite);
}
