/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/failures.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/peer.h"

/* The most peers that one error names. */
enum { FAILURES_NAMED = 10 };

void failures_init(struct failures *failures)
{
    utstring_init(&failures->text);
    failures->count = 0;
}

static void add(struct failures *failures, const char *label, const char *reason)
{
    if (failures->count++ < FAILURES_NAMED)
        utstring_printf(&failures->text, "%s%s: %s",
                        failures->count == 1 ? "not sent to " : "; ", label, reason);
}

void failures_add(struct failures *failures, const struct peer *peer, char *reason)
{
    char label[PEER_LABEL];
    peer_label(peer, label);
    add(failures, label, reason);
    free(reason);
}

void failures_add_gone(struct failures *failures, uint64_t number)
{
    char label[PEER_LABEL];
    snprintf(label, sizeof label, "#%" PRIu64, number);
    add(failures, label, "it has gone");
}

char *failures_text(const struct failures *failures)
{
    if (failures->count == 0)
        return NULL;
    if (failures->count <= FAILURES_NAMED)
        return mem_strdup(utstring_body(&failures->text));
    return mem_printf("%s; and %zu more", utstring_body(&failures->text),
                      failures->count - FAILURES_NAMED);
}

void failures_finish(struct failures *failures)
{
    utstring_done(&failures->text);
}
