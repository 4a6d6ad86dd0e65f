/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/responder.h"

static void echo(const struct message *message, int64_t wall, UT_string *scratch,
                 const void **data, size_t *size)
{
    (void)wall;
    (void)scratch;
    *data = message->data;
    *size = message->size;
}

const struct responder responder_echo = {
    .name = "echo",
    .help = "sends each message back as it came",
    .reply = echo,
};
