/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/send_status.h"

#include <errno.h>

#include "check_main.h"
#include "fake.h"

static struct fake world;
static struct fake_link *line;

static void setup(void)
{
    fake_init(&world);
    line = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
}

static void teardown(void)
{
    fake_finish(&world);
}

START_TEST(each_says_why)
{
    static const struct {
        enum send_status status;
        const char *text;
    } cases[] = {
        {SEND_OK, "sent"},
        {SEND_QUEUE_FULL, "its queue is full (0 bytes wait)"},
        {SEND_BUSY, "a file is being sent to it"},
        {SEND_CLOSING, "it is closing"},
        {SEND_CONNECTING, "it is not connected yet"},
        {SEND_ENDED, "our sending side has ended"},
        {SEND_TOO_LONG, "a datagram holds at most 65507 bytes"},
        {SEND_NO_FRAME, "no frame of framing=raw can hold it"},
        {SEND_FAILED, "Permission denied"},
    };
    ck_assert_uint_eq(sizeof cases / sizeof *cases, SEND_STATUSES);
    for (size_t i = 0; i < SEND_STATUSES; i++) {
        ck_assert_uint_eq(cases[i].status, i);
        check_error(send_status_text(line->link.peer, cases[i].status, EACCES), cases[i].text);
    }
}
END_TEST

START_TEST(says_how_much_waits)
{
    line->queued = 1048576;
    check_error(send_status_text(line->link.peer, SEND_QUEUE_FULL, 0),
                "its queue is full (1048576 bytes wait)");
    line->queued = 0;
}
END_TEST

START_TEST(says_what_the_kernel_said)
{
    check_error(send_status_text(line->link.peer, SEND_FAILED, ENETUNREACH),
                "Network is unreachable");
    check_error(send_status_text(line->link.peer, SEND_FAILED, EMSGSIZE), "Message too long");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_says_why, says_how_much_waits, says_what_the_kernel_said,
                                  NULL};
    return check_run_with("send_status", setup, teardown, tests);
}
