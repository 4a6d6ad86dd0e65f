/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/ballast.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/log.h"
#include "base/mem.h"
#include "loop/watch.h"

struct ballast {
    void (*given_up)(void *context);
    CAST_MARK;
    void *context;
    int bell; /* eventfd(2): any thread may ring it, and nothing is allocated */
    struct watch *rung;
};

static void ring(void *context)
{
    const struct ballast *ballast = CAST(ballast, context);
    const int saved = errno;
    eventfd_write(ballast->bell, 1);
    errno = saved;
}

static void rung_cb(void *context)
{
    const struct ballast *ballast = CAST(ballast, context);
    eventfd_t rings;
    eventfd_read(ballast->bell, &rings);
    ballast->given_up(ballast->context);
}

struct ballast *ballast_create(struct loop *loop, void (*given_up)(void *context),
                               void *context)
{
    struct ballast *ballast = mem_zalloc(sizeof *ballast);
    CAST_INIT(ballast, ballast);
    ballast->given_up = given_up;
    ballast->context = context;
    ballast->bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (ballast->bell < 0) {
        log_error("cannot watch over memory: %s", strerror(errno));
        exit(1);
    }
    ballast->rung = watch_create(loop, ballast->bell, WATCH_READ, LOOP_OPERATOR, PART_CONSOLE,
                                 rung_cb, ballast);
    watch_start(ballast->rung);
    mem_reserve(ring, ballast);
    return ballast;
}

void ballast_destroy(struct ballast *ballast)
{
    mem_release();
    watch_destroy(ballast->rung);
    close(ballast->bell);
    free(ballast);
}
