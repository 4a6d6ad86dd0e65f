/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/operator_target.h"

#include <string.h>

#include "command/operator.h"
#include "core/hub.h"
#include "core/told.h"

/* Tells the console only what it shows: whom, or who is away. name may be the present one. */
static void keep(struct operator_session *session, uint64_t number, const char *name)
{
    const bool moves = session->target != number;
    const bool renamed = strcmp(session->target_name, name) != 0;
    if (moves) {
        hub_pin(session->hub, session->target, false);
        hub_pin(session->hub, number, true);
        session->target = number;
    }
    if (renamed)
        memcpy(session->target_name, name, strlen(name) + 1);
    if (moves || (renamed && number == 0))
        session->ops->changed(session, OPERATOR_TARGET);
}

void operator_target_set(struct operator_session *session, uint64_t number)
{
    keep(session, number, "");
}

void operator_target_choose(struct operator_session *session, const struct peer *peer,
                            const char *word)
{
    if (peer)
        keep(session, peer->number, names_valid(word) ? word : "");
    else
        keep(session, 0, "");
}

bool operator_target_is_away(const struct operator_session *session)
{
    return session->target == 0 && *session->target_name;
}

static void follow_name(struct operator_session *session, const struct who *peer)
{
    const char *kept = session->target_name;
    if (*kept == '\0')
        return;
    const bool is_target = peer->number == session->target;
    /* Whoever has taken the name from it is told of next. */
    if (is_target && (peer->name || !hub_find_name(session->hub, kept)))
        keep(session, peer->number, peer->name ? peer->name : "");
    else if (!is_target && peer->name && strcmp(peer->name, kept) == 0)
        keep(session, peer->number, kept);
}

void operator_target_follow(struct operator_session *session, const struct told *told)
{
    if (told->type == HUB_NAME)
        follow_name(session, &told->peer);
    else if (told->type == HUB_CLOSE && told->peer.number == session->target)
        keep(session, 0, session->target_name);
}
