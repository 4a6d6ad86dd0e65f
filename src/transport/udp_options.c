/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_options.h"

#include <net/if.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/mem.h"
#include "base/number.h"
#include "core/origin.h"

static void *create(void)
{
    struct udp_options *options = mem_alloc(sizeof *options);
    *options = (struct udp_options){.ttl = -1, .loop = -1};
    CAST_INIT(udp_options, options);
    return options;
}

static void destroy(void *context)
{
    struct udp_options *options = CAST(udp_options, context);
    free(options->from);
    free(options->interface);
    free(options);
}

static bool take_from(void *context, const char *value, char **error)
{
    struct udp_options *options = CAST(udp_options, context);
    (void)error;
    free(options->from);
    options->from = mem_strdup(value);
    return true;
}

static bool take_interface(void *context, const char *value, char **error)
{
    struct udp_options *options = CAST(udp_options, context);
    size_t length = strlen(value);
    if (length == 0 || length >= IF_NAMESIZE || strpbrk(value, "/ "))
        return fail_with(error, "interface=%s: not an interface, as in interface=eth0", value);
    free(options->interface);
    options->interface = mem_strdup(value);
    return true;
}

static bool take_ttl(void *context, const char *value, char **error)
{
    struct udp_options *options = CAST(udp_options, context);
    uint64_t ttl;
    if (!number_parse(value, UINT8_MAX, &ttl))
        return fail_with(error, "ttl=%s: not a number from 0 to 255", value);
    options->ttl = (int)ttl;
    return true;
}

static bool take_loop(void *context, const char *value, char **error)
{
    bool loops;
    const bool taken = key_take_flag(&loops, "loop", value, error);
    CAST(udp_options, context)->loop = loops;
    return taken;
}

static const struct key keys[] = {
    {"from", KEY_CALL, "LISTENER", take_from, NULL, KEY_LIVE},
    {"interface", KEY_EITHER, "NAME", take_interface, NULL, KEY_PLACE},
    {"ttl", KEY_CALL, "HOPS", take_ttl, NULL, KEY_LIVE},
    {"loop", KEY_CALL, "no|yes", take_loop, NULL, KEY_LIVE},
};

const struct key_set udp_options_keys = {
    .keys = keys, .count = sizeof keys / sizeof *keys, .create = create, .destroy = destroy};

const struct udp_options *udp_options_of(const struct origin *origin)
{
    return CAST(udp_options, origin->options);
}
