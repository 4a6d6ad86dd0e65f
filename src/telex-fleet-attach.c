/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/charset.h"
#include "base/log.h"
#include "client/attach_settings.h"
#include "fleet/fleet_attach.h"
#include "fleet/fleet_relay.h"

int main(int argc, char **argv)
{
    struct attach_settings settings;
    int status;
    charset_init();
    log_init("telex");
    if (attach_settings_read(&settings, argc, argv, &status))
        status = settings.json ? fleet_relay_run(&settings) : fleet_attach_run(&settings);
    attach_settings_finish(&settings);
    return status;
}
