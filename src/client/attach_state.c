/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_state.h"

#include <stdlib.h>

#include "console/local.h"

struct console *attach_state_console(struct attach *attach)
{
    return local_base(attach->local);
}

void attach_state_leave(struct attach *attach, int status)
{
    attach->status = status;
    loop_stop(&attach->loop);
}

int attach_state_verdict(const struct attach *attach)
{
    return attach->unanswered || attach->undone ? EXIT_FAILURE : EXIT_SUCCESS;
}
