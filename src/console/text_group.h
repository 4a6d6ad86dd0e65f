/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text for several peers, of which each is told, as one line. */
#ifndef TELEX_CONSOLE_TEXT_GROUP_H
#define TELEX_CONSOLE_TEXT_GROUP_H

#include <stdbool.h>

struct console;
struct told;

/* Whether told is a send that such a line stands for already; else the next one is. */
bool text_group_is_shown(struct console *console, const struct told *told);
/* Who they are: "12 peers", or "boiler,#3" where they are few. NULL where told is of one peer.
 */
enum { TEXT_GROUP_LABEL = 128 };
const char *text_group_label(const struct console *console, const struct told *told,
                             char label[TEXT_GROUP_LABEL]);

#endif
