/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A listener under DTLS that echoes, and calls to it: both ends ours. */
#ifndef TELEX_TESTS_DTLS_WORLD_H
#define TELEX_TESTS_DTLS_WORLD_H

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/hub.h"
#include "fake_board.h"
#include "transport/udp_binding.h"
#include "transport/udp_socket.h"

static struct fake_board world;
static struct listener *listener;

static inline void setup(void)
{
    fake_board_init(&world, &(struct transport_settings){0});
    listener = fake_board_listen(&world, "dtls://127.0.0.1:0?reply=echo");
    fake_take(&world.fake);
}

static inline void teardown(void)
{
    fake_board_finish(&world);
}

static inline struct udp_socket *listening(void)
{
    return CAST(udp_binding, listener->binding)->sockets;
}

static inline void call(const char *keys)
{
    char *endpoint =
        mem_printf("dtls://127.0.0.1:%u?%s", (unsigned)fake_board_port(listener), keys);
    fake_board_call(&world, endpoint, NULL);
    free(endpoint);
}

static inline void call_pinned(void)
{
    char *pin = mem_printf("pin=%s", listener_fingerprint(listener));
    call(pin);
    free(pin);
}

static inline int send_to(uint64_t number, const char *data, size_t size)
{
    int cause = 0;
    hub_send(&world.fake.hub, hub_find(&world.fake.hub, number), data, size, 1, &cause);
    return cause;
}

/* --- a stranger, who is no more than what it sends --- */

struct hello {
    char data[2048];
    size_t size;
};

/* The first that a call of ours sends. */
static inline struct hello hello_make(void)
{
    struct hello hello;
    union address far;
    const int fd = fake_board_socket(SOCK_DGRAM, &far);
    char *endpoint = mem_printf("dtls://127.0.0.1:%u?verify=no", (unsigned)address_port(&far));
    struct peer *peer = fake_board_call(&world, endpoint, NULL);
    ssize_t size = -1;
    free(endpoint);
    while (size < 0) {
        fake_board_turn(&world);
        size = recv(fd, hello.data, sizeof hello.data, MSG_DONTWAIT);
    }
    hello.size = (size_t)size;
    hub_detach(&world.fake.hub, peer, CLOSE_OPERATOR, NULL);
    close(fd);
    return hello;
}

/* One of its own for each number. */
static inline int stranger(unsigned number)
{
    union address from = {.v4 = {.sin_family = AF_INET}};
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    from.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + number);
    ck_assert_int_eq(bind(fd, &from.any, address_length(&from)), 0);
    return fd;
}

/* Returns the size of the answer, or -1 where there is none. */
static inline ssize_t stranger_says(int fd, const struct hello *hello, struct hello *answer)
{
    union address far = listening()->bound;
    sendto(fd, hello->data, hello->size, 0, &far.any, address_length(&far));
    fake_board_turn(&world);
    return recv(fd, answer->data, sizeof answer->data, MSG_DONTWAIT);
}

/* Has no session that it goes on with. */
enum { HELLO_LENGTH = 11, HELLO_MESSAGE = 15, HELLO_FRAGMENT = 23, HELLO_COOKIE = 60 };

static inline void hello_grow(struct hello *hello, size_t at, size_t more)
{
    unsigned char *length = (unsigned char *)hello->data + at;
    const size_t size = ((size_t)length[0] << 8 | length[1]) + more;
    length[0] = (unsigned char)(size >> 8);
    length[1] = (unsigned char)size;
}

/* The same with the cookie of a HelloVerifyRequest: RFC 6347, 4.2.1. */
static inline struct hello hello_with_cookie(const struct hello *hello,
                                             const struct hello *verify)
{
    enum { COOKIE = 27 };
    const size_t size = (unsigned char)verify->data[COOKIE];
    struct hello with = *hello;
    memcpy(with.data + HELLO_COOKIE, verify->data + COOKIE, 1 + size);
    memcpy(with.data + HELLO_COOKIE + 1 + size, hello->data + HELLO_COOKIE + 1,
           hello->size - HELLO_COOKIE - 1);
    with.size += size;
    hello_grow(&with, HELLO_LENGTH, size);
    hello_grow(&with, HELLO_MESSAGE, size);
    hello_grow(&with, HELLO_FRAGMENT, size);
    return with;
}

#endif
