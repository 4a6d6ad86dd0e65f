/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hub owns every peer and stands between links, observers and operators. It knows no
 * socket, no libevent and no terminal. One road to death: hub_detach; hub_close is its graceful
 * form. This is what operators, agents and the program ask of it; hub_line.h is what links tell
 * it, hub_parts.h what its parts share.
 */
#ifndef TELEX_CORE_HUB_H
#define TELEX_CORE_HUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alarms.h"
#include "base/budget.h"
#include "base/cast.h"
#include "base/host.h"
#include "base/jobs.h"
#include "core/audience.h"
#include "core/faults.h"
#include "core/feed.h"
#include "core/history.h"
#include "core/hold.h"
#include "core/hub_event.h"
#include "core/limits.h"
#include "core/link.h"
#include "core/listener.h"
#include "core/names.h"
#include "core/peer.h"
#include "core/phonebook.h"
#include "core/refusals.h"
#include "core/roster.h"
#include "core/send_status.h"
#include "core/stats.h"
#include "core/trim.h"
#include "framing/framing.h"

/* The longest automatic reply: a message, stamped. It fits an empty queue, whatever its bound.
 */
enum { HUB_REPLY_MAX = 2 * FRAMING_MESSAGE_MAX + 64 };

struct hub_settings {
    uint64_t max_queue;  /* bytes waiting for one stream peer */
    uint64_t max_memory; /* bytes, of all that is held for others; 0: no limit */
    uint64_t history;    /* bytes, of what was told and is kept; 0: nothing is */
    int64_t drain;       /* microseconds a graceful close may take */
};

struct shared_bytes;
struct transfer_file;

/* budget.over may have changed: nobody is let in while it is. */
typedef void hub_memory_hook(void *context);

struct hub {
    struct host host;
    CAST_MARK;
    struct hub_settings settings;
    struct stats stats;
    struct limits limits;
    struct refusals refusals;
    struct budget budget;
    struct job bury;    /* frees the dead */
    struct job feeding; /* goes on with feeds */
    struct alarm alarm; /* of hub_alarm */
    struct job memory;  /* does what the budget says is due */
    struct trim trim;
    struct faults faults; /* of its peers */
    struct roster peers;
    struct names names;
    struct phonebook phonebook; /* names of those to come; phonebook_set by the program */
    UT_array dead;              /* struct peer *: close was told, to be freed */
    struct listener *listeners; /* utlist, in order of number */
    struct audience audience;
    uint64_t run;           /* random: another one at each start */
    uint64_t seq;           /* of the last event that was told; what nobody wants has none */
    struct history history; /* what was told, to be told again */
    unsigned holds;         /* those that hold every stream peer: core/hold.h */
    uint64_t last_peer;
    uint64_t last_group; /* message_group.number */
    unsigned last_listener;
    bool shutting_down;
    struct feed *feeds;         /* utlist: core/feed.h */
    UT_string scratch;          /* where agents compose */
    UT_array passed;            /* uint64_t: core/join.c */
    hub_memory_hook *on_memory; /* may be NULL */
    void *on_memory_context;
    int64_t alarm_at; /* hub clock: the soonest that was asked for; 0: none */
};

void hub_init(struct hub *hub, const struct host *host, const struct hub_settings *settings);
/* Other settings from now on, for those who are on the line too. */
void hub_configure(struct hub *hub, const struct hub_settings *settings);
/* Destroys all peers and listeners without an event. */
void hub_finish(struct hub *hub);

/* The host's clocks: microseconds of one that only goes forward, and since the epoch. */
static inline int64_t hub_now(const struct hub *hub)
{
    return hub->host.now(hub->host.context);
}

static inline int64_t hub_wall(const struct hub *hub)
{
    return hub->host.wall(hub->host.context);
}

/* --- for agents --- */

/*
 * Sends the peer what no operator did, and says sent. False where that cannot be: the line
 * ends, a file is on its way, the queue is full, or the link forbids it (link_ops.may_reply).
 */
bool hub_answer(struct hub *hub, struct peer *peer, const void *data, size_t size);

/* --- for operators --- */

/* Queues data for the peer and says sent. *cause: the errno of SEND_FAILED; may be NULL. */
enum send_status hub_send(struct hub *hub, struct peer *peer, const void *data, size_t size,
                          unsigned console, int *cause);
/* The same of bytes that several peers get, in a group that hub->last_group has numbered. */
enum send_status hub_send_shared(struct hub *hub, struct peer *peer,
                                 struct shared_bytes *shared, unsigned console,
                                 const struct message_group *group, int *cause);
/*
 * Begins to send the open file (core/transfer.h; the caller keeps its reference), paced by the
 * peer; its end is told by a file event, never from within this call. Other sends to the peer
 * are SEND_BUSY meanwhile. *error (malloc'ed) is a fragment: "it is closing", "a datagram holds
 * at most 65507 bytes".
 */
bool hub_send_opened(struct hub *hub, struct peer *peer, struct transfer_file *file,
                     char **error);

/* NULL when there is none, or it is dead. */
struct peer *hub_find(const struct hub *hub, uint64_t number);
struct peer *hub_find_name(const struct hub *hub, const char *name);
/* How many are alive, told without a look at them. */
unsigned hub_living(const struct hub *hub);
/* The next one alive after peer, or the first for NULL; in order of number. */
struct peer *hub_next(const struct hub *hub, const struct peer *peer);
/* The first one alive with a higher number: goes on where peers have come and gone. */
struct peer *hub_after(const struct hub *hub, uint64_t number);
/* name NULL takes it away; told after open where the peer is still connecting. The caller has
 * checked its form; false if another living peer has it. */
bool hub_name(struct hub *hub, struct peer *peer, const char *name);
/* An operator has made it its target, or no longer: a target is never evicted. */
void hub_pin(struct hub *hub, uint64_t number, bool on);
/* Graceful; on a peer that is closing already: at once. */
void hub_close(struct hub *hub, struct peer *peer, enum close_reason reason);
/* The same, and the close event says why; NULL: nothing to say. */
void hub_close_because(struct hub *hub, struct peer *peer, enum close_reason reason,
                       const char *why);
/* The same, but the far end is to see that the line broke. */
void hub_break(struct hub *hub, struct peer *peer, enum close_reason reason, const char *why);
/* Tells all what an operator does that is for operators alone. */
void hub_tell_console(struct hub *hub, const struct console_news *news);
/* Ends our sending side of a stream once its queue is empty and its file has gone; more sends
 * are refused. */
void hub_end_output(struct peer *peer);
/* Closes every peer with CLOSE_SHUTDOWN and remembers it for those that come. */
void hub_shutdown(struct hub *hub);

/* --- listeners --- */

/* Gives it the next number and puts it in the list (takes the caller's reference); says
 * nothing. */
void hub_add_listener(struct hub *hub, struct listener *listener);
void hub_announce_listener(struct hub *hub, const struct listener *listener); /* listening */
struct listener *hub_listener(const struct hub *hub, unsigned number);        /* NULL: none */
/* By number ("2", "#2") or name; NULL when there is none. */
struct listener *hub_find_listener(const struct hub *hub, const char *word);
/* unlistening; closes its UDP peers (reason operator), its stream peers stay. */
void hub_remove_listener(struct hub *hub, struct listener *listener);

/* --- for the program --- */

/* An allocation has failed: those who hold most are closed until there is room again. */
void hub_memory_short(struct hub *hub);

#endif
