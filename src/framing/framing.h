/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one message of a stream is (telexd(8), framing=). Pure functions. */
#ifndef TELEX_FRAMING_FRAMING_H
#define TELEX_FRAMING_FRAMING_H

#include <stdbool.h>
#include <stddef.h>

enum framing { FRAMING_UNSET, FRAMING_RAW, FRAMING_LINE };

/* The most bytes of one message of a stream. */
enum { FRAMING_MESSAGE_MAX = 65536 };

/*
 * The length of the first message in the size bytes at data, or 0 where more bytes are needed
 * (never with size >= FRAMING_MESSAGE_MAX, nor at the end with size > 0). end says that no more
 * bytes come. *partial is set for a piece of a line without its newline.
 */
size_t framing_next(enum framing framing, const void *data, size_t size, bool end,
                    bool *partial);

bool framing_parse(const char *word, enum framing *framing, char **error);
const char *framing_name(enum framing framing);

#endif
