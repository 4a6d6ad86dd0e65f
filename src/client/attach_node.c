/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_node.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/ut.h"
#include "client/attach_settings.h"
#include "client/attach_state.h"
#include "client/attach_talk.h"
#include "client/carrier.h"
#include "loop/timeout.h"

enum { REFRESH = 500000 }; /* microseconds from what made that old to asking how things are */

/* What a console knows that was there from the beginning; and then what it has shown. */
static void ask_all(struct node *node, const struct follow_hello *hello)
{
    const struct attach_settings *settings = node->attach->settings;
    struct catch_up *catch_up = &node->follow.catch_up;
    char *line = catch_up_begin(catch_up, hello->run, hello->seq,
                                settings->only ? settings->only : "*", settings->history);
    attach_talk_ask(node, "/listeners", REQUEST_QUIET);
    attach_talk_ask(node, "/peers", line ? REQUEST_QUIET : REQUEST_READY);
    if (line)
        attach_talk_ask(node, line, REQUEST_READY);
    free(line);
}

static void greeted(void *context, const struct follow_hello *hello)
{
    struct node *node = CAST(node, context);
    free(node->version);
    node->version = mem_strdup(hello->version);
    node->anew = node->before && strcmp(node->follow.catch_up.run, hello->run) != 0;
    node->hooks->greeted(node, hello);
    ask_all(node, hello);
}

/*
 * Peers may have come and gone. Where a daemon tells more than can be taken, asking at once,
 * and again before that is answered, would only make it more.
 */
void attach_node_ask_anew(struct node *node)
{
    timeout_start(node->refresh, REFRESH);
}

static void lost_events(void *context)
{
    attach_node_ask_anew(CAST(node, context));
}

static void told(void *context, const struct told *told)
{
    struct node *node = CAST(node, context);
    node->attach->kind->told(node, told);
}

static void refresh_cb(void *context)
{
    struct node *node = CAST(node, context);
    bool asked = node->requests.count > node->requests.typed;
    if (!node->ready)
        return;
    if (asked) {
        timeout_set(node->refresh, REFRESH);
        return;
    }
    attach_talk_ask(node, "/listeners", REQUEST_QUIET);
    attach_talk_ask(node, "/peers", REQUEST_QUIET);
}

/* --- its carrier --- */

static bool judge(struct node *node, bool good, char *error)
{
    if (!good)
        node->hooks->mistaken(node, error);
    free(error);
    return good;
}

static bool receive(void *context, const char *line, size_t size)
{
    struct node *node = CAST(node, context);
    char *error = NULL;
    const bool good = follow_line(&node->follow, line, size, &error);
    return judge(node, good, error);
}

bool attach_node_answer(struct node *node, uint64_t input, const char *line, size_t size)
{
    char *error = NULL;
    attach_talk_note_running(node);
    const bool good = follow_answered(&node->follow, input, line, size, &error);
    return judge(node, good, error);
}

bool attach_node_event(struct node *node, const char *line, size_t size)
{
    char *error = NULL;
    attach_talk_note_running(node);
    const bool good = follow_event(&node->follow, line, size, &error);
    return judge(node, good, error);
}

bool attach_node_past(struct node *node, const char *line, size_t size, bool same_run)
{
    char *error = NULL;
    const bool good = follow_past(&node->follow, line, size, same_run, &error);
    return judge(node, good, error);
}

static void lost(void *context)
{
    struct node *node = CAST(node, context);
    carrier_destroy(node->carrier);
    node->carrier = NULL;
    node->hooks->lost(node);
}

static void drained(void *context)
{
    const struct node *node = CAST(node, context);
    attach_talk_pace(node->attach);
}

struct carrier_hooks attach_node_carrier_hooks(struct node *node)
{
    return (struct carrier_hooks){
        .context = node, .line = receive, .lost = lost, .drained = drained};
}

/* --- its life --- */

void attach_node_init(struct node *node, struct attach *attach, const struct node_hooks *hooks)
{
    const struct follow_hooks follow = {.context = node,
                                        .hello = greeted,
                                        .answer = attach_talk_answered,
                                        .again = attach_talk_again,
                                        .asks_for_all = attach_talk_asks_for_all,
                                        .lost = lost_events,
                                        .told = attach->kind->told ? told : NULL};
    *node = (struct node){.attach = attach, .hooks = hooks};
    CAST_INIT(node, node);
    follow_init(&node->follow, &follow);
    node->refresh =
        timeout_create(&attach->loop, LOOP_OPERATOR, PART_CONSOLE, refresh_cb, node);
    DL_APPEND(attach->nodes, node);
}

void attach_node_finish(struct node *node)
{
    DL_DELETE(node->attach->nodes, node);
    carrier_destroy(node->carrier);
    requests_clear(&node->requests);
    timeout_destroy(node->refresh);
    follow_finish(&node->follow);
    free(node->version);
}

void attach_node_reset(struct node *node)
{
    requests_clear(&node->requests);
    follow_reset(&node->follow);
    attach_talk_pace(node->attach);
}
