/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The life of a stream: its two sides, and what is to become of the whole. Pure: one function
 * moves it, by what has happened and what is the case, and says what is to be done. HACKING.md
 * has a table, "The life of a stream".
 */
#ifndef TELEX_STREAM_STREAM_STEP_H
#define TELEX_STREAM_STREAM_STEP_H

#include <stdbool.h>

/* What comes from the far end. */
enum stream_in {
    STREAM_IN_OPEN,
    STREAM_IN_ENDED, /* no more comes; what came is not all taken yet */
    STREAM_IN_TOLD,  /* all is taken, and the user knows */
};

/* What goes there. */
enum stream_out {
    STREAM_OUT_OPEN,
    STREAM_OUT_ENDS, /* once what is queued has gone */
    STREAM_OUT_SHUT, /* the end is sent */
};

enum stream_life {
    STREAM_BEGINS,  /* connects */
    STREAM_STANDS,  /* is the user's */
    STREAM_DRAINS,  /* is being closed: what is queued goes first */
    STREAM_LINGERS, /* is being closed: the kernel has all, and delivers it */
    STREAM_OVER,    /* does nothing any more */
};

struct stream_state {
    unsigned char in;   /* enum stream_in */
    unsigned char out;  /* enum stream_out */
    unsigned char life; /* enum stream_life */
};

enum stream_event {
    STREAM_OPENED,    /* bytes can come and go */
    STREAM_FAR_ENDED, /* end of file */
    STREAM_ALL_TAKEN, /* after it: nothing is left of what came */
    STREAM_END,       /* our side is to end */
    STREAM_CLOSE,     /* both are */
    STREAM_DRAINED,   /* nothing is queued any more */
    STREAM_LOOK,      /* the kernel was asked, or the time to close is over */
    STREAM_FAILED,    /* a lane has, and its farewell is queued */
    STREAM_LOST,      /* the socket has, or it is given up */
    STREAM_EVENTS
};

struct stream_facts {
    bool accepted;    /* the far end has called us, and closes when it has enough */
    bool queued;      /* something waits for the kernel, or for the far end's farewell */
    bool undelivered; /* the kernel has something for the far end; of STREAM_LOOK */
    bool late;        /* the time to close is over */
    bool failed;      /* a lane has: a caller is to read why before it is reset */
};

/* What is to be done, a set; in this order. */
enum stream_act {
    STREAM_SHUT = 1,           /* send the end of our side */
    STREAM_TELL_OPENED = 2,    /* to the user */
    STREAM_TELL_ENDED = 4,     /* the far end's side */
    STREAM_DISCARD = 8,        /* read what is left, lest the kernel reset the connection */
    STREAM_TELL_OVER = 16,     /* all went as it should */
    STREAM_WAIT_DEADLINE = 32, /* STREAM_LOOK when the time to close is over */
    STREAM_WAIT = 64,          /* ask in a while */
    STREAM_ASK = 128,          /* the kernel, what it has not delivered: STREAM_LOOK */
};

unsigned stream_step(struct stream_state *state, enum stream_event event,
                     const struct stream_facts *facts);

#endif
