/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A configuration file: one option a line, as options_line takes it. Lines end with a newline,
 * also after a carriage return; the last one may lack it. A byte order mark in front is
 * skipped.
 */
#ifndef TELEX_BASE_OPTIONS_FILE_H
#define TELEX_BASE_OPTIONS_FILE_H

#include <stdbool.h>
#include <stdio.h>

struct options;

enum { OPTIONS_FILE_LINE_MAX = 4096 /* bytes, less the newline */ };

enum options_file_result {
    OPTIONS_FILE_GOOD,
    OPTIONS_FILE_UNREADABLE, /* "cannot read FILE: No such file or directory" */
    OPTIONS_FILE_WRONG       /* "FILE:3: unknown option 'x'" */
};

/* A word that the table lacks: see options_line. */
typedef bool options_file_other(void *context, const char *word, const char *rest,
                                char **error);

/*
 * Reads the file of that name into options, up to the first line that is wrong. Unless the
 * result is good, *error is malloc'ed. May block where the file is a pipe.
 */
enum options_file_result options_file_read(struct options *options, const char *name,
                                           options_file_other *other, void *context,
                                           char **error);

/* The same from a stream that is open; name is for errors. */
enum options_file_result options_file_parse(struct options *options, FILE *stream,
                                            const char *name, options_file_other *other,
                                            void *context, char **error);

#endif
