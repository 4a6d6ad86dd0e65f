/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent.h"
#include "core/agents.h"
#include "core/hub.h"

/* From where it stands: a datagram leaves from the buffer that it came into. */
static void message(struct hub *hub, struct peer *peer, const struct message *message)
{
    hub_answer(hub, peer, message->data, message->size);
}

const struct agent agent_echo = {
    .name = "echo",
    .answers = true,
    .message = message,
};
