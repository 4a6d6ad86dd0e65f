/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/charset.h"
#include "base/log.h"
#include "client/attach_settings.h"

int main(int argc, char **argv)
{
    struct attach_settings settings;
    int status;
    charset_init();
    log_init("telex");
    if (attach_settings_read(&settings, argc, argv, &status)) {
        log_error("no fleet can be attached to yet");
        status = EXIT_FAILURE;
    }
    attach_settings_finish(&settings);
    return status;
}
