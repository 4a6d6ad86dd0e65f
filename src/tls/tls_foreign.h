/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A far end that speaks no TLS: seen by what it begins with, so that no SSL has to look at it.
 */
#ifndef TELEX_TLS_TLS_FOREIGN_H
#define TELEX_TLS_TLS_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

enum { TLS_FOREIGN_ALERT = 7 /* bytes */ };

/* What it is told: a record of another kind was not expected, RFC 8446 sections 5 and 6. */
extern const char tls_foreign_alert[TLS_FOREIGN_ALERT];

/* Whether what a far end begins with, a byte or more, is no record that begins a handshake, or
 * says why there is none. calls: we do, and the hello is ours to say. */
bool tls_foreign_is(const char *said, size_t size, bool calls);
/* A sentence that says what came instead, escaped; malloc'ed. */
char *tls_foreign_why(const char *said, size_t size);

#endif
