/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/mirror_listener.h"

#include <stdlib.h>

#include "base/endpoint.h"
#include "base/mem.h"
#include "client/fields.h"
#include "client/mirror.h"
#include "core/hub.h"
#include "core/responder.h"

static struct endpoint nowhere(void)
{
    return (struct endpoint){.host = mem_strdup("*")};
}

static struct listener *create(void)
{
    struct endpoint endpoint = nowhere();
    struct listener *listener = listener_create(&endpoint, NULL, NULL); /* no key is wrong */
    listener->origin.profile.reply = &responder_none;
    return listener;
}

struct origin *mirror_call_create(void)
{
    struct endpoint endpoint = nowhere();
    struct origin *origin = origin_create(&endpoint, NULL, NULL);
    origin->profile.reply = &responder_none;
    return origin;
}

static struct listener *find(const struct mirror *mirror, uint64_t number, size_t *count)
{
    struct listener *listener;
    *count = 0;
    DL_FOREACH(mirror->hub.listeners, listener) {
        if (listener->number == number)
            break;
        (*count)++;
    }
    return listener;
}

struct listener *mirror_listener_of(struct mirror *mirror, const json_t *object)
{
    struct hub *hub = &mirror->hub;
    uint64_t number = 0;
    size_t count;
    if (!fields_unsigned(object, "listener", &number) || number == 0 || number > UINT32_MAX)
        return NULL;
    struct listener *listener = find(mirror, number, &count);
    if (listener || count >= MIRROR_LISTENERS_MAX)
        return listener;
    listener = create();
    hub->last_listener = (unsigned)number - 1; /* its number is the daemon's */
    hub_add_listener(hub, listener);
    return listener;
}

static void set_text(char **field, const char *text)
{
    free(*field);
    *field = text ? mem_strdup(text) : NULL;
}

/* A listening event says none of it. A word that only a newer daemon knows leaves what was. */
static void set_profile(struct profile *profile, const json_t *object)
{
    const char *reply = fields_string(object, "reply");
    const char *eol = fields_string(object, "eol");
    const char *framing = fields_string(object, "framing");
    char *errors[3] = {NULL};
    const struct responder *responder = reply ? responder_find(reply, &errors[0]) : NULL;
    if (responder)
        profile->reply = responder;
    if (eol)
        eol_parse(eol, &profile->eol, &errors[1]);
    if (framing)
        framing_parse(framing, &profile->framing, &errors[2]);
    for (size_t i = 0; i < 3; i++)
        free(errors[i]);
}

void mirror_listener_complete(struct listener *listener)
{
    struct profile *profile = &listener->origin.profile;
    if (profile->eol == EOL_UNSET)
        profile->eol = EOL_NONE;
    if (profile->framing == FRAMING_UNSET)
        profile->framing = FRAMING_RAW;
}

struct listener *mirror_listener_entry(struct mirror *mirror, const json_t *object)
{
    const char *endpoint = fields_string(object, "endpoint");
    struct listener *listener = mirror_listener_of(mirror, object);
    if (!listener || !endpoint)
        return NULL;
    set_text(&listener->origin.text, endpoint);
    set_text(&listener->origin.profile.name, fields_name(object));
    set_profile(&listener->origin.profile, object);
    return listener;
}

void mirror_listener_remove(struct mirror *mirror, struct listener *listener)
{
    DL_DELETE(mirror->hub.listeners, listener);
    listener_release(listener);
}
