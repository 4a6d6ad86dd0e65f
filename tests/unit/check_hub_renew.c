/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A listener that follows what its line says now. */
#include "core/hub_renew.h"

#include <stdio.h>
#include <stdlib.h>

#include "check_main.h"
#include "core/agent.h"
#include "core/agents.h"
#include "fake_hub.h"

/* --- keys of a transport --- */

static bool take_colour(void *options, const char *value, char **error)
{
    (void)error;
    *(int *)options = *value - '0';
    return true;
}

static const struct key own_keys[] = {
    {"colour", KEY_LISTEN, "N", take_colour, NULL, KEY_LIVE},
    {"shape", KEY_LISTEN, "N", take_colour, NULL, KEY_SETTLED},
};

static void *create(void)
{
    return mem_zalloc(sizeof(int));
}

static const struct key_set own = {
    .keys = own_keys, .count = COUNT(own_keys), .create = create, .destroy = free};

/* --- what is said --- */

static struct listener *say(const char *text)
{
    struct endpoint endpoint;
    char *error = NULL;
    ck_assert_msg(endpoint_parse(text, &endpoint, &error), "%s", error);
    struct listener *listener = listener_create(&endpoint, &own, &error);
    ck_assert_msg(listener, "%s", error);
    struct origin *origin = &listener->origin;
    profile_default(&origin->profile, &origin->endpoint, KEY_LISTEN, NULL, EOL_UNSET, -1);
    return listener;
}

static struct listener *listen_there(const char *text)
{
    struct listener *listener = say(text);
    hub_add_listener(hub, listener);
    return listener;
}

/* From what said to what says; returns what it kept, "" for nothing. Borrowed. */
static const char *renew(struct listener *listener, const char *said, const char *says)
{
    static char kept[64];
    struct listener *before = say(said), *now = say(says);
    char *keys = hub_renew_listener(hub, listener, before, now);
    snprintf(kept, sizeof kept, "%s", keys ? keys : "");
    free(keys);
    listener_release(before);
    listener_release(now);
    return kept;
}

#define PLACE "tcp://127.0.0.1:1"

START_TEST(those_on_the_line_follow)
{
    struct listener *listener = listen_there(PLACE);
    struct fake_link *link = fake_peer(&world, listener);
    ck_assert_str_eq(renew(listener, PLACE, PLACE "?reply=echo&eol=crlf&framing=line"), "");
    const struct profile *profile = &link->link.peer->origin->profile;
    ck_assert_ptr_eq(profile->reply, &agent_echo);
    ck_assert_int_eq(profile->eol, EOL_CRLF);
    ck_assert_str_eq(profile->framing.word, "line");
    receive_text(link, "hi");
    TOOK(link, "hi");
    ck_assert_str_eq(renew(listener, PLACE "?reply=echo&eol=crlf&framing=line", PLACE), "");
    ck_assert_ptr_eq(profile->reply, &agent_none);
    ck_assert_int_eq(profile->eol, EOL_LF);
    ck_assert_str_eq(profile->framing.word, "raw");
}
END_TEST

START_TEST(what_an_operator_chose_stays_while_the_line_does)
{
    struct listener *listener = listen_there(PLACE);
    agent_choose(hub, listener, &agent_stamp);
    renew(listener, PLACE, PLACE "?eol=nul");
    ck_assert_ptr_eq(listener->origin.profile.reply, &agent_stamp);
    renew(listener, PLACE "?eol=nul", PLACE "?reply=echo");
    ck_assert_ptr_eq(listener->origin.profile.reply, &agent_echo);
}
END_TEST

START_TEST(a_name_is_told)
{
    struct listener *listener = listen_there(PLACE);
    fake_take(&world);
    renew(listener, PLACE, PLACE "?name=front");
    TOLD("listening 1 tcp://127.0.0.1:1\n");
    ck_assert_ptr_eq(hub_find_listener(hub, "front"), listener);
    renew(listener, PLACE "?name=front", PLACE "?name=front&eol=nul");
    TOLD("");
    renew(listener, PLACE "?name=front", PLACE);
    TOLD("listening 1 tcp://127.0.0.1:1\n");
    ck_assert_ptr_null(hub_find_listener(hub, "front"));
}
END_TEST

START_TEST(another_certificate_is_told)
{
    struct listener *listener = listen_there(PLACE);
    struct listener *said = say(PLACE), *says = say(PLACE);
    fake_take(&world);
    snprintf(says->fingerprint, sizeof says->fingerprint, "sha256:00ff");
    free(hub_renew_listener(hub, listener, said, says));
    TOLD("listening 1 tcp://127.0.0.1:1\n");
    ck_assert_str_eq(listener_fingerprint(listener), "sha256:00ff");
    free(hub_renew_listener(hub, listener, said, says));
    TOLD("");
    listener_release(said);
    listener_release(says);
}
END_TEST

START_TEST(half_close_and_its_key)
{
    struct listener *listener = listen_there(PLACE);
    renew(listener, PLACE, PLACE "?half-close=2");
    ck_assert_int_eq(listener->origin.profile.half_close, 2000000);
    ck_assert_str_eq(endpoint_key(&listener->origin.endpoint, "half-close"), "2");
    renew(listener, PLACE "?half-close=2", PLACE);
    ck_assert_int_eq(listener->origin.profile.half_close, -1);
    ck_assert_ptr_null(endpoint_key(&listener->origin.endpoint, "half-close"));
}
END_TEST

START_TEST(what_it_needs_each_time_follows_too)
{
    struct listener *listener = listen_there(PLACE "?colour=1");
    ck_assert_str_eq(renew(listener, PLACE "?colour=1", PLACE "?colour=2"), "");
    ck_assert_int_eq(*(int *)listener->origin.options, 2);
}
END_TEST

START_TEST(what_was_settled_is_kept_and_named)
{
    struct listener *listener = listen_there(PLACE "?shape=1");
    for (int i = 0; i < 2; i++) {
        ck_assert_str_eq(renew(listener, PLACE "?shape=1", PLACE "?shape=2&eol=nul"), "shape");
        ck_assert_int_eq(*(int *)listener->origin.options, 1);
        ck_assert_int_eq(listener->origin.profile.eol, EOL_NUL);
    }
    ck_assert_str_eq(renew(listener, PLACE "?shape=2", PLACE), "shape");
    ck_assert_str_eq(renew(listener, PLACE, PLACE "?shape=1"), "");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {those_on_the_line_follow,
                                  what_an_operator_chose_stays_while_the_line_does,
                                  a_name_is_told,
                                  another_certificate_is_told,
                                  half_close_and_its_key,
                                  what_it_needs_each_time_follows_too,
                                  what_was_settled_is_kept_and_named,
                                  NULL};
    return check_run_with("hub_renew", setup_world, teardown_world, tests);
}
