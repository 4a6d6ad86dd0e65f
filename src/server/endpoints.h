/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the text of an endpoint to a listener that listens, or what is to be called. */
#ifndef TELEX_SERVER_ENDPOINTS_H
#define TELEX_SERVER_ENDPOINTS_H

#include <stdbool.h>

#include "base/scheme.h"

struct listener;
struct origin;
struct resolved;
struct settings;
struct switchboard;

/* Whether its endpoints can be listened on; else they can be called only. */
bool endpoints_can_listen(enum scheme scheme);
/* A listener with its profile complete, not bound. NULL with *error (malloc'ed, a sentence). */
struct listener *endpoints_listener(const struct settings *settings, const char *text,
                                    char **error);
/* The same of a call. */
struct origin *endpoints_origin(const struct settings *settings, const char *text,
                                char **error);
/*
 * Reads the files that either names: see transport_load. *error: "endpoint tls://[::]:9998:
 * cannot read x.pem: No such file or directory".
 */
bool endpoints_load(const struct settings *settings, struct origin *origin,
                    const struct origin *before, char **error);
/*
 * Binds it. host: the addresses of its host, or NULL: they are looked up now, which may block.
 * *error: "cannot listen on tcp://[::]:80: Permission denied".
 */
bool endpoints_bind(struct switchboard *board, struct listener *listener,
                    const struct resolved *host, char **error);
/* It listens on fd, which is bound already and taken over. *error as above. */
bool endpoints_adopt(struct switchboard *board, struct listener *listener, int fd,
                     char **error);

#endif
