/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines that are joined, as a person reads of them. */
#ifndef TELEX_CONSOLE_TEXT_TO_H
#define TELEX_CONSOLE_TEXT_TO_H

struct console;
struct told;

/* Whose message it is and where it went: "#3 → #4", "boiler → 12 peers". NULL where it was
 * passed on to nobody. */
enum { TEXT_TO_LABEL = 128 };
const char *text_to_label(const struct console *console, const struct told *told,
                          char label[TEXT_TO_LABEL]);
/* A join or part event. */
void text_to_event(struct console *console, const struct told *told);

#endif
