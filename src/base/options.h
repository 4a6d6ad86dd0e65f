/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One table of options drives the command line (getopt_long), the configuration file and
 * --help. A program's table is a constant array; an option's setter writes into the program's
 * own struct of values at the given offset.
 */
#ifndef TELEX_BASE_OPTIONS_H
#define TELEX_BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct option_spec;

/*
 * Takes the text of an argument ("" for a flag) into values. On failure *error (malloc'ed) says
 * what is wrong with the text, without the option's name: "'x' is not a number of seconds".
 */
typedef bool option_setter(const struct option_spec *spec, void *values, const char *text,
                           char **error);

struct option_spec {
    const char *name; /* long form, without dashes */
    char letter;      /* short form, or 0 */
    /*
     * What --help calls it ("SECONDS"), or NULL for a flag. "[PATH]" may be left out: it is
     * taken after '=', or as the next word where that begins with '/', '.', '~' or '?' or holds
     * a '/' and is no endpoint and no option; without it the setter gets "".
     */
    const char *argument;
    const char *help; /* a phrase for --help; behind it stand the words, where there are any */
    option_setter *set;
    size_t offset;          /* of the field in the struct of values */
    size_t size;            /* of that field, for who compares it; 0: not told */
    bool is_text;           /* it is a char * */
    bool command_line_only; /* not allowed in the file: --config, --help, --version */
    bool repeatable;        /* the setter appends: the file's values join the command line's */
    const char *const *words; /* of which its text is one, as base/words has them; or NULL */
};

/* Setters for common fields, in option_set.c. */
option_setter option_set_flag;    /* bool: becomes true; "yes"/"no" in the file */
option_setter option_set_string;  /* char *: malloc'ed copy, frees the former one */
option_setter option_set_path;    /* the same of a file's, with "~" expanded */
option_setter option_set_count;   /* uint64_t */
option_setter option_set_size;    /* uint64_t, bytes with k, M, G */
option_setter option_set_seconds; /* int64_t, microseconds from seconds with a fraction */

/* A short option that the table lacks and other programs have: what to do instead. */
struct option_hint {
    char letter;
    const char *text; /* "udp is a scheme: telexd udp://9999" */
};

struct options {
    const struct option_spec *table;
    size_t count;                    /* at most 64 */
    const struct option_hint *hints; /* up to one without text; NULL: none */
    void *values;
    /*
     * A second struct of values, set up like the first and finished by its owner, or NULL. The
     * file's lines that the command line overrules (not those of repeatable options) are
     * applied here instead, so that their faults are found; without it they are not looked at.
     */
    void *scratch;
    unsigned long long given; /* bit i: table[i] came on the command line, which wins */
};

/*
 * Reads the command line. Options and operands may be mixed; "--" ends options. On success
 * *operands points to the operands at the end of argv, which is reordered. On failure *error is
 * one line: "unknown option '--drian': did you mean --drain?", "--drain: 'x' is not a number
 * of seconds".
 */
bool options_parse(struct options *options, int argc, char **argv, char ***operands,
                   int *operand_count, char **error);

/*
 * One line of a configuration file (no newline): "drain 5", "json", "json no". A # at the
 * beginning or after a blank starts a comment; blank lines succeed and do nothing. Words that
 * the table lacks are given to other(context, word, rest, error), which says whether it took
 * them (e.g. "listen"); where it did not and set no *error, the error is "unknown option 'x'",
 * with a guess perhaps. other may be NULL.
 */
bool options_line(struct options *options, const char *line,
                  bool (*other)(void *context, const char *word, const char *rest,
                                char **error),
                  void *context, char **error);

/* What --help says of one: "how messages are shown: text, hex, size or none". malloc'ed. */
char *options_help_text(const struct option_spec *spec);
/* The aligned list of options for --help. */
void options_help(const struct options *options, FILE *out);

#endif
