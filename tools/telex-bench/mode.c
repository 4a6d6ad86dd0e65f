/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/mode.h"

#include <string.h>

static const struct mode *const modes[] = {
#define MODE_LIST(name) &mode_##name,
    MODES(MODE_LIST)
#undef MODE_LIST
};

enum { MODE_COUNT = sizeof modes / sizeof *modes };

const struct mode *mode_find(const char *name, bool datagrams)
{
    for (size_t i = 0; i < MODE_COUNT; i++) {
        if (modes[i]->datagrams == datagrams && strcmp(modes[i]->name, name) == 0)
            return modes[i];
    }
    return NULL;
}

bool mode_exists(const char *name)
{
    return mode_find(name, false) || mode_find(name, true);
}
