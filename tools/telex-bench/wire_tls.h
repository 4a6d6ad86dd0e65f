/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLS for wire.c, by OpenSSL. In a build without it there can be no context. */
#ifndef TELEX_BENCH_WIRE_TLS_H
#define TELEX_BENCH_WIRE_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct wire_tls;
struct wire_tls_context;

/* NULL with *error (malloc'ed). */
struct wire_tls_context *wire_tls_context(char **error);
void wire_tls_context_destroy(struct wire_tls_context *context);

/* NULL: errno. */
struct wire_tls *wire_tls_create(struct wire_tls_context *context, int fd);
void wire_tls_destroy(struct wire_tls *tls);

/* See wire.h. */
int wire_tls_greet(struct wire_tls *tls);
ssize_t wire_tls_send(struct wire_tls *tls, const void *data, size_t size);
ssize_t wire_tls_receive(struct wire_tls *tls, void *buffer, size_t size);
bool wire_tls_has_more(const struct wire_tls *tls);
const char *wire_tls_why(const struct wire_tls *tls);

#endif
