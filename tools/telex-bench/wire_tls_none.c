/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In a build without OpenSSL: without a context nothing else is called. */
#include <errno.h>

#include "base/mem.h"
#include "telex-bench/wire_tls.h"

struct wire_tls_context *wire_tls_context(char **error)
{
    *error = mem_strdup("telex-bench was built without TLS");
    return NULL;
}

void wire_tls_context_destroy(struct wire_tls_context *context)
{
    (void)context;
}

struct wire_tls *wire_tls_create(struct wire_tls_context *context, int fd)
{
    (void)context;
    (void)fd;
    errno = EPROTONOSUPPORT;
    return NULL;
}

void wire_tls_destroy(struct wire_tls *tls)
{
    (void)tls;
}

int wire_tls_greet(struct wire_tls *tls)
{
    (void)tls;
    return -1;
}

ssize_t wire_tls_send(struct wire_tls *tls, const void *data, size_t size)
{
    (void)tls;
    (void)data;
    (void)size;
    return -1;
}

ssize_t wire_tls_receive(struct wire_tls *tls, void *buffer, size_t size)
{
    (void)tls;
    (void)buffer;
    (void)size;
    return -1;
}

bool wire_tls_has_more(const struct wire_tls *tls)
{
    (void)tls;
    return false;
}

const char *wire_tls_why(const struct wire_tls *tls)
{
    (void)tls;
    return NULL;
}
