/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/event_place.h"

#include "check_main.h"

static void check(const char *reply, uint64_t seq, uint64_t told)
{
    struct event_place place;
    ck_assert_msg(event_place_read(&place, reply), "%s", reply);
    ck_assert_uint_eq(place.seq, seq);
    ck_assert_uint_eq(place.told, told);
}

static void check_none(const char *reply)
{
    struct event_place place;
    ck_assert_msg(!event_place_read(&place, reply), "%s", reply);
}

START_TEST(it_is_read_from_a_reply)
{
    check("$JS.ACK.TELEX.TJPeAIDB.1.12.3.1795818895784397645.1", 12, 3);
    check("$JS.ACK.hub.hash.TELEX.TJPeAIDB.1.12.3.1795818895784397645.1", 12, 3);
    check("$JS.ACK.hub.hash.TELEX.TJPeAIDB.1.12.3.1795818895784397645.1.x", 12, 3);
}
END_TEST

START_TEST(what_is_none_is_refused)
{
    check_none("");
    check_none("_INBOX.a.b.c.d.1.2.3.4");
    check_none("$JS.ACK.TELEX.TJPeAIDB.1.x.3.1795818895784397645.1");
    check_none("$JS.ACK.TELEX.TJPeAIDB.1.12.3.4");
    check_none("$JS.ACK.1.2.3.4.5.6.7.8");
    check_none("................");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_is_read_from_a_reply, what_is_none_is_refused, NULL};
    return check_run("event_place", tests);
}
