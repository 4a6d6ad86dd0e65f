/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Completion scripts for shells, made from a program's own table of options while it is built:
 * what a table says is offered, and nothing is listed twice. Each program has a file here that
 * describes the rest of its command line, and so a generator of its own.
 */
#ifndef TELEX_COMPLETION_COMPLETION_H
#define TELEX_COMPLETION_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/options.h"
#include "base/ut.h"

enum completion_kind {
    COMPLETION_NOTHING, /* a number or so: nothing can be offered */
    COMPLETION_WORDS,
    COMPLETION_FILES,
    COMPLETION_ENDPOINT, /* the words are its beginnings; a path follows unix: */
    COMPLETION_PROCESS
};

/* What may stand where --help says FILE, MODE ... */
struct completion_argument {
    const char *name; /* as in an option_spec, without brackets */
    enum completion_kind kind;
    void (*words)(UT_string *out); /* appends them, blanks between; or NULL */
};

enum { COMPLETION_OPERANDS = 2, COMPLETION_SUBS = 2 };

struct completion {
    const char *name; /* the program, or the word that is given first for a sub-command */
    const struct option_spec *(*options)(size_t *count);
    const struct completion_argument *own; /* before those that all know; name NULL ends */
    /* As the usage line has them: "ENDPOINT...", "[PATH]"; NULL: no more. */
    const char *operands[COMPLETION_OPERANDS];
    const struct completion *subs[COMPLETION_SUBS]; /* sub-commands; NULL: no more */
};

/* The main of a generator: "generator zsh", "generator bash HELPERS". Returns the exit status.
 */
int completion_run(const struct completion *completion, int argc, char **argv);

/* helpers: the file with the functions that all scripts have. False, said, if it can't be read.
 */
bool completion_bash(const struct completion *completion, const char *helpers, FILE *out);
void completion_zsh(const struct completion *completion, FILE *out);

/* What an argument is, by its name in --help: "VIEW", "[PATH]", "ENDPOINT...". NULL: unknown.
 */
const struct completion_argument *completion_argument(const struct completion *completion,
                                                      const char *name);
/* The name without brackets, quotes and dots; malloc'ed. */
char *completion_bare(const char *name);
/* The names of its sub-commands, blanks between; malloc'ed, "" where it has none. */
char *completion_sub_names(const struct completion *completion);
/* Its words, blanks between; malloc'ed. */
char *completion_words(const struct completion_argument *argument);
bool completion_is_optional(const struct option_spec *option);

#endif
