/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/operator.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/endpoint.h"
#include "base/escape.h"
#include "base/mem.h"
#include "command/command.h"
#include "core/hub.h"
#include "core/keys.h"
#include "core/profile.h"
#include "core/program.h"

void operator_result(struct operator_session *session, struct result *result)
{
    result->command = session->running->name;
    session->ops->result(session, result);
}

void operator_done(struct operator_session *session, const char *format, ...)
{
    char *note = NULL;
    if (format) {
        va_list arguments;
        va_start(arguments, format);
        note = mem_vprintf(format, arguments);
        va_end(arguments);
    }
    operator_result(session,
                    &(struct result){.type = RESULT_DONE, .first = true, .note = note});
    free(note);
}

void operator_error(struct operator_session *session, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = mem_vprintf(format, arguments);
    va_end(arguments);
    session->ops->error(session, session->running ? session->running->name : NULL, text);
    free(text);
}

void operator_answer(struct operator_session *session, char *error)
{
    if (error)
        operator_error(session, "%s", error);
    else
        operator_done(session, NULL);
    free(error);
}

/* Without a hub whoever has one has looked already. */
bool operator_may_select(const struct operator_session *session, const char *words,
                         char **error)
{
    struct selection selection = {0};
    if (strcmp(words, "-") == 0 || !session->hub)
        return true;
    const bool good = selection_add(&selection, words, error);
    const uint64_t highest = selection_highest(&selection);
    selection_finish(&selection);
    if (highest > session->hub->last_peer)
        *error = mem_printf("no peer '%" PRIu64 "' on the line", highest);
    return good && highest <= session->hub->last_peer;
}

bool operator_set_view(struct operator_session *session, const char *words,
                       const enum view *view, char **error)
{
    const bool all = strcmp(words, "*") == 0;
    if (!all && !focus_set_view(&session->focus, words, view, error))
        return false;
    if (all)
        focus_clear_views(&session->focus);
    if (all && view)
        session->view = *view;
    session->ops->changed(session, OPERATOR_VIEW);
    return true;
}

enum view operator_view(const struct operator_session *session, const struct told *told)
{
    return focus_view(&session->focus, told, session->view);
}

struct listener *operator_find_listener(struct operator_session *session, const char *word)
{
    struct listener *listener = hub_find_listener(session->hub, word);
    if (!listener) {
        char *quote = escape_quote(word);
        operator_error(session, "no listener %s: /listeners lists them", quote);
        free(quote);
    }
    return listener;
}

/* The key of the endpoint that names a file of this machine; NULL: none does. */
static const char *file_key(const struct operator_session *session,
                            const struct endpoint *endpoint)
{
    const struct program *program = session->program;
    const struct key_set *own = program->keys ? program->keys(endpoint->scheme) : NULL;
    for (size_t i = 0; own && i < own->count; i++)
        if (strcmp(own->keys[i].values, "FILE") == 0 &&
            endpoint_key(endpoint, own->keys[i].name))
            return own->keys[i].name;
    return NULL;
}

/* What it would be joined to is reached too; a name is that of a line which is there. */
static bool may_reach_far(const struct operator_session *session,
                          const struct endpoint *endpoint, char **error)
{
    const char *to = endpoint_key(endpoint, ENDPOINT_FAR_KEY);
    return !to || profile_to_is_name(to) || operator_may_reach(session, to, error);
}

static bool may_reach(const struct operator_session *session, const struct endpoint *endpoint,
                      char **error)
{
    const struct scheme_traits *scheme = &schemes[endpoint->scheme];
    const char *key = file_key(session, endpoint);
    const bool may = session->local_files || (scheme->users == SCHEME_ANYBODY && !key);
    if (!may)
        *error = mem_printf("%s%s only for the user that telexd runs as, and root",
                            key ? key : scheme->name, key ? "= is" : " endpoints are");
    return may;
}

bool operator_may_reach(const struct operator_session *session, const char *text, char **error)
{
    struct endpoint endpoint = {0};
    if (!endpoint_parse(text, &endpoint, error))
        return false;
    const bool may =
        may_reach(session, &endpoint, error) && may_reach_far(session, &endpoint, error);
    endpoint_finish(&endpoint);
    return may;
}
