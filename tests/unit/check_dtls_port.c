/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/dtls_port.h"

#include "check_main.h"
#include "dtls_world.h"

/* Neither is one without a cookie. */
START_TEST(junk_is_nobody)
{
    static const char hello[] = "\x16\xfe\xfd\0\0\0\0\0\0\0\0\0\x10\x01\0\0\x04xxxx";
    union address far;
    int fd = fake_board_socket(SOCK_DGRAM, &far);
    address_set_port(&far, fake_board_port(listener));
    for (int i = 0; i < 100; i++) {
        sendto(fd, "junk", 4, 0, &far.any, address_length(&far));
        sendto(fd, hello, sizeof hello, 0, &far.any, address_length(&far));
    }
    call_pinned();
    fake_board_until(&world, "open #2");
    ck_assert_uint_eq(listening()->peers.count, 1);
    close(fd);
}
END_TEST

/* Whoever they are: the socket's owner and the one of nobody hold it. */
START_TEST(a_flood_of_hellos_holds_nothing)
{
    const struct hello hello = hello_make();
    struct hello answer;
    for (unsigned i = 0; i < 500; i++) {
        const int fd = stranger(i);
        ck_assert_int_gt(stranger_says(fd, &hello, &answer), 0);
        ck_assert_int_eq(stranger_says(fd, &answer, &answer), -1);
        close(fd);
    }
    ck_assert_uint_eq(listening()->references, 2);
    ck_assert_uint_eq(world.fake.hub.stats.refused_handshake, 0);
}
END_TEST

START_TEST(a_cookie_is_good_for_who_got_it)
{
    const struct hello hello = hello_make();
    struct hello answer;
    const int one = stranger(1), other = stranger(2);
    stranger_says(one, &hello, &answer);
    const struct hello again = hello_with_cookie(&hello, &answer);
    stranger_says(other, &again, &answer);
    ck_assert_uint_eq(listening()->references, 2);
    stranger_says(one, &again, &answer);
    ck_assert_uint_eq(listening()->references, 2); /* its own, and none is there for the next */
    stranger_says(other, &hello, &answer);
    ck_assert_uint_eq(listening()->references, 3);
    close(one);
    close(other);
}
END_TEST

START_TEST(a_listener_that_closes_says_farewell)
{
    call_pinned();
    fake_board_until(&world, "open #1");
    hub_remove_listener(&world.fake.hub, listener);
    fake_board_until(&world, "close #1 eof");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {junk_is_nobody, a_flood_of_hellos_holds_nothing,
                                  a_cookie_is_good_for_who_got_it,
                                  a_listener_that_closes_says_farewell, NULL};
    return check_run_with("dtls_port", setup, teardown, tests);
}
