/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/daemon_program.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"
#include "server/daemon_state.h"
#include "server/endpoints.h"
#include "server/listening.h"
#include "transport/calls.h"

static bool is_ending(const struct daemon *daemon, char **error)
{
    if (daemon->hub.shutting_down)
        *error = mem_strdup("telexd is shutting down");
    return daemon->hub.shutting_down;
}

static struct listening *prepare_to_listen(void *context, const char *text,
                                           void (*ready)(void *asker), void *asker, bool *waits,
                                           char **error)
{
    struct daemon *daemon = CAST(daemon, context);
    if (is_ending(daemon, error))
        return NULL;
    struct listening *listening = listening_prepare(daemon->settings, &daemon->hub,
                                                    &daemon->board, text, ready, asker, error);
    *waits = listening && listening_waits(listening);
    return listening;
}

static bool listen_at(void *context, struct listening *listening,
                      const struct listener **result, char **error)
{
    struct daemon *daemon = CAST(daemon, context);
    *result = is_ending(daemon, error) ? NULL : listening_complete(listening, error);
    return *result != NULL;
}

static bool connect_to(void *context, const char *text, uint64_t *number, char **error)
{
    struct daemon *daemon = CAST(daemon, context);
    if (is_ending(daemon, error))
        return false;
    struct origin *call = endpoints_origin(daemon->settings, text, error);
    if (!call)
        return false;
    struct peer *peer = calls_begin(daemon->calls, call, NULL, error);
    if (peer)
        *number = peer->number;
    origin_release(call);
    return peer != NULL;
}

static unsigned hang_up(void *context, const char *word)
{
    return calls_hang_up(CAST(daemon, context)->calls, word);
}

static char *waiting(void *context)
{
    return calls_waiting(CAST(daemon, context)->calls);
}

void daemon_program_init(struct daemon *daemon, void (*shutdown)(void *context))
{
    daemon->program = (struct program){.context = daemon,
                                       .prepare = prepare_to_listen,
                                       .listen = listen_at,
                                       .release = listening_release,
                                       .connect = connect_to,
                                       .hang_up = hang_up,
                                       .waiting = waiting,
                                       .keys = transport_keys,
                                       .shutdown = shutdown};
}
