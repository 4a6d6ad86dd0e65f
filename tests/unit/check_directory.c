/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/directory.h"

#include <string.h>

#include "base/ut.h"
#include "check_main.h"
#include "fake.h"

static struct fake world;
static struct directory_hub hubs;
static const struct directory *const directory = &hubs.directory;
static UT_string seen;

static void setup(void)
{
    fake_init(&world);
    directory_of_hub(&hubs, &world.hub);
    utstring_init(&seen);
}

static void teardown(void)
{
    utstring_done(&seen);
    fake_finish(&world);
}

/* Goes on until somebody is called stop. */
static bool look(void *context, const struct who *who)
{
    const char *stop = context;
    char label[WHO_LABEL];
    who_label(who, label);
    utstring_printf(&seen, "%s,", label);
    return !stop || !who->name || strcmp(who->name, stop) != 0;
}

#define SEES(text)                                    \
    do {                                              \
        ck_assert_str_eq(utstring_body(&seen), text); \
        utstring_clear(&seen);                        \
    } while (0)

START_TEST(nobody)
{
    directory->peers(directory, look, NULL);
    directory->listeners(directory, look, NULL);
    SEES("");
    ck_assert_uint_eq(directory->find(directory, 0).number, 0);
    ck_assert_uint_eq(directory->find(directory, 1).number, 0);
}
END_TEST

START_TEST(those_of_the_hub)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1?name=front");
    fake_listen(&world, "tcp://127.0.0.1:2");
    struct fake_link *links[3];
    for (size_t i = 0; i < 3; i++)
        links[i] = fake_peer(&world, listener);
    hub_name(&world.hub, links[1]->link.peer, "boiler");
    directory->peers(directory, look, NULL);
    SEES("#1,#2 boiler,#3,");
    directory->peers(directory, look, (void *)"boiler");
    SEES("#1,#2 boiler,");
    directory->listeners(directory, look, NULL);
    SEES("#1 front,#2,");
    directory->listeners(directory, look, (void *)"front");
    SEES("#1 front,");
    ck_assert_str_eq(directory->find(directory, 2).name, "boiler");
    hub_detach(&world.hub, links[1]->link.peer, CLOSE_EOF, NULL);
    ck_assert_uint_eq(directory->find(directory, 2).number, 0);
    directory->peers(directory, look, NULL);
    SEES("#1,#3,");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nobody, those_of_the_hub, NULL};
    return check_run_with("directory", setup, teardown, tests);
}
