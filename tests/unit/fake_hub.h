/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the hub begin with: a world for each test, and short words for what it
 * does.
 */
#ifndef TELEX_TESTS_FAKE_HUB_H
#define TELEX_TESTS_FAKE_HUB_H

#include <string.h>

#include "check_main.h"
#include "fake.h"

static struct fake world;
static struct hub *const hub = &world.hub;

static inline void setup_world(void)
{
    fake_init(&world);
}

static inline void teardown_world(void)
{
    fake_finish(&world);
}

#define TOLD(expected) ck_assert_str_eq(fake_take(&world), expected)
#define TOOK(link, expected) ck_assert_str_eq(fake_link_take(link), expected)

/* An open peer on a listener of its own; nothing of that is left to take. */
static inline struct fake_link *make_peer(const char *endpoint)
{
    struct fake_link *link = fake_peer(&world, fake_listen(&world, endpoint));
    fake_take(&world);
    return link;
}

static inline enum send_status send_text(struct fake_link *link, const char *text)
{
    return hub_send(hub, link->link.peer, text, strlen(text), 1, NULL);
}

static inline void receive_text(struct fake_link *link, const char *text)
{
    hub_receive(hub, link->link.peer, text, strlen(text), false);
}

#endif
