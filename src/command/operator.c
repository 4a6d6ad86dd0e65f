/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/operator.h"

#include <stdlib.h>
#include <string.h>

#include "base/endpoint.h"
#include "base/escape.h"
#include "base/mem.h"
#include "command/command.h"
#include "core/hub.h"

/* The most bytes of a typed word that an error repeats. */
enum { QUOTE_MAX = 64 };

void operator_set_target(struct operator* operator, uint64_t number)
{
    if (operator->target == number)
        return;
    hub_pin(operator->hub, operator->target, false);
    hub_pin(operator->hub, number, true);
    operator->target = number;
    operator->ops->changed(operator, OPERATOR_TARGET);
}

void operator_result(struct operator* operator, struct result * result)
{
    result->command = operator->running->name;
    operator->ops->result(operator, result);
}

void operator_done(struct operator* operator, const char * format, ...)
{
    char *note = NULL;
    if (format) {
        va_list arguments;
        va_start(arguments, format);
        note = mem_vprintf(format, arguments);
        va_end(arguments);
    }
    operator_result(operator, &(struct result){
                        .type = RESULT_DONE, .first = true, .note = note});
    free(note);
}

void operator_error(struct operator* operator, const char * format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = mem_vprintf(format, arguments);
    va_end(arguments);
    operator->ops->error(operator, operator->running ? operator->running->name : NULL, text);
    free(text);
}

void operator_answer(struct operator* operator, char * error)
{
    if (error)
        operator_error(operator, "%s", error);
    else
        operator_done(operator, NULL);
    free(error);
}

char *operator_quote(const char *word)
{
    const bool cut = strlen(word) > QUOTE_MAX;
    char *beginning = mem_strndup(word, cut ? QUOTE_MAX : strlen(word));
    char *shown = escape_string(beginning);
    char *quote = mem_printf("'%s%s'", shown, cut ? "..." : "");
    free(shown);
    free(beginning);
    return quote;
}

struct listener *operator_find_listener(struct operator* operator, const char * word)
{
    struct listener *listener = hub_find_listener(operator->hub, word);
    if (!listener) {
        char *quote = operator_quote(word);
        operator_error(operator, "no listener %s: /listeners lists them", quote);
        free(quote);
    }
    return listener;
}

bool operator_may_reach(const struct operator* operator, const char * text, char **error)
{
    struct endpoint endpoint = {0};
    if (!endpoint_parse(text, &endpoint, error))
        return false;
    const bool may = endpoint.scheme != ENDPOINT_UNIX || operator->local_files;
    if (!may)
        *error =
            mem_strdup("unix endpoints are only for the user that telexd runs as, and root");
    endpoint_finish(&endpoint);
    return may;
}
