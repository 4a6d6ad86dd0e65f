/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/follow_greeting.h"

#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "client/fields.h"
#include "client/follow.h"

bool follow_greeting_check(const json_t *event, const char *name, char **error)
{
    uint64_t protocol = 0;
    const char *refused = fields_string(event, "error");
    if (name && strcmp(name, "error") == 0 && refused) {
        *error = escape_string(refused);
        return false;
    }
    if (!name || strcmp(name, "hello") != 0 || !fields_unsigned(event, "protocol", &protocol)) {
        *error = mem_strdup("what answers there is no telexd");
        return false;
    }
    if (protocol == FOLLOW_PROTOCOL)
        return true;
    *error = mem_printf("telexd speaks protocol %" JSON_INTEGER_FORMAT
                        ", and this telex only protocol %d",
                        (json_int_t)protocol, FOLLOW_PROTOCOL);
    return false;
}

bool follow_check_greeting(const char *line, size_t size, char **error)
{
    json_t *event = json_loadb(line, size, 0, NULL);
    const bool good = follow_greeting_check(event, fields_string(event, "event"), error);
    json_decref(event);
    return good;
}
