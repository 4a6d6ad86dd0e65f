/* SPDX-License-Identifier: GPL-3.0-or-later */
/* telex-bench's WebSocket over a pair of sockets, whose other end the test holds. */
#include "telex-bench/wire_ws.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/endpoint.h"
#include "base/http_head.h"
#include "base/sha1.h"
#include "base/ut.h"
#include "check_main.h"
#include "telex-bench/wire.h"

enum { LARGE = 60000 };

static struct wire_ws_request *request;
static struct wire wire;
static int far;
static char buffer[LARGE + 100];

static void setup(void)
{
    struct endpoint endpoint = {.host = (char[]){"127.0.0.1"}, .port = 80};
    int fds[2];
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    far = fds[1];
    request = wire_ws_request(&endpoint);
    wire = (struct wire){.fd = fds[0], .ws = wire_ws_create(request)};
}

static void teardown(void)
{
    wire_ws_destroy(wire.ws);
    wire_ws_request_destroy(request);
    close(wire.fd);
    close(far);
}

static void say(const void *data, size_t size)
{
    ck_assert_int_eq(send(far, data, size, 0), (ssize_t)size);
}

/* What a server answers to the request that is there now. */
static void say_answer(const char *line)
{
    static const char rule[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    const ssize_t size = recv(far, buffer, sizeof buffer, 0);
    char text[256];
    uint8_t digest[SHA1_SIZE];
    UT_string accept;
    ck_assert_int_gt(size, 0);
    ck_assert_uint_eq(http_head_size(buffer, (size_t)size), (size_t)size);
    char *key = http_head_field(buffer, (size_t)size, "Sec-WebSocket-Key");
    sha1(text, (size_t)snprintf(text, sizeof text, "%s%s", key, rule), digest);
    free(key);
    utstring_init(&accept);
    base64_encode(&accept, digest, sizeof digest);
    say(text, (size_t)snprintf(text, sizeof text, "%s\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                               line, utstring_body(&accept)));
    utstring_done(&accept);
}

static void greet(void)
{
    ck_assert_int_eq(wire_greet(&wire), 0);
    say_answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket");
    ck_assert_int_eq(wire_greet(&wire), 1);
}

/* The payload of one masked frame, of which the head takes so many bytes. */
static void unmask(unsigned char *frame, size_t head, size_t size)
{
    for (size_t i = 0; i < size; i++)
        frame[head + i] ^= frame[head - 4 + i % 4];
}

START_TEST(bytes_wait_for_the_greeting)
{
    errno = 0;
    ck_assert_int_eq(wire_send(&wire, "abc", 3), -1);
    ck_assert_int_eq(errno, EAGAIN);
    say_answer("HTTP/1.1 101 Switching Protocols");
    ck_assert_int_eq(wire_send(&wire, "abc", 3), 3);
    ck_assert_int_eq(recv(far, buffer, sizeof buffer, 0), 9);
    ck_assert_mem_eq(buffer, "\x82\x83", 2);
    unmask((unsigned char *)buffer, 6, 3);
    ck_assert_mem_eq(buffer + 6, "abc", 3);
}
END_TEST

START_TEST(other_answers_are_none)
{
    static const char wrong[] = "HTTP/1.1 101 Go\r\nSec-WebSocket-Accept: x\r\n\r\n";
    ck_assert_int_eq(wire_greet(&wire), 0);
    say_answer("HTTP/1.1 200 OK");
    ck_assert_int_eq(wire_greet(&wire), -1);
    ck_assert_str_eq(wire_why(&wire), "the server does not speak WebSocket there");
    teardown();
    setup();
    ck_assert_int_eq(wire_greet(&wire), 0);
    say(wrong, strlen(wrong));
    ck_assert_int_eq(wire_greet(&wire), -1);
    ck_assert_str_eq(wire_why(&wire), "the answer to the handshake of WebSocket is wrong");
}
END_TEST

/* However they are cut on their way. */
START_TEST(frames_come_as_bytes)
{
    static const char frames[] = "\x02\x03"
                                 "one"
                                 "\x89\x02"
                                 "hi" /* a ping amid a message */
                                 "\x80\x7e\x00\x04"
                                 " two";
    char got[100];
    size_t size = 0;
    greet();
    for (size_t i = 0; i < sizeof frames - 1; i++) {
        say(frames + i, 1);
        const ssize_t now = wire_receive(&wire, got + size, sizeof got - size);
        size += now > 0 ? (size_t)now : 0;
    }
    ck_assert_uint_eq(size, 7);
    ck_assert_mem_eq(got, "one two", 7);
    ck_assert_int_eq(recv(far, buffer, sizeof buffer, 0), 8);
    ck_assert_mem_eq(buffer, "\x8a\x82", 2); /* its pong */
    unmask((unsigned char *)buffer, 6, 2);
    ck_assert_mem_eq(buffer + 6, "hi", 2);
    say(frames, sizeof frames - 1);
    ck_assert_int_eq(wire_receive(&wire, got, sizeof got), 7);
}
END_TEST

/* The same bytes are offered again, and counted once. */
START_TEST(what_the_socket_does_not_take_goes_first)
{
    static char data[LARGE];
    size_t sent = 0, came = 0;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 7 / 3);
    greet();
    ck_assert_int_eq(setsockopt(wire.fd, SOL_SOCKET, SO_SNDBUF, &(int){4096}, sizeof(int)), 0);
    while (came < LARGE + 8) {
        const ssize_t now = wire_send(&wire, data + sent, sent < LARGE ? LARGE - sent : 0);
        ck_assert(now > 0 || errno == EAGAIN || sent == LARGE);
        sent += now > 0 ? (size_t)now : 0;
        const ssize_t got = recv(far, buffer + came, sizeof buffer - came, 0);
        came += got > 0 ? (size_t)got : 0;
        if (sent == LARGE)
            break;
    }
    for (ssize_t got = 1; got > 0; came += got > 0 ? (size_t)got : 0)
        got = recv(far, buffer + came, sizeof buffer - came, 0);
    ck_assert_uint_eq(sent, LARGE);
    ck_assert_uint_eq(came, LARGE + 8);
    ck_assert_mem_eq(buffer, "\x82\xfe\xea\x60", 4);
    unmask((unsigned char *)buffer, 8, LARGE);
    ck_assert_mem_eq(buffer + 8, data, LARGE);
}
END_TEST

START_TEST(an_end_is_said)
{
    greet();
    wire_ws_close(wire.ws, &wire);
    ck_assert_int_eq(recv(far, buffer, sizeof buffer, 0), 8);
    ck_assert_mem_eq(buffer, "\x88\x82", 2);
    unmask((unsigned char *)buffer, 6, 2);
    ck_assert_mem_eq(buffer + 6, "\x03\xe8", 2);
    shutdown(far, SHUT_WR);
    ck_assert_int_eq(wire_receive(&wire, buffer, sizeof buffer), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {bytes_wait_for_the_greeting,
                                  other_answers_are_none,
                                  frames_come_as_bytes,
                                  what_the_socket_does_not_take_goes_first,
                                  an_end_is_said,
                                  NULL};
    return check_run_with("wire_ws", setup, teardown, tests);
}
