/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who gives commands to one hub: all its operators, in order of their consoles' numbers. Who
 * attaches, leaves or says a word is told to all of them as any other event (HUB_CONSOLE).
 */
#ifndef TELEX_COMMAND_OPERATORS_H
#define TELEX_COMMAND_OPERATORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct operator_session;

struct operators {
    struct operator_session *list; /* utlist */
    size_t count;
};

/* One of them, as /consoles lists it. */
struct console_card {
    unsigned console; /* number */
    uid_t uid;        /* of whoever sits at it */
    bool read_only;
    uint64_t target; /* 0: none */
};

/*
 * Says that it has attached, where it has (session->attached): before it joins the audience,
 * for its hello tells itself as much.
 */
void operators_join(struct operators *operators, struct operator_session *session);
/* Says that it has left, unless all is ending. One that never joined is fine. */
void operators_leave(struct operator_session *session);
/* A word to all, the operator itself included. */
void operators_say(struct operator_session *session, const char *text);
/* The first with a higher number; NULL when there are no more. */
const struct operator_session *operators_after(const struct operators *operators,
                                               uint64_t number);
void operators_card(struct console_card *card, const struct operator_session *session);

#endif
