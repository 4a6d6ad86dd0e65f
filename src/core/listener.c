/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/listener.h"

#include <stdlib.h>

#include "base/mem.h"

struct listener *listener_create(struct endpoint *endpoint, struct profile *profile)
{
    struct listener *listener = mem_zalloc(sizeof *listener);
    listener->references = 1;
    listener->endpoint = *endpoint;
    listener->profile = *profile;
    listener->text = endpoint_print(&listener->endpoint);
    *endpoint = (struct endpoint){0};
    *profile = (struct profile){0};
    return listener;
}

struct listener *listener_reference(struct listener *listener)
{
    listener->references++;
    return listener;
}

void listener_release(struct listener *listener)
{
    if (!listener || --listener->references > 0)
        return;
    listener_close(listener);
    endpoint_finish(&listener->endpoint);
    profile_finish(&listener->profile);
    free(listener->text);
    free(listener);
}

void listener_set_port(struct listener *listener, in_port_t port)
{
    listener->endpoint.port = port;
    free(listener->text);
    listener->text = endpoint_print(&listener->endpoint);
}

void listener_close(struct listener *listener)
{
    struct binding *binding = listener->binding;
    listener->binding = NULL;
    listener->open = false;
    if (binding)
        binding->ops->destroy(binding);
}
