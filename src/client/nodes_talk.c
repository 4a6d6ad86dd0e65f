/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/nodes_talk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/mem.h"
#include "base/ut.h"
#include "client/attach_say.h"
#include "client/attach_talk.h"
#include "client/nodes.h"
#include "client/nodes_commands.h"
#include "client/nodes_line.h"
#include "command/operator_target.h"
#include "console/console.h"
#include "console/local.h"

static struct operator_session *session_of(struct nodes *nodes)
{
    return &attach_state_console(&nodes->attach)->session;
}

/* Nothing was done, and a script is to end with that. */
static void refuse(struct nodes *nodes, const struct nodes_line *line, const char *text)
{
    const struct command *command = line->read.command;
    nodes->attach.undone |= !local_is_terminal(nodes->attach.local);
    attach_say_refusal(&nodes->attach, command ? command->name : "send", text);
}

static void refuse_by(struct nodes *nodes, const struct nodes_line *line, char *text)
{
    refuse(nodes, line, text);
    free(text);
}

/* --- to nodes --- */

struct typed {
    const char *line;
    size_t size;
};

static void tell(struct node *node, const struct nodes_line *line, const struct typed *typed,
                 const char *text, size_t size)
{
    attach_talk_say(node, &line->read, typed->line, typed->size, text, size);
}

/* Whether it may go there: else that was said. */
static bool may_send(struct nodes *nodes, const struct node *node,
                     const struct nodes_line *line)
{
    const struct command *command = line->read.command;
    const bool asks = command && command->read_only;
    if (session_of(nodes)->read_only && !asks) {
        refuse_by(nodes, line,
                  mem_printf("this console is read-only, and /%s is not for it",
                             command ? command->name : "send"));
        return false;
    }
    if (node->ready)
        return true;
    refuse_by(nodes, line, mem_printf("%s is away, and nothing was done", nodes_name(node)));
    return false;
}

static void send_to_all(struct nodes *nodes, const struct nodes_line *line,
                        const struct typed *typed)
{
    struct node *node;
    unsigned count = 0;
    DL_FOREACH(nodes->attach.nodes, node) {
        if (!node->ready)
            continue;
        tell(node, line, typed, line->text, line->size);
        count++;
    }
    if (count == 0)
        refuse(nodes, line, "no node is there, and nothing was done");
}

/* The one that the line names, else that was chosen; NULL: it has been said that there is none.
 */
static struct node *node_of(struct nodes *nodes, const struct nodes_line *line)
{
    struct node *node = *line->node ? nodes_find(nodes, line->node) : nodes->chosen;
    if (node)
        return may_send(nodes, node, line) ? node : NULL;
    if (*line->node)
        refuse_by(nodes, line, mem_printf("no node '%s': /nodes lists them", line->node));
    else
        refuse(nodes, line,
               line->kind == NODES_LINE_NODE
                   ? "of which node? Choose one with /node NAME"
                   : "of which node? Write NODE/PEER, such as berlin/3, or choose "
                     "one with /node NAME");
    return NULL;
}

static void send_to_one(struct nodes *nodes, const struct nodes_line *line,
                        const struct typed *typed)
{
    struct node *node = node_of(nodes, line);
    if (node)
        tell(node, line, typed, line->text, line->size);
}

/* --- the target --- */

static void send_to_target(struct nodes *nodes, const struct nodes_line *line,
                           const struct typed *typed)
{
    const struct operator_session *session = session_of(nodes);
    struct node *node = nodes_of_peer(nodes, session->target);
    if (!node) {
        refuse_by(nodes, line,
                  operator_target_is_away(session)
                      ? mem_printf("%s is away, and nothing was sent: it is the target again "
                                   "when it is back",
                                   session->target_name)
                      : mem_strdup("no target: choose one with @NODE/PEER, or write @NODE/PEER "
                                   "TEXT"));
        return;
    }
    if (!may_send(nodes, node, line))
        return;
    UT_string text;
    utstring_init(&text);
    utstring_printf(&text, "@%" PRIu64 " ", who_number(session->target));
    utstring_bincpy(&text, line->text, line->size);
    tell(node, line, typed, utstring_body(&text), utstring_len(&text));
    utstring_done(&text);
}

