/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_to.h"

#include <stdio.h>

#include "console/console.h"
#include "console/text_cells.h"
#include "console/text_entry.h"
#include "console/text_line.h"
#include "core/told.h"

enum {
    TO_NAMED = 3,  /* peers that stand there one by one */
    TO_CELLS = 20, /* that names may take, lest the column of labels grow for ever */
};

static struct who find(const struct console *console, uint64_t number)
{
    const struct who who = console->directory->find(console->directory, number);
    return (struct who){.number = number, .name = who.name, .node = who.node};
}

static void append_one(const struct who *who, bool names, UT_string *label)
{
    const struct who one = {
        .number = who->number, .name = names ? who->name : NULL, .node = who->node};
    text_peer_short(label, &one);
}

static void append_all(const struct console *console, const struct told *told, bool names,
                       UT_string *label)
{
    const struct message_to *to = &told->message.to;
    append_one(&told->peer, names, label);
    utstring_printf(label, " %s ", text_mark(TEXT_MARK_SENT));
    if (to->count > TO_NAMED) {
        text_count(label, to->count, "peer", "peers");
        return;
    }
    for (size_t i = 0; i < to->count; i++) {
        const struct who who = find(console, who_beside(told->peer.number, message_to(to, i)));
        text_plain(label, i > 0 ? "," : "");
        append_one(&who, names, label);
    }
}

const char *text_to_label(const struct console *console, const struct told *told,
                          char label[TEXT_TO_LABEL])
{
    UT_string text;
    if (told->message.to.count == 0)
        return NULL;
    utstring_init(&text);
    append_all(console, told, true, &text);
    if (text_width(utstring_body(&text)) > TO_CELLS) {
        utstring_clear(&text);
        append_all(console, told, false, &text);
    }
    snprintf(label, TEXT_TO_LABEL, "%s", utstring_body(&text));
    utstring_done(&text);
    return label;
}

void text_to_event(struct console *console, const struct told *told)
{
    UT_string *out = &console->out;
    const struct who other = find(console, who_beside(told->peer.number, told->other));
    struct text_entry entry = {.time = told->time, .peer = &told->peer, .style = TEXT_NOTICE};
    text_entry_begin(console, &entry);
    text_plain(out, told->type == HUB_JOIN ? "joined to " : "no longer joined to ");
    text_peer(out, &other);
    text_entry_end(console, &entry);
}
