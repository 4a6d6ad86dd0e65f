/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/charset.h"
#include "base/log.h"
#include "fleet/connector.h"
#include "fleet/fleet_settings.h"

int main(int argc, char **argv)
{
    struct fleet_settings settings;
    int status;
    charset_init();
    log_init("telex-fleet");
    if (fleet_settings_read(&settings, argc, argv, &status))
        status = connector_run(&settings);
    fleet_settings_finish(&settings);
    return status;
}
