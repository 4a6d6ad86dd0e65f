/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happens on the lines, as observers are told it. Everything in it is borrowed for the
 * call. The list gives the JSON name of each (telex-json(7), EVENTS).
 */
#ifndef TELEX_CORE_HUB_EVENT_H
#define TELEX_CORE_HUB_EVENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/message.h"
#include "core/peer.h"

#define HUB_EVENTS(X)             \
    X(LISTENING, "listening")     \
    X(UNLISTENING, "unlistening") \
    X(OPEN, "open")               \
    X(MESSAGE, "message")         \
    X(SENT, "sent")               \
    X(HALF_CLOSE, "half-close")   \
    X(JOIN, "join")               \
    X(PART, "part")               \
    X(NOTE, "note")               \
    X(LINE, "line")               \
    X(CLOSE, "close")             \
    X(REFUSED, "refused")         \
    X(NAME, "name")               \
    X(FILE, "file")               \
    X(CONSOLE, "console")

enum hub_event_type {
#define HUB_EVENT_ENUM(type, name) HUB_##type,
    HUB_EVENTS(HUB_EVENT_ENUM)
#undef HUB_EVENT_ENUM
        HUB_EVENT_TYPES
};

enum refusal {
    REFUSED_ACCESS,
    REFUSED_LIMIT,
    REFUSED_PROXY,     /* comes without a proxy's header, or from none of the proxies */
    REFUSED_HANDSHAKE, /* its lanes did not open, and an error says why */
    REFUSALS
};

struct turned_away {
    const char *remote;
    enum refusal why;
    const char *word; /* a reason of a newer daemon's; NULL: why has one */
    uint64_t count;
    const char *error; /* of the last of them; NULL: why says it all */
};

struct file_end {
    const char *path;
    uint64_t size;
    uint64_t bytes;
    const char *error; /* NULL: all of it went */
};

enum console_state {
    CONSOLE_ATTACHED,
    CONSOLE_LEFT,
    CONSOLE_SAYS, /* a word to the others */
    CONSOLE_STATES
};

/* Of an operator's console. */
struct console_news {
    unsigned console; /* number */
    enum console_state state;
    uid_t uid; /* of whoever sits there */
    bool read_only;
    const char *text; /* SAYS */
};

struct hub_event {
    enum hub_event_type type;
    uint64_t seq;                    /* from 1, in the order of what is told: struct hub */
    int64_t time;                    /* microseconds since the epoch */
    const struct peer *peer;         /* NULL for listening, unlistening, refused, console */
    const struct listener *listener; /* for listening, unlistening; refused: or NULL */
    union {
        struct message message;   /* MESSAGE, SENT */
        const char *note;         /* NOTE: what its far end says beside the line */
        const struct peer *other; /* JOIN, PART */
        unsigned lines;           /* LINE: those of the far end that are on, core/modem.h */
        struct line_end close;
        struct turned_away refused;
        struct file_end file;
        struct console_news console;
    };
};

const char *hub_event_name(enum hub_event_type type);
const char *console_state_name(enum console_state state); /* "attached", "left", "say" */
const char *refusal_name(enum refusal why);               /* "access", "limit", "proxy" */

#endif
