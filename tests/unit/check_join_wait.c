/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/join_wait.h"

#include "fake_hub.h"

START_TEST(they_are_said_in_their_order)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1?reply=none");
    struct join_wait *waiting = NULL;
    ck_assert(join_wait_add(&waiting, "one", 3));
    ck_assert(join_wait_add(&waiting, "", 0));
    ck_assert(join_wait_add(&waiting, "two", 3));
    join_wait_deliver(waiting, hub, link->link.peer);
    TOLD("message #1 one\nmessage #1 \nmessage #1 two\n");
    join_wait_deliver(NULL, hub, link->link.peer);
    TOLD("");
}
END_TEST

START_TEST(there_is_room_for_so_many)
{
    struct join_wait *waiting = NULL;
    for (int i = 0; i < JOIN_WAIT_MAX; i++)
        ck_assert(join_wait_add(&waiting, "x", 1));
    ck_assert(!join_wait_add(&waiting, "x", 1));
    join_wait_free(waiting);
}
END_TEST

START_TEST(there_is_room_for_so_many_bytes)
{
    static char many[JOIN_WAIT_BYTES / 2 + 1];
    struct join_wait *waiting = NULL;
    ck_assert(join_wait_add(&waiting, many, sizeof many));
    ck_assert(!join_wait_add(&waiting, many, sizeof many));
    ck_assert(join_wait_add(&waiting, "x", 1));
    join_wait_free(waiting);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {they_are_said_in_their_order, there_is_room_for_so_many,
                                  there_is_room_for_so_many_bytes, NULL};
    return check_run_with("join_wait", setup_world, teardown_world, tests);
}
