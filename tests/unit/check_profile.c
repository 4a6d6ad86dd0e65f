/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/profile.h"

#include <string.h>

#include "base/endpoint.h"
#include "base/mem.h"
#include "check_main.h"
#include "core/agents.h"

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
static char *read_profile(const char *text, enum key_use use)
{
    char *error = NULL;
    teardown();
    ck_assert_msg(endpoint_parse(text, &endpoint, &error), "%s", error);
    const struct key_target target = {&profile_keys, &profile};
    profile_init(&profile);
    bool good = keys_read(&endpoint, use, &target, 1, &error);
    ck_assert_msg(good == !error, "%s: an error and a profile, or neither", text);
    return error;
}

static void read_good(const char *text, enum key_use use)
{
    char *error = read_profile(text, use);
    ck_assert_msg(!error, "%s: %s", text, error);
}

/* --- keys --- */

START_TEST(nothing_is_set_without_keys)
{
    static const char *const endpoints[] = {"tcp://h:1", "udp://h:1", "unix:/run/x"};
    for (size_t i = 0; i < COUNT(endpoints); i++) {
        for (enum key_use use = KEY_LISTEN; use <= KEY_CALL; use++) {
            read_good(endpoints[i], use);
            ck_assert_ptr_null(profile.reply);
            ck_assert_int_eq(profile.eol, EOL_UNSET);
            ck_assert_ptr_null(profile.framing.ops);
            ck_assert_int_lt(profile.half_close, 0);
            ck_assert_ptr_null(profile.name);
        }
    }
}
END_TEST

START_TEST(reads_every_key)
{
    read_good("tcp://h:1?reply=echo&eol=crlf&framing=line&name=boiler&half-close=2.5",
              KEY_LISTEN);
    ck_assert_ptr_eq(profile.reply, &agent_echo);
    ck_assert_int_eq(profile.eol, EOL_CRLF);
    ck_assert_str_eq(profile.framing.word, "line");
    ck_assert_str_eq(profile.name, "boiler");
    ck_assert_int_eq(profile.half_close, 2500000);
    read_good("unix:/run/x?half-close=0&framing=raw&eol=nul&reply=none", KEY_LISTEN);
    ck_assert_int_eq(profile.half_close, 0);
    ck_assert_str_eq(profile.framing.word, "raw");
    ck_assert_int_eq(profile.eol, EOL_NUL);
    ck_assert_ptr_eq(profile.reply, &agent_none);
    read_good("udp://h:1?reply=stamp&eol=lf&name=x", KEY_CALL);
    ck_assert_ptr_eq(profile.reply, &agent_stamp);
    ck_assert_int_eq(profile.eol, EOL_LF);
    ck_assert_str_eq(profile.name, "x");
}
END_TEST

START_TEST(values_are_decoded)
{
    read_good("tcp://h:1?name=%62oiler", KEY_LISTEN);
    ck_assert_str_eq(profile.name, "boiler");
}
END_TEST

#define ON_STREAM "reply, eol, framing, view, name, half-close, fault"
#define ON_UDP "reply, eol, view, name, fault"

START_TEST(each_key_has_its_place)
{
    static const struct {
        const char *endpoint, *key, *known;
    } cases[] = {
        {"udp://h:1?framing=line", "framing", ON_UDP},
        {"udp://h:1?half-close=1", "half-close", ON_UDP},
        {"unix:/x?speed=1", "speed", ON_STREAM},
        {"tcp://h:1?speed=1", "speed", ON_STREAM},
        {"tcp://h:1?Reply=echo", "Reply", ON_STREAM},
        {"tcp://h:1?repl=echo", "repl", ON_STREAM},
        {"tcp://h:1?\x1b[H=1", "\\x1b[H", ON_STREAM},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *expected = mem_printf("key '%s' does not belong here: use one of %s",
                                    cases[i].key, cases[i].known);
        char *of_listener = mem_printf("%s, to", expected);
        check_error(read_profile(cases[i].endpoint, KEY_LISTEN), of_listener);
        free(of_listener);
        char *of_call = mem_printf("%s, again", expected);
        check_error(read_profile(cases[i].endpoint, KEY_CALL), of_call);
        free(of_call);
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
        {"tcp://h:1?to=9boiler", "'9boiler' is not a name: a letter, then at most 31 letters, "
                                 "digits, _ or -"},
        {"tcp://h:1?reply=echo&to=boiler", "to=boiler: reply= cannot stand beside it"},
        {"tcp://h:1?reply=", "unknown reply '': use one of none, echo, stamp"},
        {"tcp://h:1?eol=cr", "unknown eol 'cr': use none, lf, crlf or nul"},
        {"tcp://h:1?eol=LF", "unknown eol 'LF': use none, lf, crlf or nul"},
        {"tcp://h:1?framing=lines",
         "unknown framing 'lines': use raw, line, nul, crlf, delimiter:HEX, fixed:N, "
         "length:TYPE[@OFFSET][+N or -N], octet, mllp, stx, slip, cobs, modbus or gap:MS"},
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
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_error(read_profile(cases[i].endpoint, KEY_LISTEN), cases[i].error);
}
END_TEST

START_TEST(a_call_may_be_made_again)
{
    static const char *const wrong[] = {"", "-1", "5s", "0.001"};
    read_good("tcp://h:1?again=2.5", KEY_CALL);
    ck_assert_int_eq(profile.again, 2500000);
    read_good("udp://h:1?again=0", KEY_CALL);
    ck_assert_int_eq(profile.again, 0);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        char *text = mem_printf("tcp://h:1?again=%s", wrong[i]);
        char *error =
            mem_printf("again=%s: not a number of seconds, of 0.01 at least", wrong[i]);
        check_error(read_profile(text, KEY_CALL), error);
        free(text);
        free(error);
    }
}
END_TEST

