/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who has called itself is found out, and is not joined. */
#include <stdio.h>
#include <unistd.h>

#include "core/join.h"
#include "fake_hub.h"

static struct fake_link *accepted, *called;

static void set_ends(struct fake_link *link, const char *remote, const char *local)
{
    snprintf(link->description.remote, sizeof link->description.remote, "%s", remote);
    snprintf(link->description.local, sizeof link->description.local, "%s", local);
}

static void setup(void)
{
    setup_world();
    accepted = make_peer("tcp://127.0.0.1:9");
    called = fake_call(&world, "tcp://127.0.0.1:9");
    hub_open(hub, called->link.peer);
    set_ends(accepted, "192.0.2.9:40000", "192.0.2.9:9");
    set_ends(called, "192.0.2.9:9", "192.0.2.9:40000");
}

static bool is_own(const struct fake_link *link)
{
    return join_is_own(hub, link->link.peer);
}

START_TEST(both_ends_are_known)
{
    char *error = NULL;
    struct fake_link *other = make_peer("tcp://127.0.0.1:2");
    ck_assert(is_own(accepted) && is_own(called) && !is_own(other));
    ck_assert(!join_possible(hub, other->link.peer, called->link.peer, &error));
    check_error(error, "#2 is a call of telexd to itself");
}
END_TEST

START_TEST(another_port_is_another_program)
{
    set_ends(called, "192.0.2.9:9", "192.0.2.9:40001");
    ck_assert(!is_own(accepted) && !is_own(called));
}
END_TEST

START_TEST(so_is_another_machine)
{
    set_ends(accepted, "192.0.2.1:40000", "192.0.2.9:9");
    set_ends(called, "192.0.2.9:9", "192.0.2.1:40000");
    ck_assert(!is_own(accepted));
}
END_TEST

START_TEST(a_unix_socket_tells_the_process)
{
    struct fake_link *link = make_peer("unix:/run/a");
    ck_assert(!is_own(link));
    link->description.has_credentials = true;
    link->description.pid = getpid();
    ck_assert(is_own(link));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {both_ends_are_known, another_port_is_another_program,
                                  so_is_another_machine, a_unix_socket_tells_the_process, NULL};
    return check_run_with("join_own", setup, teardown_world, tests);
}
