/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_board.h"

#include <check.h>
#include <event2/event.h>
#include <string.h>

#include "core/listener.h"

void fake_board_init(struct fake_board *self, const struct transport_settings *settings)
{
    fake_init(&self->fake);
    loop_init(&self->loop);
    switchboard_init(&self->board, &self->loop, &self->fake.hub, settings);
}

void fake_board_finish(struct fake_board *self)
{
    fake_finish(&self->fake);
    switchboard_finish(&self->board);
    loop_finish(&self->loop);
}

/* NULL with *error where a key is wrong. */
static struct listener *prepare(const char *text, char **error)
{
    struct endpoint endpoint;
    ck_assert_msg(endpoint_parse(text, &endpoint, error), "%s", *error);
    const struct key_set *keys = transport_keys(endpoint.scheme);
    struct listener *listener = listener_create(&endpoint, keys, error);
    if (listener)
        profile_default(&listener->origin.profile, &listener->origin.endpoint, KEY_LISTEN, NULL,
                        EOL_UNSET, -1);
    return listener;
}

static struct listener *add(struct fake_board *self, struct listener *listener)
{
    hub_add_listener(&self->fake.hub, listener);
    hub_announce_listener(&self->fake.hub, listener);
    return listener;
}

struct listener *fake_board_listen(struct fake_board *self, const char *endpoint)
{
    char *error = NULL;
    struct listener *listener = prepare(endpoint, &error);
    ck_assert_msg(listener, "%s", error);
    const struct transport *transport = transport_of(listener->origin.endpoint.scheme);
    ck_assert_msg(transport->listen(&self->board, listener, NULL, &error), "%s", error);
    return add(self, listener);
}

struct listener *fake_board_adopt(struct fake_board *self, const char *endpoint, int fd)
{
    char *error = NULL;
    struct listener *listener = prepare(endpoint, &error);
    ck_assert_msg(listener, "%s", error);
    const struct transport *transport = transport_of(listener->origin.endpoint.scheme);
    ck_assert_msg(transport->adopt(&self->board, listener, fd, &error), "%s", error);
    return add(self, listener);
}

char *fake_board_fault(struct fake_board *self, const char *endpoint)
{
    char *error = NULL;
    struct listener *listener = prepare(endpoint, &error);
    if (listener) {
        const struct transport *transport = transport_of(listener->origin.endpoint.scheme);
        ck_assert(!transport->listen(&self->board, listener, NULL, &error));
        listener_release(listener);
    }
    return error;
}

struct peer *fake_board_call(struct fake_board *self, const char *text, char **error)
{
    struct endpoint endpoint;
    char *unexpected = NULL;
    char **fault = error ? error : &unexpected;
    struct peer *peer = NULL;
    ck_assert_msg(endpoint_parse(text, &endpoint, fault), "%s", *fault);
    const struct transport *transport = transport_of(endpoint.scheme);
    struct origin *origin = origin_create(&endpoint, transport->keys, fault);
    if (origin) {
        profile_default(&origin->profile, &origin->endpoint, KEY_CALL, NULL, EOL_UNSET, -1);
        peer = transport->call(&self->board, origin, fault);
    }
    ck_assert_msg(peer || error, "%s", *fault);
    origin_release(origin);
    return peer;
}

int fake_board_socket(int type, union address *address)
{
    socklen_t length = sizeof *address;
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    ck_assert(address_parse("127.0.0.1", 0, address));
    ck_assert_int_eq(bind(fd, &address->any, sizeof address->v4), 0);
    ck_assert_int_eq(getsockname(fd, &address->any, &length), 0);
    return fd;
}

in_port_t fake_board_port(const struct listener *listener)
{
    return listener->origin.endpoint.port;
}

void fake_board_turn(struct fake_board *self)
{
    loop_poll(&self->loop);
    fake_turn(&self->fake);
}

const char *fake_board_until(struct fake_board *self, const char *text)
{
    while (!strstr(utstring_body(&self->fake.events), text)) {
        event_base_loop(self->loop.base, EVLOOP_ONCE);
        fake_turn(&self->fake);
    }
    return fake_take(&self->fake);
}
