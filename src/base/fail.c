/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/fail.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/escape.h"

bool fail_with(char **error, const char *format, ...)
{
    const char *place = strstr(format, "%s");
    assert(place && memchr(format, '%', (size_t)(place - format)) == NULL);
    UT_string text;
    va_list arguments;
    utstring_init(&text);
    utstring_bincpy(&text, format, (size_t)(place - format));
    va_start(arguments, format);
    const char *outside = va_arg(arguments, const char *);
    escape_bytes(&text, outside, strlen(outside));
    utstring_printf_va(&text, place + strlen("%s"), arguments);
    va_end(arguments);
    *error = utstring_body(&text);
    return false;
}

bool fail_about(char **error, const char *what, const char *outside)
{
    char *shown = escape_string(outside);
    char *reason = *error;
    *error = mem_printf("%s %s: %s", what, shown, reason);
    free(reason);
    free(shown);
    return false;
}
