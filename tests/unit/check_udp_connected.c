/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_connected.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check_main.h"
#include "core/link.h"
#include "fake_board.h"

/* Where nobody listens any more. */
static int connect_to_nobody(union address *nobody)
{
    const int gone = fake_board_socket(SOCK_DGRAM, nobody), fd = socket(AF_INET, SOCK_DGRAM, 0);
    close(gone);
    ck_assert_int_eq(connect(fd, &nobody->any, address_length(nobody)), 0);
    return fd;
}

/* What is refused is told of the one before: this one goes all the same. */
START_TEST(sends_behind_one_that_was_refused)
{
    union address nobody;
    const int fd = connect_to_nobody(&nobody);
    struct pollfd refusal = {.fd = fd};
    ck_assert_int_eq(udp_connected_send(fd, "one", 3), 0);
    ck_assert_int_eq(poll(&refusal, 1, 5000), 1);
    ck_assert_int_ne(refusal.revents & POLLERR, 0);
    ck_assert_int_eq(udp_connected_send(fd, "two", 3), 0);
    close(fd);
    ck_assert_int_eq(udp_connected_send(fd, "three", 5), EBADF);
}
END_TEST

START_TEST(tells_both_ends)
{
    union address far;
    const int fd = connect_to_nobody(&far);
    struct resolved found = {.addresses = &far, .count = 1};
    struct link_description description = {0};
    char text[ADDRESS_TEXT];
    udp_connected_describe(&found, 0, fd, NULL, &description);
    address_print(&far, text);
    ck_assert_str_eq(description.remote, text);
    ck_assert_ptr_nonnull(strstr(description.local, "127.0.0.1:"));
    ck_assert_int_eq(udp_connected_remote(&found, 0).any.sa_family, AF_INET);
    ck_assert_int_eq(udp_connected_remote(&(struct resolved){0}, 0).any.sa_family, AF_UNSPEC);
    close(fd);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {sends_behind_one_that_was_refused, tells_both_ends, NULL};
    return check_run("udp_connected", tests);
}
