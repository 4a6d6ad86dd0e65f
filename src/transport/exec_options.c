/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/exec_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/mem.h"
#include "core/origin.h"

static void *create(void)
{
    struct exec_options *options = mem_zalloc(sizeof *options);
    CAST_INIT(exec_options, options);
    return options;
}

static bool take_pty(void *context, const char *value, char **error)
{
    struct exec_options *options = CAST(exec_options, context);
    options->size = (struct pty_size){.columns = 80, .rows = 24};
    options->on_pty = strcmp(value, "no") != 0;
    return !options->on_pty || strcmp(value, "yes") == 0 ||
           pty_size_parse(value, &options->size) ||
           fail_with(error, "pty=%s is no size like 80x24: use no, yes or COLUMNSxROWS", value);
}

static const struct key keys[] = {
    {"pty", KEY_CALL, "no|yes|COLUMNSxROWS", take_pty, NULL, KEY_SETTLED},
};

const struct key_set exec_options_keys = {
    .keys = keys, .count = sizeof keys / sizeof *keys, .create = create, .destroy = free};

const struct exec_options *exec_options_of(const struct origin *origin)
{
    return CAST(exec_options, origin->options);
}
