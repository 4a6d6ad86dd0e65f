/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/far_end.h"

#include "base/endpoint.h"
#include "base/fail.h"
#include "base/mem.h"
#include "core/listener.h"
#include "transport/own.h"
#include "transport/transport.h"

/* Those of a call that nobody answers, and that is made when somebody comes. */
static bool has_room_for(const struct endpoint *endpoint, char **error)
{
    static const char *const strangers[] = {"reply", "again"};
    for (int i = 0; i < 2; i++)
        if (endpoint_key(endpoint, strangers[i]))
            return fail_with(error, "%s= cannot stand behind to=", strangers[i]);
    return true;
}

static struct origin *create(const char *text, char **error)
{
    struct endpoint endpoint;
    struct origin *far = NULL;
    if (!endpoint_parse(text, &endpoint, error))
        return NULL;
    if (has_room_for(&endpoint, error))
        far = origin_create(&endpoint, transport_keys(endpoint.scheme), error);
    endpoint_finish(&endpoint);
    return far;
}

static void fill_in(struct origin *far, const struct profile *near, enum eol eol,
                    int64_t half_close)
{
    struct profile *profile = &far->profile;
    if (!profile->framing.ops && !schemes[far->endpoint.scheme].messages)
        profile->framing = near->framing;
    if (!profile->has_view) {
        profile->has_view = near->has_view;
        profile->view = near->view;
    }
    profile_default(profile, &far->endpoint, KEY_CALL, NULL, eol, half_close);
}

bool far_end_add(struct listener *listener, enum eol eol, int64_t half_close, char **error)
{
    struct origin *near = &listener->origin;
    const char *to = near->profile.to;
    if (!to || profile_to_is_name(to))
        return true;
    struct origin *far = create(to, error);
    if (!far)
        return fail_about(error, ENDPOINT_FAR_KEY, to);
    fill_in(far, &near->profile, eol, half_close);
    origin_set_far(near, far);
    return true;
}

bool far_end_check(const struct listener *own, const struct listener *listener, char **error)
{
    const struct origin *far = listener->origin.far;
    if (!far ||
        (!own_is_listener(listener, &far->endpoint) && !own_is_endpoint(own, &far->endpoint)))
        return true;
    *error = mem_printf("%s: to=%s is a listener of telexd itself", listener->origin.text,
                        far->text);
    return false;
}
