/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/charset.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static bool charset_said; /* by the environment, to be UTF-8 */

void charset_init(void)
{
    charset_said = setlocale(LC_CTYPE, "") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    if (charset_said)
        return;
    setenv("LC_ALL", "C.UTF-8", 1);
    setlocale(LC_CTYPE, "C.UTF-8");
}

bool charset_utf8(void)
{
    return charset_said;
}