/* Who is found by a word, among those that are known. */
struct wanted {
    const char *word;
    CAST_MARK;
    uint64_t number; /* 0: nobody */
};

static bool is_wanted(void *context, const struct who *who)
{
    struct wanted *wanted = CAST(wanted, context);
    if (who->name && strcmp(who->name, wanted->word) == 0)
        wanted->number = who_number(who->number);
    return wanted->number == 0;
}

static uint64_t find_peer(const struct node *node, const char *word)
{
    const struct known *known = &node->follow.known;
    struct wanted wanted = {.word = word};
    uint64_t number = 0;
    CAST_INIT(wanted, &wanted);
    if (who_parse_number(word, WHO_NUMBER_END - 1, &number))
        return known_has(known, number) ? number : 0;
    known->directory.peers(&known->directory, is_wanted, &wanted);
    return wanted.number;
}

static void say_nobody(struct nodes *nodes, const struct nodes_line *line,
                       const struct node *node)
{
    char *quote = escape_quote(line->text);
    refuse_by(
        nodes, line,
        mem_printf("no peer %s on the line of %s: /peers lists them", quote, nodes_name(node)));
    free(quote);
}

static void choose_target(struct nodes *nodes, struct nodes_line *line)
{
    struct operator_session *session = session_of(nodes);
    line->read.command = &cmd_to;
    if (strpbrk(line->text, ",*")) {
        refuse(nodes, line, "the target is one peer: @PEERS TEXT sends to several");
        return;
    }
    const bool none = strcmp(line->text, "-") == 0 && !*line->node;
    struct node *node = none ? NULL : node_of(nodes, line);
    const uint64_t number = node ? find_peer(node, line->text) : 0;
    if (node && number == 0)
        say_nobody(nodes, line, node);
    if (!none && number == 0)
        return;
    if (none)
        nodes_aim_at_nobody(nodes);
    else
        nodes_aim(nodes, node, number, line->text);
    session->running = &cmd_to;
    operator_done(session, NULL);
    session->running = NULL;
}

/* --- what is typed --- */

/* /quit in a script is its end: what stands before it is answered first. */
static void run_here(struct nodes *nodes, const struct nodes_line *line,
                     const struct typed *typed)
{
    struct attach *attach = &nodes->attach;
    if (line->read.command != &cmd_quit)
        command_line(session_of(nodes), typed->line, typed->size);
    else if (local_is_terminal(attach->local))
        attach_state_leave(attach, EXIT_SUCCESS);
    else
        nodes_talk_script_ended(attach);
}

static void run(struct nodes *nodes, struct nodes_line *line, const struct typed *typed)
{
    switch (line->kind) {
    case NODES_LINE_EMPTY:
        break;
    case NODES_LINE_TEXT:
        send_to_target(nodes, line, typed);
        break;
    case NODES_LINE_TARGET:
        choose_target(nodes, line);
        break;
    case NODES_LINE_HERE:
        run_here(nodes, line, typed);
        break;
    case NODES_LINE_ASKS:
        if (!*line->node && !nodes->chosen) {
            send_to_all(nodes, line, typed);
            break;
        }
        /* fall through */
    case NODES_LINE_PEERS:
    case NODES_LINE_NODE:
        send_to_one(nodes, line, typed);
        break;
    case NODES_LINE_WRONG:
        refuse(nodes, line, line->error);
        break;
    }
}

void nodes_talk_forward(void *context, const char *typed, size_t size)
{
    struct attach *attach = CAST(attach, context);
    struct nodes_line line;
    if (nodes_of(attach)->ending)
        return; /* behind /quit */
    nodes_line_read(&line, nodes_commands, typed, size);
    run(nodes_of(attach), &line, &(struct typed){typed, size});
    nodes_line_finish(&line);
    attach_talk_pace(attach);
}

/* --- the end of a script --- */

void nodes_talk_answered(struct attach *attach)
{
    const struct node *node;
    size_t waits = 0;
    DL_FOREACH(attach->nodes, node) {
        waits += node->requests.typed;
    }
    if (nodes_of(attach)->ending && waits == 0)
        attach_state_leave(attach, attach_state_verdict(attach));
}

void nodes_talk_script_ended(struct attach *attach)
{
    nodes_of(attach)->ending = true;
    nodes_talk_answered(attach);
}
