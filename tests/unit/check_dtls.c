/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "dtls_world.h"

/* The caller is #1, and the other one is no peer before it has shaken hands. */
START_TEST(a_message_goes_there_and_back)
{
    call_pinned();
    fake_board_until(&world, "open #1");
    for (uint64_t number = 1; number <= 2; number++) {
        struct link_description description = {0};
        const struct peer *peer = hub_find(&world.fake.hub, number);
        peer->link->ops->describe(peer->link, &description);
        ck_assert_str_eq(description.tls.version, "DTLSv1.2");
        ck_assert_ptr_nonnull(strstr(description.remote, "127.0.0.1:"));
    }
    ck_assert_int_eq(send_to(1, "hi", 2), 0);
    fake_board_until(&world, "message #1 hi");
}
END_TEST

START_TEST(bad_keys_are_named)
{
    char *error = fake_board_fault(&world, "dtls://127.0.0.1:0?min=1.3");
    ck_assert_ptr_nonnull(strstr(error, "there is no DTLS 1.3 here"));
    free(error);
    error = fake_board_fault(&world, "dtls://127.0.0.1:0?plain=yes");
    ck_assert_ptr_nonnull(strstr(error, "plain"));
    free(error);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_message_goes_there_and_back, bad_keys_are_named, NULL};
    return check_run_with("dtls", setup, teardown, tests);
}
