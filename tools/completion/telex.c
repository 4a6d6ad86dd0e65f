/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_settings.h"
#include "client/settings.h"
#include "completion/completion.h"
#include "fleet/fleet_settings.h"

static const struct completion attach = {
    .name = "attach",
    .options = attach_settings_options,
    .operands = {"[PATH]"},
};

static const struct completion fleet = {
    .name = "fleet",
    .options = fleet_settings_options,
    .operands = {"[CONTROL]"},
};

static const struct completion telex = {
    .name = "telex",
    .options = settings_options,
    .operands = {"ENDPOINT", "PORT"},
    .subs = {&attach, &fleet},
};

int main(int argc, char **argv)
{
    return completion_run(&telex, argc, argv);
}
