/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/modem.h"

const struct modem_name modem_names[MODEM_LINES] = {
    {MODEM_DTR, "dtr", "DTR"}, {MODEM_RTS, "rts", "RTS"}, {MODEM_CTS, "cts", "CTS"},
    {MODEM_DSR, "dsr", "DSR"}, {MODEM_DCD, "dcd", "DCD"}, {MODEM_RI, "ri", "RI"},
};

void modem_print(UT_string *out, unsigned which, unsigned on)
{
    const char *between = "";
    for (unsigned i = 0; i < MODEM_LINES; i++) {
        const struct modem_name *name = &modem_names[i];
        if (!(which & name->line))
            continue;
        utstring_printf(out, "%s%s %s", between, name->label, on & name->line ? "on" : "off");
        between = ", ";
    }
}
