/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/profile.h"

#include <string.h>

#include "base/endpoint.h"
#include "base/mem.h"
#include "check_main.h"
#include "core/responder.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct endpoint endpoint;
static struct profile profile;

static void setup(void)
{
    endpoint = (struct endpoint){0};
    profile = (struct profile){0};
}

static void teardown(void)
{
    endpoint_finish(&endpoint);
    profile_finish(&profile);
}

/* Reads text into profile; NULL or the error. */
static char *read_profile(const char *text, enum profile_use use)
{
    char *error = NULL;
    teardown();
    ck_assert_msg(endpoint_parse(text, &endpoint, &error), "%s", error);
    bool good = profile_init(&profile, &endpoint, use, &error);
    ck_assert_msg(good == !error, "%s: an error and a profile, or neither", text);
    return error;
}

static void read_good(const char *text, enum profile_use use)
{
    char *error = read_profile(text, use);
    ck_assert_msg(!error, "%s: %s", text, error);
}

/* --- keys --- */

START_TEST(nothing_is_set_without_keys)
{
    static const char *const endpoints[] = {"tcp://h:1", "udp://h:1", "unix:/run/x"};
    for (size_t i = 0; i < COUNT(endpoints); i++) {
        for (enum profile_use use = PROFILE_LISTEN; use <= PROFILE_CALL; use++) {
            read_good(endpoints[i], use);
            ck_assert_ptr_null(profile.reply);
            ck_assert_int_eq(profile.eol, EOL_UNSET);
            ck_assert_int_eq(profile.framing, FRAMING_UNSET);
            ck_assert_int_lt(profile.half_close, 0);
            ck_assert_uint_eq(profile.mode, 0);
            ck_assert_ptr_null(profile.name);
            ck_assert_ptr_null(profile.from);
            ck_assert_ptr_null(profile.interface);
            ck_assert_int_lt(profile.ttl, 0);
            ck_assert_int_lt(profile.loop, 0);
        }
    }
}
END_TEST

START_TEST(reads_every_key)
{
    read_good("tcp://h:1?reply=echo&eol=crlf&framing=line&name=boiler&half-close=2.5",
              PROFILE_LISTEN);
    ck_assert_ptr_eq(profile.reply, &responder_echo);
    ck_assert_int_eq(profile.eol, EOL_CRLF);
    ck_assert_int_eq(profile.framing, FRAMING_LINE);
    ck_assert_str_eq(profile.name, "boiler");
    ck_assert_int_eq(profile.half_close, 2500000);
    read_good("unix:/run/x?mode=0660&half-close=0&framing=raw&eol=nul&reply=none",
              PROFILE_LISTEN);
    ck_assert_uint_eq(profile.mode, 0660);
    ck_assert_int_eq(profile.half_close, 0);
    ck_assert_int_eq(profile.framing, FRAMING_RAW);
    ck_assert_int_eq(profile.eol, EOL_NUL);
    ck_assert_ptr_eq(profile.reply, &responder_none);
    read_good("udp://h:1?from=2&reply=stamp&eol=lf&name=x", PROFILE_CALL);
    ck_assert_str_eq(profile.from, "2");
    ck_assert_ptr_eq(profile.reply, &responder_stamp);
    ck_assert_int_eq(profile.eol, EOL_LF);
    ck_assert_str_eq(profile.name, "x");
    read_good("udp://h:1?interface=br-0123456789ab&ttl=255&loop=no", PROFILE_CALL);
    ck_assert_str_eq(profile.interface, "br-0123456789ab");
    ck_assert_int_eq(profile.ttl, 255);
    ck_assert_int_eq(profile.loop, 0);
    read_good("udp://h:1?ttl=0&loop=yes", PROFILE_CALL);
    ck_assert_int_eq(profile.ttl, 0);
    ck_assert_int_eq(profile.loop, 1);
}
END_TEST

START_TEST(values_are_decoded)
{
    read_good("tcp://h:1?name=%62oiler", PROFILE_LISTEN);
    ck_assert_str_eq(profile.name, "boiler");
}
END_TEST

#define LISTENS_ON_STREAM "reply, eol, framing, name, half-close"
#define LISTENS_ON_UDP "reply, eol, name, interface"
#define LISTENS_ON_UNIX "reply, eol, framing, name, half-close, mode"
#define CALLS_STREAM "reply, eol, framing, name, half-close"
#define CALLS_UDP "reply, eol, name, from, interface, ttl, loop"

