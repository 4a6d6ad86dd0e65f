/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --check: whether telexd could start so, as far as that can be told without doing anything. */
#ifndef TELEX_SERVER_CHECK_H
#define TELEX_SERVER_CHECK_H

struct settings;

/* Looks at what settings_read has let pass, and says what is wrong. Returns the exit status. */
int check_run(const struct settings *settings);

#endif
