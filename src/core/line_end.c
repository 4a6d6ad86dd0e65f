/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/line_end.h"

const char *close_reason_name(enum close_reason reason)
{
    static const char *const names[CLOSE_REASONS] = {
        [CLOSE_EOF] = "eof",         [CLOSE_RESET] = "reset",
        [CLOSE_TIMEOUT] = "timeout", [CLOSE_OPERATOR] = "operator",
        [CLOSE_EVICTED] = "evicted", [CLOSE_SHUTDOWN] = "shutdown",
        [CLOSE_ERROR] = "error",
    };
    return names[reason];
}
