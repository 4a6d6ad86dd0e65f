/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The path of an endpoint on the web, as it stands in a request (RFC 9112 section 3.2.1), with
 * its query: "/chat?room=1". In an endpoint keys stand behind the "?", so that the query's own
 * is typed as "%3F".
 */
#ifndef TELEX_BASE_ENDPOINT_URL_H
#define TELEX_BASE_ENDPOINT_URL_H

#include "base/ut.h"

enum { ENDPOINT_URL_MAX = 2000 /* bytes of it */ };

/* What an endpoint keeps (malloc'ed) of text, which begins with "/". What cannot stand in a
 * request stands there as %XX. NULL with *error (malloc'ed). */
char *endpoint_url_parse(const char *text, char **error);
/* Appends it such that it can be typed back. */
void endpoint_url_print(UT_string *out, const char *path);

#endif
