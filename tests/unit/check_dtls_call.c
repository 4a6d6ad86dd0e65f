/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/dtls_call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check_main.h"
#include "core/hub.h"
#include "dtls_world.h"

START_TEST(nobody_listens_there)
{
    union address far;
    close(fake_board_socket(SOCK_DGRAM, &far));
    char *endpoint = mem_printf("dtls://127.0.0.1:%u", (unsigned)address_port(&far));
    fake_board_call(&world, endpoint, NULL);
    free(endpoint);
    fake_board_until(&world, "Connection refused");
}
END_TEST

START_TEST(a_message_is_a_record)
{
    static char large[16385];
    call_pinned();
    fake_board_until(&world, "open #1");
    memset(large, 'x', sizeof large);
    ck_assert_int_eq(
        hub_send(&world.fake.hub, hub_find(&world.fake.hub, 1), large, sizeof large, 1, NULL),
        SEND_TOO_LONG);
    ck_assert_int_eq(send_to(1, "", 0), ENODATA);
    ck_assert_int_eq(send_to(1, large, sizeof large - 1), 0);
    while (hub_find(&world.fake.hub, 1)->received < sizeof large - 1)
        fake_board_turn(&world);
}
END_TEST

START_TEST(a_farewell_ends_the_other_side)
{
    call_pinned();
    fake_board_until(&world, "open #1");
    hub_close(&world.fake.hub, hub_find(&world.fake.hub, 1), CLOSE_OPERATOR);
    fake_turn(&world.fake); /* where the dead are freed */
    fake_board_until(&world, "close #2 eof");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nobody_listens_there, a_message_is_a_record,
                                  a_farewell_ends_the_other_side, NULL};
    return check_run_with("dtls_call", setup, teardown, tests);
}
