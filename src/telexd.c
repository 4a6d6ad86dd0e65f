/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>

#include "base/charset.h"
#include "base/log.h"
#include "loop/signals.h"
#include "server/check.h"
#include "server/daemon.h"
#include "server/settings.h"

int main(int argc, char **argv)
{
    struct settings settings;
    int status;
    /* Whoever asks for its file to be read again must not end it while it starts, or ends. */
    signals_hold(SIGHUP, true);
    charset_init();
    log_init("telexd");
    if (settings_read(&settings, argc, argv, &status))
        status = settings.check ? check_run(&settings) : daemon_run(&settings);
    settings_finish(&settings);
    return status;
}
