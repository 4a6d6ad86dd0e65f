/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent.h"
#include "core/agents.h"

const struct agent agent_none = {
    .name = "none", .half_close = 5000000, /* time for an operator to answer */
};
