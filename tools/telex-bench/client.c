/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/client.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "telex-bench/run.h"

void client_close(struct client *client)
{
    if (client->source.fd >= 0)
        close(client->source.fd);
    client->source.fd = -1;
}

void client_end(struct client *client)
{
    if (client->dead)
        return;
    client->dead = true;
    client->run->alive--;
    client_close(client);
}

void client_count_error(struct client *client)
{
    const char *why = errno ? strerror(errno) : "the server closed the connection";
    tally_error(&client->run->tally, "client %u: %s", client->number, why);
}

void client_fail(struct client *client)
{
    client_count_error(client);
    client_end(client);
}
