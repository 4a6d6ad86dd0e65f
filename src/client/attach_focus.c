/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_focus.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "client/attach_node.h"
#include "client/attach_say.h"
#include "client/attach_settings.h"
#include "client/attach_state.h"
#include "client/attach_talk.h"
#include "command/command.h"
#include "console/console.h"

bool attach_focus_changes(const struct command *command)
{
    return command == &cmd_only || command == &cmd_mute || command == &cmd_grep ||
           command == &cmd_view || command == &cmd_set || command == &cmd_time;
}

/* Whether that is PEERS was seen when it was read. */
void attach_focus_begin(struct attach *attach)
{
    const struct attach_settings *settings = attach->settings;
    struct focus *focus = &attach_state_console(attach)->session.focus;
    char *error = NULL;
    if (settings->only)
        focus_set_only(focus, settings->only, &error);
    if (settings->grep)
        focus_set_grep(focus, settings->grep, strlen(settings->grep));
    free(error);
}

/* --- what was done --- */

static void set_view(struct operator_session *session, const char *words, const char *word,
                     char **error)
{
    enum view view = VIEW_TEXT;
    const bool ends = strcmp(word, "-") == 0;
    if (ends || view_parse(word, &view, error))
        operator_set_view(session, words, ends ? NULL : &view, error);
}

/* Of /set a view is this console's; the rest is the daemon's. */
static void set_pairs(struct operator_session *session, const char *words, const char *pairs,
                      char **error)
{
    static const char key[] = "view=";
    char *copy = mem_strdup(pairs), *rest = copy, *pair;
    while ((pair = strsep(&rest, " \t")))
        if (strncmp(pair, key, strlen(key)) == 0)
            set_view(session, words, pair + strlen(key), error);
    free(copy);
}

static void set_general_view(struct operator_session *session, const char *word, char **error)
{
    if (view_parse(word, &session->view, error))
        session->ops->changed(session, OPERATOR_VIEW);
}

void attach_focus_done(struct attach *attach, const char *line)
{
    struct operator_session *session = &attach_state_console(attach)->session;
    struct command_read read;
    char *error = NULL;
    command_read(&read, command_table, line, strlen(line));
    const char *first = read.arguments.words[0], *second = read.arguments.words[1];
    if (read.command == &cmd_view && *second)
        set_view(session, first, second, &error);
    else if (read.command == &cmd_view)
        set_general_view(session, first, &error);
    else if (read.command == &cmd_set)
        set_pairs(session, first, second, &error);
    else if (read.command == &cmd_only && *first)
        focus_set_only(&session->focus, first, &error);
    else if (read.command == &cmd_mute && *first)
        focus_set_muted(&session->focus, first, &error);
    else if (read.command == &cmd_grep && *first)
        focus_set_grep(&session->focus, first, read.arguments.size);
    else if (read.command == &cmd_time)
        time_form_parse(first, &session->time_form, &error);
    command_read_finish(&read);
    free(error); /* the daemon had none to say */
}

/* --- another daemon --- */

static void ask(void *context, const char *line, size_t size)
{
    struct node *node = CAST(node, context);
    char *copy = mem_strndup(line, size);
    attach_talk_ask(node, copy, REQUEST_FOCUS);
    free(copy);
}

void attach_focus_ask(struct node *node)
{
    struct operator_session *session = &attach_state_console(node->attach)->session;
    if (node->anew && focus_drop_numbers(&session->focus))
        attach_say(node->attach, "numbers of peers mean others now: /only, /mute and /view "
                                 "have forgotten them");
    if (session->view != VIEW_TEXT) {
        char *line = mem_printf("/view %s", view_name(session->view));
        attach_talk_ask(node, line, REQUEST_QUIET);
        free(line);
    }
    focus_lines(&session->focus, ask, node);
}
