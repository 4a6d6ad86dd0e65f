/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_stream.h"

#include <check.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake_framing.h"

static struct fake_stream *fake_of(struct stream *stream)
{
    return container_of(stream, struct fake_stream, stream);
}

static int64_t now(void *context)
{
    return ((struct fake_stream *)context)->now;
}

/* --- the user --- */

static void opened(struct stream *stream)
{
    utstring_printf(&fake_of(stream)->log, "opened\n");
}

static void message(struct stream *stream, const struct framing_piece *piece)
{
    struct fake_stream *fake = fake_of(stream);
    utstring_printf(&fake->log, "%s ",
                    piece->quiet     ? "nothing"
                    : piece->bad     ? "bad"
                    : piece->partial ? "piece"
                                     : "message");
    ut_append(&fake->log, piece->data, piece->size);
    utstring_printf(&fake->log, "\n");
    if (fake->on_message)
        fake->on_message(fake);
}

static void ended(struct stream *stream)
{
    utstring_printf(&fake_of(stream)->log, "ended\n");
}

static void drained(struct stream *stream)
{
    utstring_printf(&fake_of(stream)->log, "drained\n");
}

/* What is told of the queue adds up. */
static void holds(struct stream *stream, size_t added, size_t gone)
{
    struct fake_stream *fake = fake_of(stream);
    fake->told_queued += added - gone;
    ck_assert_uint_eq(fake->told_queued, stream_queued(stream));
}

static void failed(struct stream *stream, const char *error)
{
    utstring_printf(&fake_of(stream)->log, "failed: %s\n", error);
}

static void over(struct stream *stream, enum stream_how how, const char *error)
{
    static const char *const words[] = {"closed", "reset", "timed out", "broken"};
    utstring_printf(&fake_of(stream)->log, "over %s%s%s\n", words[how], error ? ": " : "",
                    error ? error : "");
}

/* --- life --- */

void fake_stream_init(struct fake_stream *fake, const char *framing)
{
    static const struct stream_user user = {opened,  message, ended, failed,
                                            drained, holds,   over};
    *fake = (struct fake_stream){.now = 1000000, .far = -1};
    utstring_init(&fake->log);
    utstring_init(&fake->taken);
    loop_init(&fake->loop);
    struct host host = loop_host(&fake->loop);
    host.context = fake;
    host.now = now;
    streams_init(&fake->streams, &fake->loop, &host, &fake->budget);
    fake->framing = fake_framing(framing);
    stream_init(&fake->stream, &fake->streams, &user, &fake->framing);
}

void fake_stream_open(struct fake_stream *fake, unsigned kind)
{
    int pair[2];
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    fake->far = pair[1];
    stream_open(&fake->stream, pair[0], kind);
}

void fake_stream_finish(struct fake_stream *fake)
{
    stream_finish(&fake->stream);
    ck_assert_uint_eq(fake->budget.held, 0); /* whatever it held, it gave back */
    streams_finish(&fake->streams);
    loop_finish(&fake->loop);
    if (fake->far >= 0)
        close(fake->far);
    utstring_done(&fake->log);
    utstring_done(&fake->taken);
}

void fake_stream_turn(struct fake_stream *fake)
{
    for (int i = 0; i < 8; i++)
        loop_poll(&fake->loop);
}

const char *fake_stream_log(struct fake_stream *fake)
{
    utstring_clear(&fake->taken);
    utstring_concat(&fake->taken, &fake->log);
    utstring_clear(&fake->log);
    return utstring_body(&fake->taken);
}

/* --- the far end --- */

void fake_stream_say(struct fake_stream *fake, const void *data, size_t size)
{
    ck_assert_int_eq(send(fake->far, data, size, 0), (ssize_t)size);
}

size_t fake_stream_hear(struct fake_stream *fake, char *data, size_t size)
{
    ssize_t got = recv(fake->far, data, size, MSG_DONTWAIT);
    return got > 0 ? (size_t)got : 0;
}

void fake_stream_hang_up(struct fake_stream *fake)
{
    close(fake->far);
    fake->far = -1;
}

size_t fake_stream_fill(struct fake_stream *fake)
{
    static const char piece[1024];
    size_t sent = 0;
    for (; stream_queued(&fake->stream) == 0; sent += sizeof piece)
        stream_send(&fake->stream, piece, sizeof piece);
    return sent;
}

size_t fake_stream_drain(struct fake_stream *fake)
{
    char data[4096];
    size_t all = 0;
    for (int idle = 0; idle < 3; idle++) {
        for (size_t got; (got = fake_stream_hear(fake, data, sizeof data)) > 0; idle = 0)
            all += got;
        loop_poll(&fake->loop);
    }
    return all;
}