START_TEST(each_key_has_its_place)
{
    static const struct {
        const char *endpoint;
        enum profile_use use;
        const char *key, *known;
    } cases[] = {
        {"tcp://h:1?mode=0660", PROFILE_LISTEN, "mode", LISTENS_ON_STREAM},
        {"tcp://h:1?from=1", PROFILE_LISTEN, "from", LISTENS_ON_STREAM},
        {"tcp://h:1?mode=0660", PROFILE_CALL, "mode", CALLS_STREAM},
        {"tcp://h:1?from=1", PROFILE_CALL, "from", CALLS_STREAM},
        {"udp://h:1?framing=line", PROFILE_LISTEN, "framing", LISTENS_ON_UDP},
        {"udp://h:1?half-close=1", PROFILE_LISTEN, "half-close", LISTENS_ON_UDP},
        {"udp://h:1?mode=0660", PROFILE_LISTEN, "mode", LISTENS_ON_UDP},
        {"udp://h:1?from=1", PROFILE_LISTEN, "from", LISTENS_ON_UDP},
        {"udp://h:1?framing=line", PROFILE_CALL, "framing", CALLS_UDP},
        {"udp://h:1?half-close=1", PROFILE_CALL, "half-close", CALLS_UDP},
        {"udp://h:1?mode=0660", PROFILE_CALL, "mode", CALLS_UDP},
        {"unix:/x?from=1", PROFILE_LISTEN, "from", LISTENS_ON_UNIX},
        {"unix:/x?mode=0660", PROFILE_CALL, "mode", CALLS_STREAM},
        {"unix:/x?from=1", PROFILE_CALL, "from", CALLS_STREAM},
        {"unix:@x?mode=0660", PROFILE_LISTEN, "mode", LISTENS_ON_STREAM},
        {"udp://h:1?ttl=1", PROFILE_LISTEN, "ttl", LISTENS_ON_UDP},
        {"udp://h:1?loop=no", PROFILE_LISTEN, "loop", LISTENS_ON_UDP},
        {"tcp://h:1?interface=lo", PROFILE_LISTEN, "interface", LISTENS_ON_STREAM},
        {"tcp://h:1?ttl=1", PROFILE_CALL, "ttl", CALLS_STREAM},
        {"tcp://h:1?speed=1", PROFILE_LISTEN, "speed", LISTENS_ON_STREAM},
        {"tcp://h:1?Reply=echo", PROFILE_LISTEN, "Reply", LISTENS_ON_STREAM},
        {"tcp://h:1?repl=echo", PROFILE_LISTEN, "repl", LISTENS_ON_STREAM},
        {"tcp://h:1?\x1b[H=1", PROFILE_LISTEN, "\\x1b[H", LISTENS_ON_STREAM},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *expected = mem_printf("key '%s' does not belong here: use one of %s",
                                    cases[i].key, cases[i].known);
        check_error(read_profile(cases[i].endpoint, cases[i].use), expected);
        free(expected);
    }
}
END_TEST

