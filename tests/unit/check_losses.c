/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/losses.h"

#include <errno.h>
#include <stdlib.h>

#include "check_main.h"

static void expect(struct losses losses, const char *wanted)
{
    char *text = losses_text(&losses);
    if (wanted)
        ck_assert_str_eq(text, wanted);
    else
        ck_assert_ptr_null(text);
    free(text);
}

START_TEST(nothing_lost_is_nothing_said)
{
    expect((struct losses){0}, NULL);
    expect((struct losses){.at_least = true}, NULL);
}
END_TEST

START_TEST(a_line_says_what_became_of_it)
{
    expect((struct losses){.line = "tcp://h:1: refused"}, "tcp://h:1: refused");
    expect((struct losses){.line = "tcp://h:1: reset", .undelivered = 1},
           "tcp://h:1: reset; 1 byte was not delivered");
    expect((struct losses){.line = "tcp://h:1: reset", .undelivered = 20, .at_least = true},
           "tcp://h:1: reset; at least 20 bytes were not delivered");
}
END_TEST

START_TEST(output_is_told_with_its_error)
{
    expect((struct losses){.output = ENOSPC, .unwritten = 3},
           "cannot write to stdout: No space left on device; 3 bytes were not written");
    expect((struct losses){.unwritten = 1}, "1 byte was not written");
}
END_TEST

START_TEST(all_is_one_line)
{
    expect(
        (struct losses){
            .output = EPIPE, .unwritten = 2, .undelivered = UINT64_MAX, .datagrams = 1},
        "cannot write to stdout: Broken pipe; 2 bytes were not written; "
        "18446744073709551615 bytes were not delivered; 1 datagram was not sent");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nothing_lost_is_nothing_said, a_line_says_what_became_of_it,
                                  output_is_told_with_its_error, all_is_one_line, NULL};
    return check_run("losses", tests);
}
