/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <stdlib.h>

#include "base/log.h"
#include "server/daemon.h"
#include "server/settings.h"

int main(int argc, char **argv)
{
    struct settings settings;
    int status;
    /* The line editor and the width of characters need UTF-8; C.UTF-8 is always there. */
    if (!setlocale(LC_CTYPE, "") || MB_CUR_MAX == 1)
        setlocale(LC_CTYPE, "C.UTF-8");
    log_init("telexd");
    if (settings_read(&settings, argc, argv, &status))
        status = daemon_run(&settings);
    settings_finish(&settings);
    return status;
}
