/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a console that people read tells times. */
#ifndef TELEX_CORE_TIME_FORM_H
#define TELEX_CORE_TIME_FORM_H

#include <stdbool.h>

enum time_form {
    TIME_FORM_CLOCK, /* 10:27:05, as the clock on the wall here */
    TIME_FORM_MS,    /* 10:27:05.123 */
    TIME_FORM_ISO,   /* as in JSON: RFC 3339 in UTC with microseconds */
    TIME_FORM_DELTA, /* seconds since the message before */
    TIME_FORM_NONE
};

/* false with *error (malloc'ed, lists the forms) where there is none of that name. */
bool time_form_parse(const char *word, enum time_form *form, char **error);
const char *time_form_name(enum time_form form);
/* All of them, for base/words. */
extern const char *const time_form_words[];

#endif
