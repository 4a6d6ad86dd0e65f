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
    const uint64_t number = told->message.group.number;
    const bool shown = number == groups->replayed && told->seq > groups->seq;
    groups->replayed = number;
    groups->seq = told->seq;
    return shown;
}

bool text_group_is_shown(struct console *console, const struct told *told)
{
    struct text_groups *groups = &console->groups;
    const uint64_t number = told->message.group.number;
    if (told->type != HUB_SENT || number == 0)
        return false;
    if (told->replayed)
        return is_shown_again(groups, told);
    const bool shown = number <= groups->live;
    if (!shown)
        groups->live = number;
    return shown;
}

static void append_peers(const struct console *console, const struct message_group *group,
                         bool names, UT_string *label)
{
    for (unsigned i = 0; i < MESSAGE_GROUP_NAMED && group->peers[i] != 0; i++) {
        const struct who who = console->directory->find(console->directory, group->peers[i]);
        text_plain(label, i > 0 ? "," : "");
        if (names && who.name)
            text_safe(label, who.name);
        else
            text_peer(label, &(struct who){.number = group->peers[i]});
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
static void label_text(const struct console *console, const struct message_group *group,
                       UT_string *label)
{
    const unsigned room = label_room(console);
    append_peers(console, group, true, label);
    if (text_width(utstring_body(label)) > room) {
        utstring_clear(label);
        append_peers(console, group, false, label);
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
    label_text(console, &told->message.group, &text);
    snprintf(label, TEXT_GROUP_LABEL, "%s", utstring_body(&text));
    utstring_done(&text);
    return label;
}
