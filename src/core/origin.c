/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/origin.h"

#include <stdlib.h>

#include "base/mem.h"

void origin_init(struct origin *origin, struct endpoint *endpoint, struct profile *profile)
{
    *origin = (struct origin){.references = 1, .endpoint = *endpoint, .profile = *profile};
    origin->text = endpoint_print(&origin->endpoint);
    *endpoint = (struct endpoint){0};
    *profile = (struct profile){0};
}

struct origin *origin_create(struct endpoint *endpoint, struct profile *profile)
{
    struct origin *origin = mem_alloc(sizeof *origin);
    origin_init(origin, endpoint, profile);
    return origin;
}

struct origin *origin_reference(struct origin *origin)
{
    origin->references++;
    return origin;
}

void origin_release(struct origin *origin)
{
    if (!origin || --origin->references > 0)
        return;
    endpoint_finish(&origin->endpoint);
    profile_finish(&origin->profile);
    free(origin->text);
    free(origin);
}

void origin_set_port(struct origin *origin, in_port_t port)
{
    origin->endpoint.port = port;
    free(origin->text);
    origin->text = endpoint_print(&origin->endpoint);
}
