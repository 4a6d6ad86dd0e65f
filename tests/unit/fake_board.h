/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A switchboard with a real event loop and real sockets, whose hub lives in the fake world: its
 * clock stands still, and its observer writes down what it is told.
 */
#ifndef TELEX_TESTS_FAKE_BOARD_H
#define TELEX_TESTS_FAKE_BOARD_H

#include <stdbool.h>

#include "base/address.h"
#include "fake.h"
#include "loop/loop.h"
#include "transport/transport.h"

struct fake_board {
    struct fake fake;
    struct loop loop;
    struct switchboard board;
};

void fake_board_init(struct fake_board *self, const struct transport_settings *settings);
void fake_board_finish(struct fake_board *self);

/* A listener on endpoint, with its keys, bound, added and announced. */
struct listener *fake_board_listen(struct fake_board *self, const char *endpoint);
/* The same for a socket that is bound, which is taken over. */
struct listener *fake_board_adopt(struct fake_board *self, const char *endpoint, int fd);
/* Calls endpoint. NULL with *error where that fails at once; error NULL: it must not. */
struct peer *fake_board_call(struct fake_board *self, const char *endpoint, char **error);
/* What was wrong with an endpoint to listen on: an error text for free(3). */
char *fake_board_fault(struct fake_board *self, const char *endpoint);

/* A socket of the test's own on a port of 127.0.0.1, which *address tells. Blocking. */
int fake_board_socket(int type, union address *address);
/* The port that a listener got. */
in_port_t fake_board_port(const struct listener *listener);

/* One turn of the loop, without waiting. */
void fake_board_turn(struct fake_board *self);
/*
 * Turns until such a text was observed, for as long as the test may take. Returns all that was,
 * as fake_take does.
 */
const char *fake_board_until(struct fake_board *self, const char *text);

#endif
