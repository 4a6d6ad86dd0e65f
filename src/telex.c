/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/charset.h"
#include "base/log.h"
#include "client/attach_home.h"
#include "client/attach_settings.h"
#include "client/client.h"
#include "client/companion.h"
#include "client/relay.h"
#include "client/settings.h"

static int call(int argc, char **argv)
{
    struct settings settings;
    int status;
    if (settings_read(&settings, argc, argv, &status))
        status = client_run(&settings);
    settings_finish(&settings);
    return status;
}

static int fleet(char **argv)
{
    return companion_run("telex-fleet", "telex-fleet", argv);
}

static int attach_to(const struct attach_settings *settings, char **argv)
{
    if (settings->nats.url)
        return companion_run("telex-fleet-attach", "telex-fleet", argv);
    return settings->json ? relay_run(settings) : attach_home_run(settings);
}

static int attach(int argc, char **argv)
{
    struct attach_settings settings;
    int status;
    if (attach_settings_read(&settings, argc, argv, &status))
        status = attach_to(&settings, argv);
    attach_settings_finish(&settings);
    return status;
}

int main(int argc, char **argv)
{
    charset_init();
    log_init("telex");
    if (argc > 1 && strcmp(argv[1], "attach") == 0)
        return attach(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "fleet") == 0)
        return fleet(argv + 1);
    return call(argc, argv);
}
