/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each newline of a stream as another end of line, wherever the stream is cut. */
#ifndef TELEX_CLIENT_NEWLINES_H
#define TELEX_CLIENT_NEWLINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ut.h"
#include "core/profile.h"

/* Zeroed but for eol at first. */
struct newlines {
    enum eol eol;  /* what a newline becomes; EOL_UNSET: all stays as it is */
    bool after_cr; /* the last byte so far was a carriage return */
};

/*
 * Appends the next piece to out, each newline translated; with EOL_CRLF, one that has its
 * carriage return already stays as it is.
 */
void newlines_add(struct newlines *newlines, UT_string *out, const char *data, size_t size);

#endif