START_TEST(a_wrong_value_is_named)
{
    static const struct {
        const char *endpoint, *error;
    } cases[] = {
        {"tcp://h:1?reply=ecco", "unknown reply 'ecco': use one of none, echo, stamp"},
        {"tcp://h:1?reply=", "unknown reply '': use one of none, echo, stamp"},
        {"tcp://h:1?eol=cr", "unknown eol 'cr': use none, lf, crlf or nul"},
        {"tcp://h:1?eol=LF", "unknown eol 'LF': use none, lf, crlf or nul"},
        {"tcp://h:1?framing=lines", "unknown framing 'lines': use raw or line"},
        {"tcp://h:1?name=",
         "'' is not a name: a letter, then at most 31 letters, digits, _ or -"},
        {"tcp://h:1?name=1st",
         "'1st' is not a name: a letter, then at most 31 letters, digits, _ or -"},
        {"tcp://h:1?name=a%0ab",
         "'a\\nb' is not a name: a letter, then at most 31 letters, digits, _ or -"},
        {"tcp://h:1?half-close=", "half-close=: not a number of seconds"},
        {"tcp://h:1?half-close=-1", "half-close=-1: not a number of seconds"},
        {"tcp://h:1?half-close=5s", "half-close=5s: not a number of seconds"},
        {"tcp://h:1?half-close=%1b", "half-close=\\x1b: not a number of seconds"},
        {"unix:/x?mode=", "mode=: not octal permissions, as in mode=0660"},
        {"unix:/x?mode=0", "mode=0: not octal permissions, as in mode=0660"},
        {"unix:/x?mode=0888", "mode=0888: not octal permissions, as in mode=0660"},
        {"unix:/x?mode=01777", "mode=01777: not octal permissions, as in mode=0660"},
        {"unix:/x?mode=rw%1b", "mode=rw\\x1b: not octal permissions, as in mode=0660"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_error(read_profile(cases[i].endpoint, PROFILE_LISTEN), cases[i].error);
}
END_TEST

START_TEST(a_wrong_value_of_a_udp_call_too)
{
    static const struct {
        const char *endpoint, *error;
    } cases[] = {
        {"udp://h:1?interface=", "interface=: not an interface, as in interface=eth0"},
        {"udp://h:1?interface=a%20b", "interface=a b: not an interface, as in interface=eth0"},
        {"udp://h:1?interface=sixteen-letters-",
         "interface=sixteen-letters-: not an interface, as in interface=eth0"},
        {"udp://h:1?ttl=256", "ttl=256: not a number from 0 to 255"},
        {"udp://h:1?ttl=%1b", "ttl=\\x1b: not a number from 0 to 255"},
        {"udp://h:1?loop=maybe", "loop=maybe: use no or yes"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_error(read_profile(cases[i].endpoint, PROFILE_CALL), cases[i].error);
}
END_TEST

START_TEST(a_failure_leaves_nothing_behind)
{
    char *error = read_profile("udp://h:1?name=a&from=b&reply=echo&eol=x", PROFILE_CALL);
    check_error(error, "unknown eol 'x': use none, lf, crlf or nul");
    ck_assert_ptr_null(profile.name);
    ck_assert_ptr_null(profile.from);
    ck_assert_ptr_null(profile.reply);
}
END_TEST

START_TEST(the_first_fault_is_told)
{
    check_error(read_profile("tcp://h:1?eol=x&reply=y&speed=1", PROFILE_LISTEN),
                "unknown eol 'x': use none, lf, crlf or nul");
    check_error(read_profile("tcp://h:1?speed=1&eol=x", PROFILE_LISTEN),
                "key 'speed' does not belong here: use one of " LISTENS_ON_STREAM);
}
END_TEST

/* --- defaults --- */

START_TEST(what_suits_the_endpoint_fills_in)
{
    static const struct {
        const char *endpoint;
        enum profile_use use;
        const struct responder *reply;
        enum eol eol;
    } cases[] = {
        {"tcp://h:1", PROFILE_LISTEN, &responder_none, EOL_LF},
        {"unix:/x", PROFILE_LISTEN, &responder_none, EOL_LF},
        {"udp://h:1", PROFILE_LISTEN, &responder_stamp, EOL_NONE},
        {"tcp://h:1", PROFILE_CALL, &responder_none, EOL_LF},
        {"unix:/x", PROFILE_CALL, &responder_none, EOL_LF},
        {"udp://h:1", PROFILE_CALL, &responder_none, EOL_NONE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        read_good(cases[i].endpoint, cases[i].use);
        profile_default(&profile, &endpoint, cases[i].use, NULL, EOL_UNSET, -1);
        ck_assert_ptr_eq(profile.reply, cases[i].reply);
        ck_assert_int_eq(profile.eol, cases[i].eol);
        ck_assert_int_eq(profile.framing, FRAMING_RAW);
        ck_assert_int_lt(profile.half_close, 0); /* decided when it happens */
        ck_assert_uint_eq(profile.mode, 0);
    }
}
END_TEST

START_TEST(options_of_the_program_come_before_it)
{
    static const char *const endpoints[] = {"tcp://h:1", "udp://h:1", "unix:/x"};
    for (size_t i = 0; i < COUNT(endpoints); i++) {
        read_good(endpoints[i], PROFILE_LISTEN);
        profile_default(&profile, &endpoint, PROFILE_LISTEN, &responder_echo, EOL_CRLF,
                        1500000);
        ck_assert_ptr_eq(profile.reply, &responder_echo);
        ck_assert_int_eq(profile.eol, EOL_CRLF);
        ck_assert_int_eq(profile.half_close, 1500000);
    }
}
END_TEST

START_TEST(a_call_takes_no_reply_from_the_options)
{
    static const char *const endpoints[] = {"tcp://h:1", "udp://h:1", "unix:/x"};
    for (size_t i = 0; i < COUNT(endpoints); i++) {
        read_good(endpoints[i], PROFILE_CALL);
        profile_default(&profile, &endpoint, PROFILE_CALL, &responder_echo, EOL_CRLF, 0);
        ck_assert_ptr_eq(profile.reply, &responder_none);
        ck_assert_int_eq(profile.eol, EOL_CRLF);
        ck_assert_int_eq(profile.half_close, 0);
    }
}
END_TEST

START_TEST(keys_come_before_all)
{
    for (enum profile_use use = PROFILE_LISTEN; use <= PROFILE_CALL; use++) {
        read_good("tcp://h:1?reply=stamp&eol=none&framing=line&half-close=0", use);
        profile_default(&profile, &endpoint, use, &responder_echo, EOL_CRLF, 1500000);
        ck_assert_ptr_eq(profile.reply, &responder_stamp);
        ck_assert_int_eq(profile.eol, EOL_NONE);
        ck_assert_int_eq(profile.framing, FRAMING_LINE);
        ck_assert_int_eq(profile.half_close, 0);
    }
    read_good("udp://h:1?reply=none&eol=lf", PROFILE_LISTEN);
    profile_default(&profile, &endpoint, PROFILE_LISTEN, NULL, EOL_UNSET, -1);
    ck_assert_ptr_eq(profile.reply, &responder_none);
    ck_assert_int_eq(profile.eol, EOL_LF);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nothing_is_set_without_keys,
                                  reads_every_key,
                                  values_are_decoded,
                                  each_key_has_its_place,
                                  a_wrong_value_is_named,
                                  a_wrong_value_of_a_udp_call_too,
                                  a_failure_leaves_nothing_behind,
                                  the_first_fault_is_told,
                                  what_suits_the_endpoint_fills_in,
                                  options_of_the_program_come_before_it,
                                  a_call_takes_no_reply_from_the_options,
                                  keys_come_before_all,
                                  NULL};
    return check_run_with("profile", setup, teardown, tests);
}
