/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/patching.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"
#include "fake_board.h"

static struct fake_board world;
static struct patching *patching;
static int far, client;
static union address there;

static void setup(void)
{
    far = fake_board_socket(SOCK_STREAM, &there);
    fake_board_init(&world, &(struct transport_settings){0});
    patching = patching_create(&world.board);
}

static void teardown(void)
{
    patching_destroy(patching);
    fake_board_finish(&world);
    close(far);
    close(client);
}

static void until(const char *text)
{
    fake_board_until(&world, text);
}

static struct origin *far_end(void)
{
    char *text = mem_printf("tcp://127.0.0.1:%u?name=device", address_port(&there));
    struct endpoint parsed;
    char *error = NULL;
    ck_assert(endpoint_parse(text, &parsed, &error));
    struct origin *origin = origin_create(&parsed, transport_keys(parsed.scheme), &error);
    ck_assert(origin);
    profile_default(&origin->profile, &origin->endpoint, KEY_CALL, NULL, EOL_UNSET, -1);
    free(text);
    return origin;
}

/* Somebody comes to a listener with that key. */
static struct listener *come(const char *endpoint)
{
    struct listener *listener = fake_board_listen(&world, endpoint);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(fake_board_port(listener)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (listener->origin.profile.to && !profile_to_is_name(listener->origin.profile.to))
        origin_set_far(&listener->origin, far_end());
    client = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    return listener;
}

START_TEST(the_far_end_is_called_for_who_comes)
{
    ck_assert_int_eq(listen(far, 5), 0);
    const struct listener *listener = come("tcp://127.0.0.1:0?to=tcp://far:1");
    until("join #2 #1");
    const struct peer *peer = hub_find_name(&world.fake.hub, "device");
    ck_assert(peer && peer->number == 2);
    ck_assert_ptr_eq(origin_listener(peer->origin), listener);
    ck_assert_ptr_null(peer->origin->listener);
}
END_TEST

START_TEST(who_comes_is_told_why_that_failed)
{
    come("tcp://127.0.0.1:0?to=tcp://far:1");
    until("close #1 error");
}
END_TEST

START_TEST(a_name_is_looked_for_when_somebody_comes)
{
    struct peer *device;
    char *text = mem_printf("tcp://127.0.0.1:%u", address_port(&there));
    ck_assert_int_eq(listen(far, 5), 0);
    device = fake_board_call(&world, text, NULL);
    hub_name(&world.fake.hub, device, "device");
    until("open #1");
    come("tcp://127.0.0.1:0?to=device");
    until("join #2 #1");
    free(text);
}
END_TEST

START_TEST(or_nobody_is_there)
{
    come("tcp://127.0.0.1:0?to=device");
    until("nobody called device is on the line");
}
END_TEST

START_TEST(others_are_left_alone)
{
    come("tcp://127.0.0.1:0");
    until("open #1");
    fake_board_turn(&world);
    ck_assert_ptr_null(hub_find(&world.fake.hub, 2));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_far_end_is_called_for_who_comes,
                                  who_comes_is_told_why_that_failed,
                                  a_name_is_looked_for_when_somebody_comes,
                                  or_nobody_is_there,
                                  others_are_left_alone,
                                  NULL};
    return check_run_with("patching", setup, teardown, tests);
}
