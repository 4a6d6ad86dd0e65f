/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a control socket is, as --control and telex attach spell it (telexd(8), --control):
 * [PATH][?access=read&mode=0660].
 */
#ifndef TELEX_CONSOLE_CONTROL_SPEC_H
#define TELEX_CONSOLE_CONTROL_SPEC_H

#include <stdbool.h>

struct control_spec {
    char *path;     /* %XX decoded */
    unsigned mode;  /* of the socket's file; 0: not said */
    bool read_only; /* every session on it */
};

/*
 * Fills *spec; without PATH it is one's own (control_place.h).
 * On failure *spec is empty and *error (malloc'ed) says what is wrong with the text.
 */
bool control_spec_parse(const char *text, struct control_spec *spec, char **error);
void control_spec_finish(struct control_spec *spec);

#endif
