/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/jetstream_api.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "fleet/jetstream_config.h"
#include "loop/timeout.h"

/* How long an answer may take. */
enum { PATIENCE = 5000000 /* microseconds */ };

void jetstream_api_init(struct jetstream_api *api, struct loop *loop,
                        void (*first)(void *context), void *context)
{
    api->again = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, first, context);
}

void jetstream_api_finish(struct jetstream_api *api)
{
    jetstream_api_stop(api);
    timeout_destroy(api->again);
    free(api->said);
}

void jetstream_api_stop(struct jetstream_api *api)
{
    bus_request_end(api->request);
    api->request = NULL;
    timeout_stop(api->again);
}

void jetstream_api_begin(struct jetstream_api *api, int64_t pause)
{
    jetstream_api_stop(api);
    timeout_set(api->again, pause);
}

void jetstream_api_ask(struct jetstream_api *api, const char *subject, const char *text,
                       bus_answer *answer, void *context)
{
    const struct bus_post post = {.subject = subject, .data = text, .size = strlen(text)};
    api->request = bus_ask(api->bus, &post, PATIENCE, answer, context);
    if (!api->request)
        timeout_set(api->again, api->pause);
}

void jetstream_api_complain(struct jetstream_api *api, const char *why)
{
    timeout_set(api->again, api->pause);
    if (api->said && strcmp(api->said, why) == 0)
        return;
    log_error("%s: %s", api->trouble, why);
    free(api->said);
    api->said = mem_strdup(why);
}

void jetstream_api_done(struct jetstream_api *api)
{
    if (api->said)
        log_error("%s", api->end);
    free(api->said);
    api->said = NULL;
}

int jetstream_api_take(struct jetstream_api *api, const struct bus_message *message,
                       int expected, int also)
{
    char *why = NULL;
    int code = JETSTREAM_UNREADABLE;
    if (message)
        bus_request_end(api->request);
    api->request = NULL;
    if (!message && !bus_is_connected(api->bus))
        return code; /* until it is */
    if (!message)
        why = mem_strdup("no answer");
    else if (message->status != 0)
        why = mem_strdup(api->nobody);
    else
        code = jetstream_error(message->data, message->size, &why);
    if (code != 0 && code != expected && code != also)
        jetstream_api_complain(api, why);
    free(why);
    return code;
}
