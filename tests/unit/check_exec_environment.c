/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/exec_environment.h"

#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "core/hub_line.h"
#include "fake.h"

static struct fake world;

static void setup(void)
{
    fake_init(&world);
    clearenv();
    setenv("PATH", "/bin:/usr/bin", 1);
    setenv("LANG", "", 1);
    setenv("SECRET", "x", 1);
    setenv("TERM", "xterm", 1);
}

static void teardown(void)
{
    fake_finish(&world);
}

static void check(const struct peer *peer, const char *const *wanted)
{
    char **environment = exec_environment_create(peer);
    size_t i = 0;
    for (; wanted[i]; i++)
        ck_assert_str_eq(environment[i], wanted[i]);
    ck_assert_ptr_null(environment[i]);
    exec_environment_destroy(environment);
}

START_TEST(little_of_ours_and_who_it_is_for)
{
    struct fake_link *link = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    snprintf(link->description.remote, sizeof link->description.remote, "192.0.2.7:5");
    snprintf(link->description.local, sizeof link->description.local, "192.0.2.1:1");
    check(link->link.peer,
          (const char *const[]){"PATH=/bin:/usr/bin", "LANG=", "TELEX_PEER=1",
                                "TELEX_REMOTE=192.0.2.7:5", "TELEX_LOCAL=192.0.2.1:1",
                                "TELEX_NAME=", NULL});
    hub_name(&world.hub, link->link.peer, "boiler");
    setenv("HOME", "/root", 1);
    setenv("TZ", "UTC", 1);
    check(link->link.peer,
          (const char *const[]){"PATH=/bin:/usr/bin", "HOME=/root", "LANG=", "TZ=UTC",
                                "TELEX_PEER=1", "TELEX_REMOTE=192.0.2.7:5",
                                "TELEX_LOCAL=192.0.2.1:1", "TELEX_NAME=boiler", NULL});
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {little_of_ours_and_who_it_is_for, NULL};
    return check_run_with("exec_environment", setup, teardown, tests);
}
