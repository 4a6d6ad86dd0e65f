/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A talk with a proxy, whose answers the test gives. */
#ifndef TELEX_TESTS_FAKE_VIA_H
#define TELEX_TESTS_FAKE_VIA_H

#include <netinet/in.h>

#include "base/mem.h"
#include "check_main.h"
#include "stream/via.h"

/* user NULL: none; its password is "secret". For via_destroy. */
static inline struct via *fake_via(const struct via_protocol *protocol, const char *host,
                                   const char *user)
{
    struct via *via = mem_zalloc(sizeof *via);
    via->protocol = protocol;
    via->host = mem_strdup(host);
    via->port = 8080;
    via->user = user ? mem_strdup(user) : NULL;
    via->password = user ? mem_strdup("secret") : NULL;
    return via;
}

static inline void fake_talk_begin(struct via_talk *talk, const struct via *via)
{
    *talk = (struct via_talk){.via = via};
    utstring_init(&talk->say);
    via->protocol->begin(talk);
}

/* The proxy has been told this, and no more. */
static inline void fake_talk_said(struct via_talk *talk, const char *text, size_t size)
{
    ck_assert_uint_eq(utstring_len(&talk->say), size);
    ck_assert_mem_eq(utstring_body(&talk->say), text, size);
    utstring_clear(&talk->say);
}

static inline size_t fake_talk_take(struct via_talk *talk, const char *data, size_t size)
{
    return talk->via->protocol->take(talk, data, size);
}

static inline void fake_talk_end(struct via_talk *talk)
{
    utstring_done(&talk->say);
    free(talk->error);
}

#define SAID(talk, text) fake_talk_said(talk, text, sizeof(text) - 1)
#define TAKE(talk, text) fake_talk_take(talk, text, sizeof(text) - 1)

#endif
