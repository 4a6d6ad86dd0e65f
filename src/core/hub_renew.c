/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/hub_renew.h"

#include <string.h>

#include "base/swap.h"
#include "base/ut.h"
#include "base/words.h"
#include "core/agent.h"
#include "core/hub_parts.h"
#include "core/ways.h"

/* --- the keys of its transport --- */

/* Those that were settled when it was bound and are others now: as they were, and named. */
static void keep_settled(UT_string *kept, const struct origin *has, struct origin *says)
{
    for (size_t i = 0; has->own && i < has->own->count; i++) {
        const struct key *key = &has->own->keys[i];
        if (key->hold != KEY_LIVE && words_differ(endpoint_key(&has->endpoint, key->name),
                                                  endpoint_key(&says->endpoint, key->name))) {
            words_add(kept, key->name);
            endpoint_copy_key(&says->endpoint, &has->endpoint, key->name);
        }
    }
}

/* --- those that all schemes know --- */

/* Of those on the line too, but for whom an operator has chosen another one. */
static void set_framing(struct hub *hub, struct listener *listener,
                        const struct framing *framing)
{
    profile_set_framing(&listener->origin.profile, framing);
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        if (peer->origin == &listener->origin && !ways_has_framing(peer))
            peer->link->ops->frame(peer->link, &peer->origin->profile.framing);
}

static void set_fault(struct hub *hub, struct listener *listener,
                      const struct fault_plan *fault)
{
    listener->origin.profile.fault = *fault;
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        if (peer->origin == &listener->origin)
            faults_renew(hub, peer);
}

static void renew_profile(struct hub *hub, struct listener *listener,
                          const struct profile *said, struct profile *says)
{
    struct profile *profile = &listener->origin.profile;
    if (says->reply != said->reply)
        agent_choose(hub, listener, says->reply);
    if (words_differ(says->framing.word, said->framing.word))
        set_framing(hub, listener, &says->framing);
    if (says->eol != said->eol) {
        profile->eol = says->eol;
        profile->eol_follows = says->eol_follows;
    }
    if (fault_plan_differs(&says->fault, &said->fault))
        set_fault(hub, listener, &says->fault);
    profile->half_close = says->half_close;
    profile->has_view = says->has_view;
    profile->view = says->view;
    SWAP(char *, profile->to, says->to);
}

/* Of those who come from here on. */
static void renew_far(struct origin *has, struct origin *says)
{
    struct origin *far = says->far;
    says->far = NULL;
    origin_set_far(has, far);
}

static void swap_keys(struct endpoint *one, struct endpoint *other)
{
    SWAP(struct endpoint_key *, one->keys, other->keys);
    SWAP(size_t, one->key_count, other->key_count);
}

/* Whether it is called otherwise now, or known by another certificate. */
static bool renew_signs(struct listener *listener, struct listener *says)
{
    struct profile *has = &listener->origin.profile, *wanted = &says->origin.profile;
    const bool named = words_differ(has->name, wanted->name);
    const bool certified = strcmp(listener->fingerprint, says->fingerprint) != 0;
    if (named)
        SWAP(char *, has->name, wanted->name);
    memcpy(listener->fingerprint, says->fingerprint, sizeof listener->fingerprint);
    return named || certified;
}

char *hub_renew_listener(struct hub *hub, struct listener *listener,
                         const struct listener *said, struct listener *says)
{
    struct origin *has = &listener->origin;
    UT_string kept;
    utstring_init(&kept);
    keep_settled(&kept, has, &says->origin);
    renew_profile(hub, listener, &said->origin.profile, &says->origin.profile);
    renew_far(has, &says->origin);
    swap_keys(&has->endpoint, &says->origin.endpoint);
    if (utstring_len(&kept) == 0)
        SWAP(void *, has->options, says->origin.options);
    if (renew_signs(listener, says))
        hub_announce_listener(hub, listener);
    if (utstring_len(&kept) > 0)
        return utstring_body(&kept);
    utstring_done(&kept);
    return NULL;
}
