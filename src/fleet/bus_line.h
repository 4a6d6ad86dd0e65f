/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One connection to NATS, of a number that no other has: what is to be done about it, by a
 * thread that may wait. All calls are for the loop's thread and only give a task to the other
 * one, which does them in order. What comes of them is put into the queue: one item that the
 * connection stands, and one that it is lost, or this one alone.
 */
#ifndef TELEX_FLEET_BUS_LINE_H
#define TELEX_FLEET_BUS_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bus_line;
struct bus_message;
struct bus_options;
struct bus_post;
struct bus_queue;
struct bus_settings;
struct thread;

/* What each connection is made with. NULL with a sentence in *error, which is malloc'ed. */
struct bus_options *bus_options_create(const struct bus_settings *settings, char **error);
/* Given to the thread to be freed, since it may be at work with them. */
void bus_options_leave(struct bus_options *options, struct thread *thread);

/* Connects; the options are to stay as long as it. */
struct bus_line *bus_line_create(struct thread *thread, struct bus_options *options,
                                 struct bus_queue *queue, uint64_t number);
/* Frees it when all that was to be done is. */
void bus_line_close(struct bus_line *line);
/* Messages on the subject are put into the queue under that number. */
void bus_line_subscribe(struct bus_line *line, uint64_t subscription, const char *subject);
void bus_line_unsubscribe(struct bus_line *line, uint64_t subscription);
/* Returns the bytes that it takes until bus_line_done. */
size_t bus_line_publish(struct bus_line *line, const struct bus_post *post);
/* Frees what the thread has done; returns the bytes of what it has published, or dropped. */
size_t bus_line_done(struct thread *thread);

/* What an item's handle says, borrowed from it. */
void bus_line_read(void *handle, struct bus_message *message);
const char *bus_line_header(const struct bus_message *message, const char *name);

#endif
