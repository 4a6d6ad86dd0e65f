/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/listener.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"

_Static_assert(offsetof(struct listener, origin) == 0, "origin_release frees the listener");

struct listener *listener_create(struct endpoint *endpoint, const struct key_set *own,
                                 char **error)
{
    struct listener *listener = mem_zalloc(sizeof *listener);
    if (!origin_init(&listener->origin, endpoint, KEY_LISTEN, own, error)) {
        free(listener);
        return NULL;
    }
    listener->origin.listener = listener;
    return listener;
}

const char *listener_fingerprint(const struct listener *listener)
{
    return *listener->fingerprint == '\0' ? NULL : listener->fingerprint;
}

void listener_close(struct listener *listener)
{
    struct binding *binding = listener->binding;
    listener->binding = NULL;
    listener->open = false;
    if (binding)
        binding->ops->destroy(binding);
}

void listener_release(struct listener *listener)
{
    if (!listener)
        return;
    listener_close(listener);
    origin_release(&listener->origin);
}
