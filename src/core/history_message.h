/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A message as the history keeps it. What is kept is messages for the most part, each of which
 * costs an echo its share: so it has a shape of its own beside told_pack, which is made from
 * the hub's event at once. Its bytes stand elsewhere.
 */
#ifndef TELEX_CORE_HISTORY_MESSAGE_H
#define TELEX_CORE_HISTORY_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hub_event;
struct told;

/* Behind it stand what few have: the group, the names as they were, and who it was passed on
 * to. */
struct history_message {
    uint64_t seq;
    int64_t time;
    uint64_t peer;
    uint64_t size;
    uint32_t listener;
    uint32_t console;
    uint32_t to; /* so many peers */
    uint16_t flags;
    uint8_t type;
    uint8_t view;
};

/* The bytes that it takes, of an event that told_is_message. */
size_t history_message_size(const struct hub_event *event);
void history_message_write(const struct hub_event *event, struct history_message *kept);
/*
 * Whether event, which is told next, is the automatic answer to it: then it is kept with it, so
 * that an echo takes no second one. That the bytes are the same the caller knows.
 */
bool history_message_answer(struct history_message *kept, const struct hub_event *event);
bool history_message_is_answered(const struct history_message *kept);
/*
 * The same as told_of_event says, but without its bytes; the names are borrowed from kept.
 * answer: of the event that is kept with it.
 */
void history_message_read(const struct history_message *kept, bool answer, struct told *told);

#endif
