/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/hub_event.h"

const char *hub_event_name(enum hub_event_type type)
{
    static const char *const names[HUB_EVENT_TYPES] = {
#define HUB_EVENT_NAME(type, name) [HUB_##type] = name,
        HUB_EVENTS(HUB_EVENT_NAME)
#undef HUB_EVENT_NAME
    };
    return names[type];
}

const char *refusal_name(enum refusal why)
{
    static const char *const names[REFUSALS] = {
        [REFUSED_ACCESS] = "access",
        [REFUSED_LIMIT] = "limit",
        [REFUSED_PROXY] = "proxy",
        [REFUSED_HANDSHAKE] = "handshake",
    };
    return names[why];
}

const char *console_state_name(enum console_state state)
{
    static const char *const names[CONSOLE_STATES] = {
        [CONSOLE_ATTACHED] = "attached",
        [CONSOLE_LEFT] = "left",
        [CONSOLE_SAYS] = "say",
    };
    return names[state];
}
