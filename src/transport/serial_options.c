/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/serial_options.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/words.h"
#include "core/origin.h"

struct serial_options {
    CAST_MARK;
    struct serial_settings settings;
};

static void *create(void)
{
    struct serial_options *options = mem_alloc(sizeof *options);
    *options = (struct serial_options){
        .settings.mode = {.baud = 115200, .data = 8, .stop = 1, .parity = 'n'}};
    CAST_INIT(serial_options, options);
    return options;
}

static struct serial_settings *settings_of(void *context)
{
    return &CAST(serial_options, context)->settings;
}

/* Which of them can be had is the device's to say. */
static bool take_baud(void *context, const char *value, char **error)
{
    uint64_t baud;
    if (!number_parse(value, INT32_MAX, &baud) || baud == 0)
        return fail_with(error, "baud=%s: not bits a second, as in baud=9600", value);
    settings_of(context)->mode.baud = (uint32_t)baud;
    return true;
}

static bool take_mode(void *context, const char *value, char **error)
{
    struct serial_mode *mode = &settings_of(context)->mode;
    if (strlen(value) != 3 || !strchr("5678", value[0]) || !strchr("neoNEO", value[1]) ||
        !strchr("12", value[2]))
        return fail_with(error,
                         "mode=%s: write data bits, parity (n, e, o) and stop bits, as in "
                         "mode=8n1 or mode=7e2",
                         value);
    mode->data = (unsigned char)(value[0] - '0');
    mode->parity = (char)tolower((unsigned char)value[1]);
    mode->stop = (unsigned char)(value[2] - '0');
    return true;
}

static bool take_flow(void *context, const char *value, char **error)
{
    static const char *const words[] = {
        [SERIAL_FLOW_NONE] = "none",
        [SERIAL_FLOW_RTSCTS] = "rtscts",
        [SERIAL_FLOW_XONXOFF] = "xonxoff",
        NULL,
    };
    const int place = words_parse(words, "flow", value, error);
    if (place >= 0)
        settings_of(context)->mode.flow = (enum serial_flow)place;
    return place >= 0;
}

static bool take_level(enum serial_level *level, const char *name, const char *value,
                       char **error)
{
    static const char *const words[] = {
        [SERIAL_ON] = "on", [SERIAL_OFF] = "off", [SERIAL_KEEP] = "keep", NULL};
    const int place = words_parse(words, name, value, error);
    if (place >= 0)
        *level = (enum serial_level)place;
    return place >= 0;
}

static bool take_dtr(void *context, const char *value, char **error)
{
    struct serial_settings *settings = settings_of(context);
    const bool taken = take_level(&settings->dtr, "dtr", value, error);
    settings->mode.keeps = settings->dtr == SERIAL_KEEP;
    return taken;
}

static bool take_rts(void *context, const char *value, char **error)
{
    return take_level(&settings_of(context)->rts, "rts", value, error);
}

static const struct key keys[] = {
    {"baud", KEY_CALL, "BITS", take_baud, NULL, KEY_ROUTE},
    {"mode", KEY_CALL, "8n1", take_mode, NULL, KEY_ROUTE},
    {"flow", KEY_CALL, "none|rtscts|xonxoff", take_flow, NULL, KEY_ROUTE},
    {"dtr", KEY_CALL, "on|off|keep", take_dtr, NULL, KEY_ROUTE},
    {"rts", KEY_CALL, "on|off|keep", take_rts, NULL, KEY_ROUTE},
};

const struct key_set serial_options_keys = {
    .keys = keys, .count = sizeof keys / sizeof *keys, .create = create, .destroy = free};

const struct serial_settings *serial_options_of(const struct origin *origin)
{
    return &CAST(serial_options, origin->options)->settings;
}
