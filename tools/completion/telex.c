/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_settings.h"
#include "client/settings.h"
#include "completion/completion.h"

static const struct completion attach = {
    .name = "attach",
    .options = attach_settings_options,
    .operands = {"[PATH]"},
};

static const struct completion telex = {
    .name = "telex",
    .options = settings_options,
    .operands = {"ENDPOINT", "PORT"},
    .sub = &attach,
};

int main(int argc, char **argv)
{
    return completion_run(&telex, argc, argv);
}
