/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_time.h"

#include <string.h>

#include "check_main.h"
#include "fake_console.h"

static struct fake world;
static struct fake_console fake;

static void setup(void)
{
    setenv("TZ", "XYZ-2", 1); /* two hours before UTC */
    fake_init(&world);
    fake_console_init(&fake, &world, &render_text, NULL);
}

static void teardown(void)
{
    fake_console_finish(&fake);
    fake_finish(&world);
}

enum { SECOND = 1000000 };

#define SHOWS(form, time, text) shows(TIME_FORM_##form, FAKE_WALL + (time), text)

static void shows(enum time_form form, int64_t time, const char *text)
{
    fake.console.session.time_form = form;
    utstring_clear(&fake.console.out);
    ck_assert_uint_eq(text_time(&fake.console, time), strlen(text));
    ck_assert_str_eq(utstring_body(&fake.console.out), text);
}

START_TEST(tells_the_time_of_day)
{
    SHOWS(CLOCK, 0, "12:27:00 ");
    SHOWS(CLOCK, SECOND - 1, "12:27:00 ");
    SHOWS(CLOCK, SECOND, "12:27:01 ");
    SHOWS(MS, SECOND + 23456, "12:27:01.023 ");
    SHOWS(CLOCK, SECOND, "12:27:01 ");
}
END_TEST

START_TEST(tells_the_date_of_utc)
{
    const time_t second = FAKE_WALL / SECOND;
    char wanted[40];
    struct tm parts;
    gmtime_r(&second, &parts);
    strftime(wanted, sizeof wanted, "%Y-%m-%dT10:27:00.000042Z ", &parts);
    SHOWS(ISO, 42, wanted);
    SHOWS(MS, 42, "12:27:00.000 ");
    SHOWS(ISO, 42, wanted);
}
END_TEST

START_TEST(tells_nothing)
{
    SHOWS(NONE, 0, "");
}
END_TEST

START_TEST(counts_from_the_message_before)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } cases[] = {{0, "  +0.000 "},    {1, "  +1.000 "},     {999, "+999.000 "},
                 {1000, "+0:16:40 "}, {35999, "+9:59:59 "}, {36000, " +0d 10h "},
                 {-5, "  +0.000 "}};
    SHOWS(DELTA, 0, "  +0.000 ");
    text_time_message(&fake.console, FAKE_WALL - 1500);
    SHOWS(DELTA, 0, "  +0.001 ");
    text_time_message(&fake.console, FAKE_WALL);
    for (size_t i = 0; i < COUNT(cases); i++)
        SHOWS(DELTA, cases[i].seconds * SECOND, cases[i].text);
}
END_TEST

START_TEST(columns_heed_the_form)
{
    static const char *const begins[] = {[TIME_FORM_CLOCK] = "12:27:00 #1   < a\n",
                                         [TIME_FORM_MS] = "12:27:00.000 #1   < a\n",
                                         [TIME_FORM_ISO] = NULL,
                                         [TIME_FORM_DELTA] = "  +0.000 #1   < a\n",
                                         [TIME_FORM_NONE] = "#1   < a\n"};
    struct fake_link *link = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    fake.console.columns = 80;
    for (enum time_form form = TIME_FORM_CLOCK; form <= TIME_FORM_NONE; form++) {
        fake.console.session.time_form = form;
        fake_console_take(&fake);
        hub_receive(&world.hub, link->link.peer, "a", 1, false);
        if (begins[form])
            ck_assert_str_eq(fake_console_take(&fake), begins[form]);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {tells_the_time_of_day, tells_the_date_of_utc,
                                  tells_nothing,         counts_from_the_message_before,
                                  columns_heed_the_form, NULL};
    return check_run_with("text_time", setup, teardown, tests);
}
