/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose messages a console shows, chosen and told: what /only and /mute have in common. */
#ifndef TELEX_COMMAND_CHOOSING_H
#define TELEX_COMMAND_CHOOSING_H

#include <stdbool.h>

struct focus;
struct operator_session;
struct selection;

struct choosing {
    bool (*set)(struct focus *focus, const char *words, char **error);
    const struct selection *(*get)(const struct focus *focus);
    const char *told; /* stands before the words of the selection */
    const char *none; /* told where it has none */
};

/* Sets it to the words, where there are any, and answers how it is then. */
void choosing_answer(struct operator_session *session, const char *words,
                     const struct choosing *choosing);

#endif
