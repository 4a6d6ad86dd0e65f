/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The room in a build without OpenSSL: no context can be made, so nothing else is called. */
#include "tls/tls_context.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>

#include "base/mem.h"
#include "tls/dtls_session.h"
#include "tls/lane_tls.h"
#include "tls/tls_describe.h"
#include "tls/tls_memory.h"
#include "tls/tls_room.h"

static struct tls_context *refuse(char **error)
{
    *error = mem_strdup("this program was built without TLS");
    return NULL;
}

struct tls_context *tls_context_listen(const struct tls_settings *settings,
                                       const struct tls_context *before, char **error)
{
    (void)settings;
    (void)before;
    return refuse(error);
}

struct tls_context *tls_context_call(const struct tls_settings *settings, char **error)
{
    (void)settings;
    return refuse(error);
}

struct tls_context *tls_context_reference(struct tls_context *context)
{
    assert(!context);
    return context;
}

void tls_context_release(struct tls_context *context)
{
    assert(!context);
    (void)context;
}

const char *tls_context_fingerprint(const struct tls_context *context)
{
    assert(!context);
    (void)context;
    return NULL;
}

void tls_describe(const struct ssl_st *ssl, struct tls_facts *facts, char *room, size_t size)
{
    assert(!ssl);
    (void)ssl;
    (void)facts;
    (void)room;
    (void)size;
}

char *tls_describe_name(const struct ssl_st *ssl)
{
    assert(!ssl);
    (void)ssl;
    return NULL;
}

void dtls_session_init(struct dtls_session *session, const struct dtls_user *user,
                       struct loop *loop, struct tls_room *room, struct tls_context *context,
                       const char *host)
{
    assert(!context);
    (void)session, (void)user, (void)loop, (void)room, (void)context, (void)host;
}

void dtls_session_finish(struct dtls_session *session)
{
    (void)session;
}

bool dtls_session_listen(struct dtls_session *session, const union address *remote,
                         const char *data, size_t size)
{
    (void)session, (void)remote, (void)data, (void)size;
    return false;
}

void dtls_session_start(struct dtls_session *session, int64_t patience)
{
    (void)session, (void)patience;
}

void dtls_session_in(struct dtls_session *session, const char *data, size_t size)
{
    (void)session, (void)data, (void)size;
}

int dtls_session_out(struct dtls_session *session, const void *data, size_t size)
{
    (void)session, (void)data, (void)size;
    return ENOTCONN;
}

void dtls_session_end(struct dtls_session *session)
{
    (void)session;
}

void dtls_session_drop(struct dtls_session *session)
{
    (void)session;
}

struct tls_room *tls_room_create(void)
{
    return NULL;
}

void tls_room_destroy(struct tls_room *room)
{
    assert(!room);
    (void)room;
}

void lane_tls_accept(struct stream *stream, struct tls_room *room, struct tls_context *context,
                     bool plain)
{
    assert(!context);
    (void)stream;
    (void)room;
    (void)context;
    (void)plain;
}

void lane_tls_call(struct stream *stream, struct tls_room *room, struct tls_context *context,
                   const char *host)
{
    assert(!context);
    (void)stream;
    (void)room;
    (void)context;
    (void)host;
}

struct ssl_st *lane_tls_ssl(const struct stream *stream)
{
    (void)stream;
    return NULL;
}

void tls_memory_keep(void)
{
}
