/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/refusals.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/hub_parts.h"

enum { INTERVAL = 1000000 /* microseconds */ };

void refusals_finish(struct refusals *refusals)
{
    for (unsigned why = 0; why < REFUSALS; why++) {
        origin_release(refusals->kinds[why].origin);
        free(refusals->kinds[why].error);
    }
    *refusals = (struct refusals){0};
}

static void tell(struct hub *hub, enum refusal why)
{
    struct origin *origin = hub->refusals.kinds[why].origin;
    uint64_t count = hub->refusals.kinds[why].count;
    char *error = hub->refusals.kinds[why].error;
    hub->refusals.kinds[why].next = hub_now(hub) + INTERVAL;
    hub->refusals.kinds[why].count = 0;
    hub->refusals.kinds[why].origin = NULL;
    hub->refusals.kinds[why].error = NULL;
    hub_tell(hub, &(struct hub_event){.type = HUB_REFUSED,
                                      .listener = origin->listener,
                                      .refused = {.remote = hub->refusals.kinds[why].remote,
                                                  .why = why,
                                                  .count = count,
                                                  .error = error}});
    origin_release(origin);
    free(error);
}

/* For the kind whose second is over first. */
static void set_alarm(struct hub *hub)
{
    int64_t soonest = INT64_MAX;
    for (unsigned why = 0; why < REFUSALS; why++) {
        int64_t next = hub->refusals.kinds[why].next;
        if (hub->refusals.kinds[why].count > 0 && next < soonest)
            soonest = next;
    }
    if (soonest != INT64_MAX)
        hub_alarm(hub, soonest - hub_now(hub));
}

void refusals_add(struct hub *hub, struct origin *origin, const char *remote, enum refusal why,
                  const char *error)
{
    struct refusals *refusals = &hub->refusals;
    bool due = refusals->kinds[why].next <= hub_now(hub);
    snprintf(refusals->kinds[why].remote, sizeof refusals->kinds[why].remote, "%s", remote);
    free(refusals->kinds[why].error);
    refusals->kinds[why].error = error ? mem_strdup(error) : NULL;
    origin_release(refusals->kinds[why].origin);
    refusals->kinds[why].origin = origin_reference(origin);
    if (++refusals->kinds[why].count == 1 && !due)
        set_alarm(hub);
    else if (due)
        tell(hub, why);
}

void refusals_flush(struct hub *hub)
{
    for (unsigned why = 0; why < REFUSALS; why++)
        if (hub->refusals.kinds[why].count > 0)
            tell(hub, (enum refusal)why);
}

void refusals_tell(struct hub *hub)
{
    for (unsigned why = 0; why < REFUSALS; why++)
        if (hub->refusals.kinds[why].count > 0 && hub->refusals.kinds[why].next <= hub_now(hub))
            tell(hub, (enum refusal)why);
    set_alarm(hub);
}
