/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/client.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "telex-bench/run.h"

void client_end(struct client *client)
{
    if (client->dead)
        return;
    client->dead = true;
    client->run->alive--;
    if (client->source.fd >= 0)
        close(client->source.fd);
    client->source.fd = -1;
}

void client_break(struct client *client, const char *why)
{
    struct tally *tally = &client->run->tally;
    if (tally->errors++ == 0)
        tally->first_error = mem_printf("client %u: %s", client->number, why);
    client_end(client);
}

void client_fail(struct client *client)
{
    client_break(client, strerror(errno));
}

void client_mismatch(struct client *client, const char *format, ...)
{
    struct tally *tally = &client->run->tally;
    if (tally->mismatched++ > 0)
        return;
    va_list arguments;
    va_start(arguments, format);
    char *what = mem_vprintf(format, arguments);
    va_end(arguments);
    tally->first_mismatch = mem_printf("client %u: %s", client->number, what);
    free(what);
}
