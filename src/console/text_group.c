/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_group.h"

#include <stdio.h>

#include "console/console.h"
#include "console/text_cells.h"
#include "console/text_line.h"
#include "core/told.h"

enum {
    LABEL_NAMES = 20,  /* cells that names may take, */
    LABEL_COLUMN = 12, /* and in a column that is not wider yet */
};

/* What is told again begins anew with each time that it is asked for. */
static bool is_shown_again(struct text_groups *groups, const struct told *told)
{
    const uint64_t number = who_beside(told->peer.number, told->message.group.number);
    const bool shown = number == groups->replayed && told->seq > groups->seq;
    groups->replayed = number;
    groups->seq = told->seq;
    return shown;
}

bool text_group_is_shown(struct console *console, const struct told *told)
{
    struct text_groups *groups = &console->groups;
    const uint64_t number = who_beside(told->peer.number, told->message.group.number);
    if (told->type != HUB_SENT || told->message.group.number == 0)
        return false;
    if (told->replayed)
        return is_shown_again(groups, told);
    /* Numbers of two nodes say nothing of each other. */
    const bool shown = number <= groups->live && number > who_beside(groups->live, 0);
    if (!shown)
        groups->live = number;
    return shown;
}

static void append_peers(const struct console *console, const struct told *told, bool names,
                         UT_string *label)
{
    const uint64_t *peers = told->message.group.peers;
    for (unsigned i = 0; i < MESSAGE_GROUP_NAMED && peers[i] != 0; i++) {
        const uint64_t number = who_beside(told->peer.number, peers[i]);
        const struct who known = console->directory->find(console->directory, number);
        const struct who who = {
            .number = number, .name = names ? known.name : NULL, .node = told->peer.node};
        text_plain(label, i > 0 ? "," : "");
        text_peer_short(label, &who);
    }
}

/* So that the column of labels need not grow, or not by much. */
static unsigned label_room(const struct console *console)
{
    if (console->columns == 0)
        return LABEL_NAMES;
    return console->label_column > LABEL_COLUMN ? console->label_column : LABEL_COLUMN;
}

/* By name where these fit, else by number, else only how many. */
static void label_text(const struct console *console, const struct told *told, UT_string *label)
{
    const struct message_group *group = &told->message.group;
    const unsigned room = label_room(console);
    append_peers(console, told, true, label);
    if (text_width(utstring_body(label)) > room) {
        utstring_clear(label);
        append_peers(console, told, false, label);
    }
    if (group->peers[0] == 0 || text_width(utstring_body(label)) > room) {
        utstring_clear(label);
        text_count(label, group->size, "peer", "peers");
    }
}

const char *text_group_label(const struct console *console, const struct told *told,
                             char label[TEXT_GROUP_LABEL])
{
    UT_string text;
    if (told->type != HUB_SENT || told->message.group.number == 0)
        return NULL;
    utstring_init(&text);
    label_text(console, told, &text);
    snprintf(label, TEXT_GROUP_LABEL, "%s", utstring_body(&text));
    utstring_done(&text);
    return label;
}
