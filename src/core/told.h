/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happened, in values: what renderers print, and what is written as JSON. It is made from
 * a hub's event, or read from what another program has written, and whoever has it cannot tell
 * which: no peer, link or listener stands behind it. Everything in it is borrowed for the call.
 */
#ifndef TELEX_CORE_TOLD_H
#define TELEX_CORE_TOLD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/tls_facts.h"
#include "core/hub_event.h"
#include "core/view.h"
#include "core/who.h"

struct link_description;

/* The two ends of a line. */
struct where {
    const char *transport; /* "tcp" */
    const char *remote;    /* of who has credentials: "unix:" */
    const char *local;
    bool has_credentials;
    pid_t pid;
    uid_t uid;
    struct who listener; /* that it came in by; number 0: called from here */
    struct tls_facts tls;
};

struct told {
    enum hub_event_type type;
    uint64_t seq;  /* its number in this run of the daemon, from 1; 0: not known */
    int64_t time;  /* microseconds since the epoch */
    bool replayed; /* it is told again */
    bool whole;    /* and so that all of it is seen, however long */
    bool datagram; /* the peer's messages are whole ones */
    bool has_view; /* of a message: as its line is to be shown, unless told otherwise */
    enum view view;
    struct who peer; /* number 0 where none has a part in it; NAME: the new name */
    /* That it is about, or that its peer came in by; number 0: a call, or not known. */
    struct who listener;
    union {
        struct where open;
        uint64_t other; /* JOIN, PART: the number of the other line */
        struct {
            const char *endpoint;    /* LISTENING, UNLISTENING */
            const char *fingerprint; /* of its certificate, "sha256:HEX"; or NULL */
        };
        struct message message; /* MESSAGE, SENT; no data: only the size is known */
        const char *note;       /* NOTE */
        unsigned lines;         /* LINE: those that are on */
        struct line_end close;
        struct turned_away refused;
        struct file_end file;
        struct console_news console;
    };
};

/* Whether it is something that was said: MESSAGE or SENT. */
bool told_is_message(const struct told *told);
/* Whether the operator at the console of that number sent it, and it is not told again. */
bool told_is_sent_by(const struct told *told, unsigned console);

/* room holds the texts of an open; it is left alone for all else. */
void told_of_event(struct told *told, const struct hub_event *event,
                   struct link_description *room);
/* The line of a peer as it stands; room holds its texts. */
struct where told_where(const struct peer *peer, struct link_description *room);

#endif
