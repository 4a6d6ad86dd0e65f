/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/tally.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void tally_begin(struct tally *tally)
{
    tally->operations = tally->bytes = tally->sent = tally->lost = 0;
    memset(&tally->latency, 0, sizeof tally->latency);
    memset(&tally->connect, 0, sizeof tally->connect);
}

void tally_error(struct tally *tally, const char *format, ...)
{
    if (tally->errors++ > 0)
        return;
    va_list arguments;
    va_start(arguments, format);
    tally->first_error = mem_vprintf(format, arguments);
    va_end(arguments);
}

void tally_mismatch(struct tally *tally, const char *format, ...)
{
    if (tally->mismatched++ > 0)
        return;
    va_list arguments;
    va_start(arguments, format);
    tally->first_mismatch = mem_vprintf(format, arguments);
    va_end(arguments);
}

void tally_finish(struct tally *tally)
{
    free(tally->first_error);
    free(tally->first_mismatch);
    tally->first_error = tally->first_mismatch = NULL;
}
