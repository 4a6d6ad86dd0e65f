/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/hub_renew.h"

#include <string.h>

#include "base/ut.h"
#include "core/agent.h"
#include "core/hub_parts.h"

static bool differ(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) != 0 : one != other;
}

/* --- the keys of its transport --- */

static void name_it(UT_string *kept, const char *name)
{
    utstring_printf(kept, "%s%s", utstring_len(kept) > 0 ? ", " : "", name);
}

/* Those that were settled when it was bound and are others now: as they were, and named. */
static void keep_settled(UT_string *kept, const struct origin *has, struct origin *says)
{
    for (size_t i = 0; has->own && i < has->own->count; i++) {
        const struct key *key = &has->own->keys[i];
        if (key->hold != KEY_LIVE && differ(endpoint_key(&has->endpoint, key->name),
                                            endpoint_key(&says->endpoint, key->name))) {
            name_it(kept, key->name);
            endpoint_copy_key(&says->endpoint, &has->endpoint, key->name);
        }
    }
}

/* --- those that all schemes know --- */

static void renew_profile(struct hub *hub, struct listener *listener,
                          const struct profile *said, const struct profile *says)
{
    struct profile *profile = &listener->origin.profile;
    if (says->reply != said->reply)
        agent_choose(hub, listener, says->reply);
    if (says->eol != said->eol)
        profile->eol = says->eol;
    if (says->framing != said->framing)
        profile->framing = says->framing;
    profile->half_close = says->half_close;
}

#define EXCHANGE(type, one, other) \
    do {                           \
        type former_ = (one);      \
        (one) = (other);           \
        (other) = former_;         \
    } while (0)

static void exchange_keys(struct endpoint *one, struct endpoint *other)
{
    EXCHANGE(struct endpoint_key *, one->keys, other->keys);
    EXCHANGE(size_t, one->key_count, other->key_count);
}

char *hub_renew_listener(struct hub *hub, struct listener *listener,
                         const struct listener *said, struct listener *says)
{
    struct origin *has = &listener->origin;
    UT_string kept;
    utstring_init(&kept);
    keep_settled(&kept, has, &says->origin);
    renew_profile(hub, listener, &said->origin.profile, &says->origin.profile);
    exchange_keys(&has->endpoint, &says->origin.endpoint);
    if (utstring_len(&kept) == 0)
        EXCHANGE(void *, has->options, says->origin.options);
    if (differ(has->profile.name, says->origin.profile.name)) {
        EXCHANGE(char *, has->profile.name, says->origin.profile.name);
        hub_announce_listener(hub, listener);
    }
    if (utstring_len(&kept) > 0)
        return utstring_body(&kept);
    utstring_done(&kept);
    return NULL;
}
