/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Serves one page over HTTP/1. One request a connection, a few connections at a time, each with
 * a deadline; more wait with the kernel. When all places are taken, those go first who have not
 * sent a whole request soon after they came, so that nobody waits for half ones.
 */
#ifndef TELEX_SERVER_HTTP_H
#define TELEX_SERVER_HTTP_H

#include <stddef.h>

#include "base/ut.h"

struct http;
struct streams;

struct http_page {
    const char *path;
    const char *type; /* of its content */
    void (*write)(void *context, UT_string *out);
    void *context;
};

/* Takes over the bound sockets. page is borrowed. NULL with errno where it cannot listen: then
 * they are closed. */
struct http *http_create(struct streams *streams, const int *fds, size_t count,
                         const struct http_page *page);
/* Ends all connections. NULL is fine. */
void http_destroy(struct http *http);

#endif
