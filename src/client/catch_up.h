/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a console that attaches is shown of what was before: the last messages, or, where it was
 * attached to the same run of the daemon already, all that it missed. Until that was told, what
 * happens waits behind it, so that everything is shown once, and in its order.
 */
#ifndef TELEX_CLIENT_CATCH_UP_H
#define TELEX_CLIENT_CATCH_UP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct told;
struct waiting_event;

/* Beyond so many bytes what happens is shown without waiting. */
enum { CATCH_UP_WAITING_MAX = 8 << 20 };

struct catch_up {
    void (*show)(struct catch_up *catch_up, const struct told *told);
    char run[17];                  /* of the daemon; "": there was none so far */
    bool begun;                    /* the last messages of this run were shown */
    bool under_way;                /* what was before is being told */
    uint64_t hello;                /* seq of the last event before we came */
    uint64_t shown;                /* and of the last that was shown, or need not be */
    uint64_t live;                 /* of the last that was shown as it happened */
    struct waiting_event *waiting; /* utlist */
    size_t waiting_bytes;
};

/* Zeroed but for show, it begins. */
void catch_up_finish(struct catch_up *catch_up);

/*
 * The daemon has greeted us, with the number of its run ("": it keeps nothing) and of its last
 * event. Returns the line that asks for what was before, malloc'ed: then what happens waits
 * until catch_up_done. NULL: nothing is to be asked. peers and count are those of /show.
 */
char *catch_up_begin(struct catch_up *catch_up, const char *run, uint64_t seq,
                     const char *peers, uint64_t count);
/* Something that was asked for is told. */
void catch_up_again(struct catch_up *catch_up, const struct told *told);
/* Something happens: shown now, or in its turn. */
void catch_up_tell(struct catch_up *catch_up, const struct told *told);
/* All that was asked for has been told. */
void catch_up_done(struct catch_up *catch_up);

#endif
