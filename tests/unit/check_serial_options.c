/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/serial_options.h"

#include "check_main.h"
#include "core/origin.h"

static struct origin *origin_with(const char *keys, char **error)
{
    struct endpoint endpoint;
    char *text = mem_printf("serial:/dev/ttyUSB0%s", keys);
    ck_assert(endpoint_parse(text, &endpoint, error));
    free(text);
    return origin_create(&endpoint, &serial_options_keys, error);
}

START_TEST(what_is_not_said_is_usual)
{
    char *error = NULL;
    struct origin *origin = origin_with("", &error);
    const struct serial_settings *settings = serial_options_of(origin);
    ck_assert_uint_eq(settings->mode.baud, 115200);
    ck_assert_uint_eq(settings->mode.data, 8);
    ck_assert_uint_eq(settings->mode.stop, 1);
    ck_assert_int_eq(settings->mode.parity, 'n');
    ck_assert_int_eq(settings->mode.flow, SERIAL_FLOW_NONE);
    ck_assert(!settings->mode.keeps);
    ck_assert_int_eq(settings->dtr, SERIAL_ON);
    ck_assert_int_eq(settings->rts, SERIAL_ON);
    ck_assert_str_eq(origin->text, "serial:/dev/ttyUSB0");
    origin_release(origin);
}
END_TEST

START_TEST(keys_say_the_rest)
{
    char *error = NULL;
    struct origin *origin =
        origin_with("?mode=7E2&baud=31250&flow=xonxoff&dtr=keep&rts=off", &error);
    const struct serial_settings *settings = serial_options_of(origin);
    ck_assert_uint_eq(settings->mode.baud, 31250);
    ck_assert_uint_eq(settings->mode.data, 7);
    ck_assert_uint_eq(settings->mode.stop, 2);
    ck_assert_int_eq(settings->mode.parity, 'e');
    ck_assert_int_eq(settings->mode.flow, SERIAL_FLOW_XONXOFF);
    ck_assert(settings->mode.keeps);
    ck_assert_int_eq(settings->dtr, SERIAL_KEEP);
    ck_assert_int_eq(settings->rts, SERIAL_OFF);
    ck_assert_str_eq(origin->text, "serial:/dev/ttyUSB0?baud=31250&mode=7E2&flow=xonxoff&"
                                   "dtr=keep&rts=off");
    origin_release(origin);
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
#define BAUD ": not bits a second, as in baud=9600"
#define MODE ": write data bits, parity (n, e, o) and stop bits, as in mode=8n1 or mode=7e2"
    static const struct {
        const char *keys, *error;
    } cases[] = {
        {"?baud=", "baud=" BAUD},
        {"?baud=0", "baud=0" BAUD},
        {"?baud=9600.5", "baud=9600.5" BAUD},
        {"?baud=99999999999", "baud=99999999999" BAUD},
        {"?mode=9n1", "mode=9n1" MODE},
        {"?mode=8x1", "mode=8x1" MODE},
        {"?mode=8n3", "mode=8n3" MODE},
        {"?mode=8n1 ", "mode=8n1 " MODE},
        {"?mode=8n", "mode=8n" MODE},
        {"?flow=hard", "unknown flow 'hard': use none, rtscts or xonxoff"},
        {"?dtr=1", "unknown dtr '1': use on, off or keep"},
        {"?rts=", "unknown rts '': use on, off or keep"},
        {"?speed=9600", "key 'speed' does not belong here: use one of reply, eol, framing, "
                        "view, name, fault, again, baud, mode, flow, dtr, rts"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *error = NULL;
        ck_assert_ptr_null(origin_with(cases[i].keys, &error));
        check_error(error, cases[i].error);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_is_not_said_is_usual, keys_say_the_rest,
                                  what_is_wrong_is_named, NULL};
    return check_run("serial_options", tests);
}
