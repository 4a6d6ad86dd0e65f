/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/peer.h"

#include <string.h>

#include "check_main.h"
#include "core/hub_event.h"
#include "fake_link.h"

START_TEST(states_have_names)
{
    static const char *const names[PEER_STATES] = {
        [PEER_CONNECTING] = "connecting",
        [PEER_OPEN] = "open",
        [PEER_HALF_CLOSED] = "half-closed",
        [PEER_CLOSING] = "closing",
        [PEER_DEAD] = "closing" /* telex-json(7) has no other word */
    };
    for (enum peer_state state = 0; state < PEER_STATES; state++)
        ck_assert_str_eq(peer_state_name(state), names[state]);
}
END_TEST

START_TEST(events_have_names)
{
    static const char *const names[HUB_EVENT_TYPES] = {
        [HUB_LISTENING] = "listening", [HUB_UNLISTENING] = "unlistening",
        [HUB_OPEN] = "open",           [HUB_MESSAGE] = "message",
        [HUB_SENT] = "sent",           [HUB_HALF_CLOSE] = "half-close",
        [HUB_NOTE] = "note",           [HUB_CLOSE] = "close",
        [HUB_REFUSED] = "refused",     [HUB_NAME] = "name",
        [HUB_FILE] = "file",           [HUB_CONSOLE] = "console",
        [HUB_JOIN] = "join",           [HUB_PART] = "part",
        [HUB_LINE] = "line",
    };
    for (enum hub_event_type type = 0; type < HUB_EVENT_TYPES; type++)
        ck_assert_str_eq(hub_event_name(type), names[type]);
    ck_assert_str_eq(refusal_name(REFUSED_ACCESS), "access");
    ck_assert_str_eq(refusal_name(REFUSED_LIMIT), "limit");
}
END_TEST

START_TEST(a_label_is_number_and_name)
{
    char label[PEER_LABEL];
    struct peer peer = {.number = 3};
    peer_label(&peer, label);
    ck_assert_str_eq(label, "#3");
    char name[] = "boiler";
    peer.name = name;
    peer_label(&peer, label);
    ck_assert_str_eq(label, "#3 boiler");
}
END_TEST

START_TEST(the_longest_label_fits)
{
    char label[PEER_LABEL];
    char name[] = "abcdefghijklmnopqrstuvwxyz-01234"; /* 32, the most */
    struct peer peer = {.number = UINT64_MAX, .name = name};
    peer_label(&peer, label);
    ck_assert_str_eq(label, "#18446744073709551615 abcdefghijklmnopqrstuvwxyz-01234");
}
END_TEST

START_TEST(what_waits_is_not_sent)
{
    struct fake_link *link = fake_link_create(NULL, SCHEME_TCP);
    struct peer peer = {.link = &link->link, .accepted = 10};
    ck_assert_uint_eq(peer_queued(&peer), 0);
    ck_assert_uint_eq(peer_sent(&peer), 10);
    link->queued = 4;
    ck_assert_uint_eq(peer_queued(&peer), 4);
    ck_assert_uint_eq(peer_sent(&peer), 6);
    link->link.ops->destroy(&link->link);
    fake_link_free(link);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {states_have_names,          events_have_names,
                                  a_label_is_number_and_name, the_longest_label_fits,
                                  what_waits_is_not_sent,     NULL};
    return check_run("peer", tests);
}
