/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/dtls_link.h"

#include "check_main.h"
#include "dtls_world.h"
#include "transport/tls_options.h"
#include "transport/udp_inbox.h"

START_TEST(who_does_not_trust_says_so_to_both)
{
    call("verify=yes");
    const char *told = fake_board_until(&world, "refused");
    while (!strstr(told, "close #1"))
        told = fake_board_until(&world, "close #1");
    ck_assert_msg(strstr(told, "signed by nobody we trust"), "%s", told);
    ck_assert_uint_eq(world.fake.hub.stats.refused_handshake, 1);
    while (listening()->references > 1) /* its owner's, and that of the next caller's */
        fake_board_turn(&world);
}
END_TEST

/* Begins a handshake that nobody goes on with. */
static void begin(unsigned number, const struct hello *hello)
{
    struct hello answer;
    const int fd = stranger(number);
    ck_assert_int_gt(stranger_says(fd, hello, &answer), 0);
    const struct hello again = hello_with_cookie(hello, &answer);
    stranger_says(fd, &again, &answer);
    close(fd);
}

START_TEST(the_oldest_goes_where_many_shake_hands)
{
    const struct hello hello = hello_make();
    for (unsigned i = 0; i < 1024; i++)
        begin(i, &hello);
    ck_assert_uint_eq(world.fake.hub.stats.refused_limit, 0);
    const unsigned held = listening()->references;
    begin(1024, &hello);
    ck_assert_uint_eq(world.fake.hub.stats.refused_limit, 1);
    fake_board_turn(&world);
    ck_assert_uint_eq(listening()->references, held);
}
END_TEST

static size_t waiting_after(const char *data, size_t size, unsigned times)
{
    const struct udp_datagram datagram = {.data = data, .size = size};
    struct dtls_link *link =
        dtls_link_create(listening(), tls_options_of(&listener->origin)->context);
    for (unsigned i = 0; i < times; i++)
        dtls_link_take(link, &datagram);
    const size_t bytes = link->waiting_bytes;
    dtls_link_discard(link);
    return bytes;
}

START_TEST(what_waits_for_its_turn_has_a_bound)
{
    static const char data[60000];
    ck_assert_uint_eq(waiting_after(data, sizeof data, 1), 0);
    const size_t most = waiting_after(data, 1000, 100);
    ck_assert_uint_le(most, 40 << 10);
    ck_assert_uint_gt(most, 38 << 10);
    ck_assert_uint_gt(waiting_after(data, 0, 1), 0); /* it costs what it costs */
}
END_TEST

/* Of those OpenSSL would keep 100. */
START_TEST(so_have_records_under_a_key)
{
    static const char one[] = "\x16\xfe\xfd\0\1\0\0\0\0\0\1\0\0";
    char many[100 * (sizeof one - 1)];
    for (size_t i = 0; i < 100; i++)
        memcpy(many + i * (sizeof one - 1), one, sizeof one - 1);
    ck_assert_uint_eq(waiting_after(one, sizeof one - 1, 40),
                      waiting_after(one, sizeof one - 1, 32));
    ck_assert_uint_lt(waiting_after(one, sizeof one - 1, 31),
                      waiting_after(one, sizeof one - 1, 32));
    ck_assert_uint_eq(waiting_after(many, sizeof many, 1), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        who_does_not_trust_says_so_to_both, the_oldest_goes_where_many_shake_hands,
        what_waits_for_its_turn_has_a_bound, so_have_records_under_a_key, NULL};
    return check_run_with("dtls_link", setup, teardown, tests);
}
