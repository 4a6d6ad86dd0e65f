/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ways to reach a peer. To add one: a file that defines a const struct transport, its line in
 * meson.build, and one in SCHEMES (base/scheme.h).
 */
#ifndef TELEX_TRANSPORT_TRANSPORT_H
#define TELEX_TRANSPORT_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cast.h"
#include "base/scheme.h"
#include "loop/child.h"
#include "loop/dial.h"
#include "stream/stream.h"
#include "tls/tls_settings.h"

struct greeting;
struct hub;
struct key_set;
struct lifelines;
struct line_kind;
struct listener;
struct loop;
struct origin;
struct peer;
struct resolved;
struct line_listener;
struct tls_room;
struct udp_batch;
struct udp_inbox;
struct udp_rate;
struct udp_socket;
struct ws_room;

/* What the options say of lines; times in microseconds, 0: no limit. */
struct transport_settings {
    struct dial_settings dial;
    int64_t idle_timeout;
    int64_t udp_idle_timeout;
    int64_t keepalive;
    uint64_t max_children;   /* programs that run; 0: no limit */
    uint64_t udp_reply_rate; /* automatic replies a second to one source */
    /* Of those that say nothing of their own; borrowed. */
    struct tls_settings tls_listeners, tls_calls;
};

/* What all transports of a program share. */
struct switchboard {
    struct loop *loop;
    CAST_MARK;
    struct hub *hub;
    struct transport_settings settings;
    struct streams streams;
    struct children children;
    unsigned programs_awaited; /* that are about to be started */
    struct udp_inbox *inbox;   /* made with the first UDP socket */
    struct udp_batch *batch;
    struct udp_socket *udp_sockets; /* utlist of all that listen */
    struct udp_rate *rate;
    struct line_listener *line_listeners; /* utlist of all */
    struct greeting *greetings;           /* utlist, the oldest first */
    unsigned greeting_count;
    unsigned stranger_count; /* of them, those that no limit counts yet */
    uint64_t stream_room;    /* streams that the descriptors are enough for */
    uint64_t far_ends;       /* streams called for those, also such as do not stand yet */
    bool accepting_paused;   /* until one is gone */
    bool pause_said;
    uint64_t shortages;          /* of memory, since one was said */
    int64_t shortage_next;       /* hub clock: none is said before then */
    struct tls_room *tls_room;   /* made with the first line under TLS */
    struct ws_room *websockets;  /* made with the first */
    struct lifelines *lifelines; /* made with the first bytes to a TCP peer */
    bool lifelines_run;
};

void switchboard_init(struct switchboard *board, struct loop *loop, struct hub *hub,
                      const struct transport_settings *settings);
/*
 * Other settings from now on, for those who are on the line too; dial is for calls to
 * come. Counts all streams anew, after limits_configure.
 */
void switchboard_renew(struct switchboard *board, const struct transport_settings *settings);
void switchboard_finish(struct switchboard *board);

struct transport {
    const struct key_set *keys;    /* that it alone knows; NULL: none */
    const struct line_kind *lines; /* what those of its peers are; NULL: they have none */
    /*
     * Reads the files that the keys of origin name, or the settings; anew where it has. before:
     * of the listener that follows origin from now on, or NULL. False with *error, and nothing
     * has changed. NULL: there are none. See transport_load.
     */
    bool (*load)(struct origin *origin, const struct transport_settings *settings,
                 const struct origin *before, char **error);
    /*
     * NULL, as adopt is then: it can be called only. Else binds what
     * listener->origin.endpoint names and sets listener->binding and the real port.
     * On failure *error (malloc'ed) is the reason alone: "Address already in use". host: the
     * addresses of its host; NULL where they have to be found now, which may block.
     */
    bool (*listen)(struct switchboard *board, struct listener *listener,
                   const struct resolved *host, char **error);
    /*
     * The same for a socket that somebody else has bound to what listener->origin.endpoint
     * names (and if of streams, listens on). Takes fd over, which is non-blocking and
     * close-on-exec; the file of a Unix socket stays theirs.
     */
    bool (*adopt)(struct switchboard *board, struct listener *listener, int fd, char **error);
    /*
     * Calls origin->endpoint: attaches a peer in state connecting and returns it; open or close
     * come later, never from within. *error as above.
     */
    struct peer *(*call)(struct switchboard *board, struct origin *origin, char **error);
    /* Whether it may be had now, asked before it is called again. NULL: only a call tells. */
    bool (*is_there)(const struct origin *origin);
};

#define TRANSPORT_DECLARE(name, ...) extern const struct transport transport_##name;
SCHEMES(TRANSPORT_DECLARE)
#undef TRANSPORT_DECLARE

const struct transport *transport_of(enum scheme scheme);
/* See is_there; and how often to look where it is not: microseconds. */
bool transport_is_there(const struct origin *origin);
enum { TRANSPORT_LOOK_AGAIN = 100000 };
/* Its own, or NULL. */
const struct key_set *transport_keys(enum scheme scheme);
/* By the load of its transport, where it has one. */
bool transport_load(struct origin *origin, const struct transport_settings *settings,
                    const struct origin *before, char **error);

#endif
