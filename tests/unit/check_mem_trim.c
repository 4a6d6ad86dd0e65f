/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem_trim.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"

enum { PIECE = 16 << 10, PIECES = 2048, STAYS = 8 /* every eighth */ };

static char *pieces[PIECES];
static struct mem_trim trim;

/* What a flood has left: 32 MiB, of which an eighth is in use. */
static void setup(void)
{
    mallopt(M_PERTURB, 0); /* what is freed is not to be written to: MALLOC_PERTURB_ */
    trim = (struct mem_trim){0};
    for (unsigned i = 0; i < PIECES; i++) {
        pieces[i] = mem_alloc(PIECE);
        memset(pieces[i], (int)(i % 251), PIECE);
    }
    for (unsigned i = 0; i < PIECES; i++)
        if (i % STAYS != 0)
            free(pieces[i]);
}

static void teardown(void)
{
    for (unsigned i = 0; i < PIECES; i += STAYS)
        free(pieces[i]);
}

static void check_content(void)
{
    char expected[PIECE];
    for (unsigned i = 0; i < PIECES; i += STAYS) {
        memset(expected, (int)(i % 251), PIECE);
        ck_assert_mem_eq(pieces[i], expected, PIECE);
    }
}

/* Of the process, bytes: proc(5), statm. */
static size_t resident(void)
{
    unsigned long all, here;
    FILE *file = fopen("/proc/self/statm", "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%lu %lu", &all, &here), 2);
    fclose(file);
    return here * (size_t)sysconf(_SC_PAGESIZE);
}

/* Whether the allocator is the C library's, so that there is something to take. */
static bool is_ours(void)
{
#ifdef __SANITIZE_ADDRESS__
    return false;
#elif defined __has_feature
    return !__has_feature(address_sanitizer);
#else
    return true;
#endif
}

START_TEST(gives_back_what_was_freed_in_many_steps)
{
    const size_t before = resident();
    unsigned steps = 1;
    while (mem_trim_step(&trim))
        steps++;
    ck_assert(!is_ours() || steps > PIECES / STAYS);
    ck_assert(!is_ours() || resident() + PIECES * PIECE / 2 < before);
    ck_assert_ptr_null(trim.taken);
    ck_assert_ptr_null(trim.end);
    check_content();
}
END_TEST

START_TEST(may_be_done_again)
{
    while (mem_trim_step(&trim))
        continue;
    const size_t before = resident();
    while (mem_trim_step(&trim))
        continue;
    ck_assert_uint_le(resident(), before + PIECES * PIECE / 4);
    check_content();
}
END_TEST

START_TEST(stops_in_the_middle)
{
    for (unsigned i = 0; i < 20; i++)
        ck_assert(mem_trim_step(&trim) || !is_ours());
    ck_assert(!is_ours() || trim.taken);
    mem_trim_stop(&trim);
    ck_assert_ptr_null(trim.taken);
    check_content();
    mem_trim_stop(&trim);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {gives_back_what_was_freed_in_many_steps, may_be_done_again,
                                  stops_in_the_middle, NULL};
    return check_run_with("mem_trim", setup, teardown, tests);
}
