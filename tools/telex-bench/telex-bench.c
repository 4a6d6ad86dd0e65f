/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"
#include "telex-bench/run.h"
#include "telex-bench/settings.h"

int main(int argc, char **argv)
{
    struct settings settings;
    int status;
    log_init("telex-bench");
    if (settings_read(&settings, argc, argv, &status))
        status = run_all(&settings);
    settings_finish(&settings);
    return status;
}
