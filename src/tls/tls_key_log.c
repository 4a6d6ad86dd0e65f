/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_key_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "base/fail.h"
#include "tls/tls_parts.h"

bool tls_key_log_open(int *fd, char **error)
{
    const char *path = secure_getenv("SSLKEYLOGFILE");
    *fd = -1;
    if (!path || *path == '\0')
        return true;
    *fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
    return *fd >= 0 ||
           fail_with(error, "cannot write keys to %s, which SSLKEYLOGFILE names: %s", path,
                     strerror(errno));
}

/* A disk that does not take it is not worth a handshake. */
static void write_line(const SSL *ssl, const char *line)
{
    const struct tls_context *context =
        CAST(tls_context, SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    const struct iovec parts[] = {{(char *)line, strlen(line)}, {(char *)"\n", 1}};
    if (writev(context->key_log, parts, 2) < 0)
        return;
}

void tls_key_log_use(SSL_CTX *ctx)
{
    SSL_CTX_set_keylog_callback(ctx, write_line);
}