/* Help shows what may be chosen. */
START_TEST(all_that_help_offers_is_taken)
{
    for (size_t i = 0; i < profile_keys.count; i++) {
        const struct key *key = &profile_keys.keys[i];
        char *words = mem_strdup(key->values), *rest = words;
        while (strchr(key->values, '|') && rest) {
            char *word = strsep(&rest, "|");
            char *text = mem_printf("tcp://h:1?%s=%s", key->name, word);
            if (!strchr(word, ':')) /* check_framing knows those that need more */
                read_good(text, KEY_LISTEN);
            free(text);
        }
        free(words);
    }
    for (const char *const *each = agents_words; *each; each++)
        ck_assert_ptr_nonnull(strstr(profile_keys.keys[0].values, *each));
}
END_TEST

START_TEST(the_first_fault_is_told)
{
    check_error(read_profile("tcp://h:1?eol=x&reply=y&speed=1", KEY_LISTEN),
                "unknown eol 'x': use none, lf, crlf or nul");
    check_error(read_profile("tcp://h:1?speed=1&eol=x", KEY_LISTEN),
                "key 'speed' does not belong here: use one of " ON_STREAM ", to");
}
END_TEST

/* --- defaults --- */

START_TEST(what_suits_the_endpoint_fills_in)
{
    static const struct {
        const char *endpoint;
        enum key_use use;
        const struct agent *reply;
        enum eol eol;
    } cases[] = {
        {"tcp://h:1", KEY_LISTEN, &agent_none, EOL_LF},
        {"unix:/x", KEY_LISTEN, &agent_none, EOL_LF},
        {"udp://h:1", KEY_LISTEN, &agent_stamp, EOL_NONE},
        {"tcp://h:1", KEY_CALL, &agent_none, EOL_LF},
        {"unix:/x", KEY_CALL, &agent_none, EOL_LF},
        {"udp://h:1", KEY_CALL, &agent_none, EOL_NONE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        read_good(cases[i].endpoint, cases[i].use);
        profile_default(&profile, &endpoint, cases[i].use, NULL, EOL_UNSET, -1);
        ck_assert_ptr_eq(profile.reply, cases[i].reply);
        ck_assert_int_eq(profile.eol, cases[i].eol);
        ck_assert_str_eq(profile.framing.word, "raw");
        ck_assert_int_lt(profile.half_close, 0); /* decided when it happens */
    }
}
END_TEST

START_TEST(options_of_the_program_come_before_it)
{
    static const char *const endpoints[] = {"tcp://h:1", "udp://h:1", "unix:/x"};
    for (size_t i = 0; i < COUNT(endpoints); i++) {
        read_good(endpoints[i], KEY_LISTEN);
        profile_default(&profile, &endpoint, KEY_LISTEN, &agent_echo, EOL_CRLF, 1500000);
        ck_assert_ptr_eq(profile.reply, &agent_echo);
        ck_assert_int_eq(profile.eol, EOL_CRLF);
        ck_assert_int_eq(profile.half_close, 1500000);
    }
}
END_TEST

START_TEST(a_call_takes_no_reply_from_the_options)
{
    static const char *const endpoints[] = {"tcp://h:1", "udp://h:1", "unix:/x"};
    for (size_t i = 0; i < COUNT(endpoints); i++) {
        read_good(endpoints[i], KEY_CALL);
        profile_default(&profile, &endpoint, KEY_CALL, &agent_echo, EOL_CRLF, 0);
        ck_assert_ptr_eq(profile.reply, &agent_none);
        ck_assert_int_eq(profile.eol, EOL_CRLF);
        ck_assert_int_eq(profile.half_close, 0);
    }
}
END_TEST

START_TEST(keys_come_before_all)
{
    for (enum key_use use = KEY_LISTEN; use <= KEY_CALL; use++) {
        read_good("tcp://h:1?reply=stamp&eol=none&framing=line&half-close=0", use);
        profile_default(&profile, &endpoint, use, &agent_echo, EOL_CRLF, 1500000);
        ck_assert_ptr_eq(profile.reply, &agent_stamp);
        ck_assert_int_eq(profile.eol, EOL_NONE);
        ck_assert_str_eq(profile.framing.word, "line");
        ck_assert_int_eq(profile.half_close, 0);
    }
    read_good("udp://h:1?reply=none&eol=lf", KEY_LISTEN);
    profile_default(&profile, &endpoint, KEY_LISTEN, NULL, EOL_UNSET, -1);
    ck_assert_ptr_eq(profile.reply, &agent_none);
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
                                  a_call_may_be_made_again,
                                  all_that_help_offers_is_taken,
                                  the_first_fault_is_told,
                                  what_suits_the_endpoint_fills_in,
                                  options_of_the_program_come_before_it,
                                  a_call_takes_no_reply_from_the_options,
                                  keys_come_before_all,
                                  NULL};
    return check_run_with("profile", setup, teardown, tests);
}
