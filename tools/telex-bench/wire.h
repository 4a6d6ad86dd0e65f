/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands between the bytes of a connection and its socket, where they do not go as they
 * are: TLS, WebSocket, or this within that. Certificates are not verified: what is measured is
 * a server that one knows.
 */
#ifndef TELEX_BENCH_WIRE_H
#define TELEX_BENCH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct endpoint;
struct wire_tls;
struct wire_ws;
struct wire_ws_request;
struct wire_tls_context;

/* What all connections of a run share. */
struct wires {
    struct wire_tls_context *tls; /* NULL: without */
    struct wire_ws_request *ws;   /* likewise */
};

/* One connection's. */
struct wire {
    int fd;               /* its client's */
    struct wire_tls *tls; /* NULL: none */
    struct wire_ws *ws;   /* likewise */
};

/* False with *error (malloc'ed) where this program was built without what is asked for. */
bool wires_init(struct wires *wires, const struct endpoint *endpoint, char **error);
void wires_finish(struct wires *wires);

/* For a socket that begins to connect; *wire is NULL where its bytes go as they are. False:
 * errno. */
bool wire_create(const struct wires *wires, int fd, struct wire **wire);
/* Says farewell, where its protocol has one, and leaves the socket open. */
void wire_destroy(struct wire *wire);

/*
 * Goes on with what comes before any byte. Returns 1 when that is over, 0 where the socket has
 * to be ready for more, -1 where it went wrong. wire_send and wire_receive do it, too.
 */
int wire_greet(struct wire *wire);

/* As send(2) and recv(2) for sockets that do not wait. */
ssize_t wire_send(struct wire *wire, const void *data, size_t size);
/* With less than size there was no more. */
ssize_t wire_receive(struct wire *wire, void *buffer, size_t size);
/* Whether something is here already, which the socket will not tell of. */
bool wire_has_more(const struct wire *wire);
/* What has gone wrong, where errno does not say it; NULL: it does. */
const char *wire_why(const struct wire *wire);

#endif
