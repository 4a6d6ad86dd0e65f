/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "telex-bench/run.h"

bool client_call(struct client *client)
{
    const int fd = target_dial(&client->run->target);
    if (fd < 0)
        return false;
    client->source.fd = fd;
    if (wire_create(&client->run->wires, fd, &client->wire))
        return true;
    client_close(client);
    return false;
}

ssize_t client_send(struct client *client, const void *data, size_t size)
{
    return client->wire ? wire_send(client->wire, data, size)
                        : send(client->source.fd, data, size, MSG_NOSIGNAL);
}

ssize_t client_receive(struct client *client, void *buffer, size_t size)
{
    return client->wire ? wire_receive(client->wire, buffer, size)
                        : recv(client->source.fd, buffer, size, 0);
}

void client_close(struct client *client)
{
    const int reason = errno;
    if (client->wire)
        wire_destroy(client->wire);
    if (client->source.fd >= 0)
        close(client->source.fd);
    client->wire = NULL;
    client->source.fd = -1;
    errno = reason;
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
    if (client->wire && wire_why(client->wire))
        why = wire_why(client->wire);
    tally_error(&client->run->tally, "client %u: %s", client->number, why);
}

void client_fail(struct client *client)
{
    client_count_error(client);
    client_end(client);
}
