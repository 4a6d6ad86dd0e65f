/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/control_spec.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/endpoint.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/unix_address.h"
#include "console/control_place.h"

static bool control_spec_default(struct control_spec *spec, char **error)
{
    spec->path = control_place_own(geteuid());
    if (strlen(spec->path) <= ENDPOINT_PATH_MAX)
        return true;
    return fail_with(error, "'%s' is too long for a unix socket: say which PATH", spec->path);
}

static bool control_spec_key(struct control_spec *spec, const char *key, const char *value,
                             char **error)
{
    if (strcmp(key, "access") == 0) {
        spec->read_only = strcmp(value, "read") == 0;
        return spec->read_only || strcmp(value, "write") == 0 ||
               fail_with(error, "access=%s: use read or write", value);
    }
    if (strcmp(key, "mode") == 0) {
        return (number_parse_mode(value, &spec->mode) && spec->mode != 0) ||
               fail_with(error, "mode=%s: not octal permissions, as in mode=0660", value);
    }
    return fail_with(error, "key '%s' does not belong here: use one of access, mode", key);
}

static bool take(struct control_spec *spec, struct endpoint *endpoint, bool without_path,
                 char **error)
{
    for (size_t i = 0; i < endpoint->key_count; i++)
        if (!control_spec_key(spec, endpoint->keys[i].key, endpoint->keys[i].value, error))
            return false;
    if (without_path)
        return control_spec_default(spec, error);
    if (unix_address_is_abstract(endpoint->path)) {
        *error = mem_strdup("a control socket is a file, whose permissions say who may attach: "
                            "an abstract one has none");
        return false;
    }
    spec->path = endpoint->path;
    endpoint->path = NULL;
    return true;
}

bool control_spec_parse(const char *text, struct control_spec *spec, char **error)
{
    struct endpoint endpoint = {0};
    *spec = (struct control_spec){0};
    if (strncasecmp(text, "unix:", 5) == 0)
        text += 5;
    /* What it has in common with a unix: endpoint is read as one. */
    bool without_path = *text == '\0' || *text == '?';
    char *whole = mem_printf("unix:%s%s", without_path ? "default" : "", text);
    bool good =
        endpoint_parse(whole, &endpoint, error) && take(spec, &endpoint, without_path, error);
    free(whole);
    endpoint_finish(&endpoint);
    if (!good)
        control_spec_finish(spec);
    return good;
}

void control_spec_finish(struct control_spec *spec)
{
    free(spec->path);
    *spec = (struct control_spec){0};
}
