/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line under TLS: whatever comes, before, in and after a handshake, nothing goes up that the
 * far end has not said, in its order, and it is over once. The input is which version and which
 * side we are, how the wire is cut, and then where it is bent; or bytes of the wire themselves.
 */
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>

#include "../unit/fake_stream.h"
#include "fuzz.h"
#include "tls/lane_tls.h"
#include "tls/tls_context.h"
#include "tls/tls_room.h"

enum { OLD = 1, RAW = 2, CALLS = 4 };
/* Steps of a handshake, each there and back. */
enum { STEPS = 6 };

struct wire {
    struct fake_stream fake;
    SSL *far;
    size_t cut;              /* bytes at a time */
    const uint8_t *bends;    /* three bytes each: where, and by what */
    size_t bend_count, said; /* bytes so far */
};

static struct tls_context *server, *client;

static void make_contexts(void)
{
    char *error = NULL;
    if (server)
        return;
    server = tls_context_listen(&(struct tls_settings){0}, NULL, &error);
    client = tls_context_call(&(struct tls_settings){.verify = TLS_VERIFY_NONE}, &error);
    FUZZ_CHECK(server && client);
}

/* By the bends that meet what comes next. */
static void bend(const struct wire *wire, char *data, size_t size)
{
    for (size_t i = 0; i < wire->bend_count; i++) {
        const uint8_t *it = wire->bends + 3 * i;
        const size_t at = it[0] | (size_t)(it[1] & 15) << 8;
        if (at >= wire->said && at - wire->said < size)
            data[at - wire->said] ^= (char)it[2];
    }
}

/* Whoever has been turned away hears nothing. */
static void say(struct wire *wire, char *data, size_t size)
{
    bend(wire, data, size);
    wire->said += size;
    for (size_t at = 0; at < size; at += wire->cut) {
        const size_t piece = size - at < wire->cut ? size - at : wire->cut;
        if (send(wire->fake.far, data + at, piece, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
            return;
        loop_poll(&wire->fake.loop);
    }
}

/* What the far end has to say, and what it hears. */
static void cross(struct wire *wire)
{
    static char piece[1 << 16];
    int size;
    size_t heard;
    ERR_clear_error();
    if (!SSL_is_init_finished(wire->far))
        SSL_do_handshake(wire->far);
    while ((size = BIO_read(SSL_get_wbio(wire->far), piece, sizeof piece)) > 0)
        say(wire, piece, (size_t)size);
    loop_poll(&wire->fake.loop);
    while ((heard = fake_stream_hear(&wire->fake, piece, sizeof piece)) > 0)
        BIO_write(SSL_get_rbio(wire->far), piece, (int)heard);
}

static void talk(struct wire *wire)
{
    for (int i = 0; i < STEPS; i++)
        cross(wire);
    if (SSL_is_init_finished(wire->far)) {
        SSL_write(wire->far, "hello\n", 6);
        SSL_write(wire->far, "world\n", 6);
        SSL_shutdown(wire->far);
        cross(wire);
    }
}

/* A prefix of what can be told, then at most one failure and one end. */
static void check_told(const char *told, bool whole)
{
    static const char *const steps[] = {"opened\n", "message hello\n\n", "message world\n\n",
                                        "ended\n"};
    size_t step = 0;
    for (; step < 4 && strncmp(told, steps[step], strlen(steps[step])) == 0; step++)
        told += strlen(steps[step]);
    if (strncmp(told, "failed: ", 8) == 0)
        told = strchr(told, '\n') + 1;
    else
        FUZZ_CHECK(!whole || step == 4);
    if (strncmp(told, "over ", 5) == 0)
        told = strchr(told, '\n') + 1;
    FUZZ_CHECK(*told == '\0');
}

static void begin(struct wire *wire, struct tls_room *room, unsigned mode)
{
    const bool calls = mode & CALLS;
    fake_stream_init(&wire->fake, "line");
    if (calls)
        lane_tls_call(&wire->fake.stream, room, client, "localhost");
    else
        lane_tls_accept(&wire->fake.stream, room, server, false);
    fake_stream_open(&wire->fake, calls ? 0 : STREAM_ACCEPTED);
    wire->far = tls_context_ssl(calls ? server : client, "localhost");
    if (mode & OLD)
        SSL_set_max_proto_version(wire->far, TLS1_2_VERSION);
    SSL_set_bio(wire->far, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    BIO_set_mem_eof_return(SSL_get_rbio(wire->far), -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    make_contexts();
    struct tls_room *room = tls_room_create();
    struct wire wire = {.cut = data[1] ? data[1] : 1 << 16};
    begin(&wire, room, data[0]);
    if (data[0] & RAW) {
        static char bytes[1 << 16];
        const size_t raw = size - 2 < sizeof bytes ? size - 2 : sizeof bytes;
        memcpy(bytes, data + 2, raw);
        say(&wire, bytes, raw);
    } else {
        wire.bends = data + 2;
        wire.bend_count = (size - 2) / 3;
        talk(&wire);
    }
    fake_stream_hang_up(&wire.fake);
    fake_stream_turn(&wire.fake);
    check_told(fake_stream_log(&wire.fake), size < 5 && !(data[0] & RAW));
    tls_context_ssl_free(wire.far);
    fake_stream_finish(&wire.fake);
    tls_room_destroy(room);
    return 0;
}
