/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The consoles that are attached through control sockets. */
#ifndef TELEX_CONSOLE_CONTROL_SESSIONS_H
#define TELEX_CONSOLE_CONTROL_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "console/control.h"

struct control_session;

struct control_sessions {
    struct control_settings settings;
    unsigned next_number;
    struct control_session *list; /* utlist */
    uint64_t count;               /* of them */
    bool crowd_said;              /* that one had to go: until one finds room again */
};

void control_sessions_init(struct control_sessions *sessions,
                           const struct control_settings *settings);
/*
 * A connected socket, not blocking, which belongs to the session: says hello, reads lines. One
 * more than limits.most.consoles is told so in an error, as far as it reads, and closed.
 */
void control_sessions_add(struct control_sessions *sessions, int fd, bool read_only);
/* Ends them; see control_destroy. */
void control_sessions_finish(struct control_sessions *sessions, int64_t patience);

#endif
