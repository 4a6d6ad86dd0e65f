/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The count of lines of telex attach --json: its own come before those of its input, which are
 * numbered as if they were the first ones. Pure.
 */
#ifndef TELEX_CLIENT_RELAY_LINES_H
#define TELEX_CLIENT_RELAY_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ut.h"

struct relay_lines {
    uint64_t own;      /* lines before the first of the input */
    uint64_t filters;  /* the first of them, which say what messages are shown */
    uint64_t history;  /* number of the one that may fail, because nothing is kept; 0: none */
    uint64_t done;     /* number of the last of them that was answered */
    uint64_t ended;    /* of the input: newlines so far */
    uint64_t asked;    /* number of the last of them that is not empty; 0: none */
    uint64_t answered; /* number of the last of them whose answer is complete */
    bool begun;        /* a line without its newline so far */
};

/* What a line from the daemon is. */
enum relay_kind {
    RELAY_EVENT,    /* or anything else that is no answer */
    RELAY_MESSAGE,  /* message or sent, as it happens */
    RELAY_OWN,      /* an answer to a line of our own */
    RELAY_OWN_LAST, /* the one that completes the last of those before the input */
    RELAY_FAILED,   /* an error, of a line of our own */
    RELAY_ANSWER,   /* to a line of the input */
    RELAY_END       /* to the line behind the input */
};

/* Bytes of the input are on their way. */
void relay_lines_sent(struct relay_lines *lines, const char *data, size_t size);
/* Whether all that was asked so far is answered. */
bool relay_lines_done(const struct relay_lines *lines);
/*
 * What it is, and appends it to out as the reader of the input's answers should see it, without
 * its newline: its number in "input" is the input's.
 */
enum relay_kind relay_lines_take(struct relay_lines *lines, UT_string *out, const char *line,
                                 size_t size);

#endif
