/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/nodes_commands.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/mem.h"
#include "base/ut.h"
#include "client/nodes.h"
#include "console/console.h"
#include "console/text_entry.h"

static struct nodes *nodes_at(struct operator_session *session)
{
    const struct console *console = CAST(console, session);
    return nodes_of(CAST(attach, console->forward_context));
}

/* --- /nodes --- */

static void say_node(struct console *console, const struct nodes *nodes,
                     const struct node *node)
{
    const size_t count = known_peers(&node->follow.known);
    const char *mark = node == nodes->chosen ? "* " : "  ";
    char *text = node->ready
                     ? mem_printf("%s%s: %zu %s on the line, telexd %s", mark, nodes_name(node),
                                  count, count == 1 ? "peer" : "peers", node->version)
                     : mem_printf("%s%s: away", mark, nodes_name(node));
    text_entry_notice(console, console_wall(console), text);
    free(text);
}

static void run_nodes(struct operator_session *session, const struct arguments *arguments)
{
    const struct nodes *nodes = nodes_at(session);
    const struct node *node;
    unsigned count = 0;
    (void)arguments;
    DL_FOREACH(nodes->attach.nodes, node) {
        say_node(CAST(console, session), nodes, node);
        count++;
    }
    operator_done(session, count == 0 ? "no node is there" : NULL);
}

const struct command nodes_command_nodes = {
    .name = "nodes",
    .arguments = "",
    .summary = "list the nodes, and who is away",
    .basic = true,
    .help = "One line for each node that was there since you came. The one that you\n"
            "chose by /node is marked.\n",
    .read_only = true,
    .console_only = true,
    .run = run_nodes,
};

/* --- /node --- */

static void run_node(struct operator_session *session, const struct arguments *arguments)
{
    struct nodes *nodes = nodes_at(session);
    const char *name = arguments->words[0];
    struct node *node = nodes_find(nodes, name);
    char *quote = escape_quote(name);
    if (node || strcmp(name, "-") == 0) {
        nodes_choose(nodes, node);
        operator_done(session, NULL);
    } else {
        operator_error(session, "no node %s: /nodes lists them", quote);
    }
    free(quote);
}

const struct command nodes_command_node = {
    .name = "node",
    .arguments = "NAME | -",
    .summary = "choose the node of what names none",
    .basic = true,
    .help = "Commands and peers that name no node are meant of this one, until you\n"
            "choose another, or none with -. The target stays: text goes to it.\n"
            "Example: /node berlin\n"
            "         /close 3\n",
    .read_only = true,
    .console_only = true,
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_NONE},
    .run = run_node,
};

const struct command *const nodes_commands[] = {&nodes_command_nodes,
                                                &nodes_command_node,
                                                &cmd_send,
                                                &cmd_to,
                                                &cmd_show,
                                                &cmd_find,
                                                &cmd_replay,
                                                &cmd_peers,
                                                &cmd_info,
                                                &cmd_name,
                                                &cmd_bytes,
                                                &cmd_close,
                                                &cmd_listeners,
                                                &cmd_listen,
                                                &cmd_unlisten,
                                                &cmd_connect,
                                                &cmd_reply,
                                                &cmd_join,
                                                &cmd_part,
                                                &cmd_only,
                                                &cmd_mute,
                                                &cmd_grep,
                                                &cmd_view,
                                                &cmd_set,
                                                &cmd_fault,
                                                &cmd_line,
                                                &cmd_time,
                                                &cmd_stats,
                                                &cmd_read_only,
                                                &cmd_consoles,
                                                &cmd_say,
                                                &cmd_help,
                                                &cmd_quit,
                                                &cmd_shutdown,
                                                NULL};
