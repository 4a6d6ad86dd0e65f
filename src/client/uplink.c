/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/uplink.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/mem.h"
#include "loop/inlet.h"
#include "loop/lines.h"
#include "loop/outlet.h"
#include "loop/timeout.h"
#include "loop/unix_path.h"

struct uplink {
    struct carrier carrier; /* first */
    CAST_MARK;
    struct carrier_hooks hooks;
    int fd;
    struct inlet *inlet;
    struct outlet *outlet;
    struct lines lines;
    struct timeout *over; /* the lost hook, when nothing of ours is running */
};

static void over_cb(void *context)
{
    struct uplink *uplink = CAST(uplink, context);
    uplink->hooks.lost(uplink->hooks.context);
}

static void end(void *context)
{
    struct uplink *uplink = CAST(uplink, context);
    inlet_hold(uplink->inlet, true);
    timeout_start(uplink->over, 0);
}

static void receive(void *context, const char *data, size_t size)
{
    struct uplink *uplink = CAST(uplink, context);
    const char *line;
    size_t length;
    enum lines_result result;
    lines_add(&uplink->lines, data, size);
    while ((result = lines_next(&uplink->lines, &line, &length)) == LINES_LINE) {
        if (!uplink->hooks.line(uplink->hooks.context, line, length)) {
            inlet_hold(uplink->inlet, true);
            return;
        }
    }
    if (result == LINES_TOO_LONG || uplink->lines.skipping)
        end(uplink);
}

/* What the daemon said last may still be there to read: the inlet comes to its end by itself.
 */
static void broken(void *context)
{
    (void)context;
}

static void drained(void *context)
{
    struct uplink *uplink = CAST(uplink, context);
    uplink->hooks.drained(uplink->hooks.context);
}

/* --- as a carrier --- */

static void send_line(struct carrier *carrier, const char *line, size_t size)
{
    uplink_send(CAST(uplink, carrier), line, size);
}

static void hold(struct carrier *carrier, bool on)
{
    uplink_hold(CAST(uplink, carrier), on);
}

static size_t backlog(const struct carrier *carrier)
{
    return uplink_backlog(container_of(carrier, struct uplink, carrier));
}

static void destroy(struct carrier *carrier)
{
    uplink_destroy(CAST(uplink, carrier));
}

static const struct carrier_ops ops = {
    .send = send_line, .hold = hold, .backlog = backlog, .destroy = destroy};

struct carrier *uplink_carrier(struct uplink *uplink)
{
    return &uplink->carrier;
}

struct uplink *uplink_create(struct loop *loop, const char *path,
                             const struct carrier_hooks *hooks)
{
    static const struct inlet_callbacks in = {.data = receive, .end = end};
    static const struct outlet_callbacks out = {.drained = drained, .broken = broken};
    int fd = unix_path_connect(path);
    if (fd < 0)
        return NULL;
    struct uplink *uplink = mem_zalloc(sizeof *uplink);
    CAST_INIT(uplink, uplink);
    uplink->carrier.ops = &ops;
    uplink->hooks = *hooks;
    uplink->fd = fd;
    lines_init(&uplink->lines);
    uplink->lines.most = UPLINK_LINE_MAX;
    uplink->over = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, over_cb, uplink);
    uplink->outlet = outlet_create(loop, fd, &out, uplink);
    outlet_set_patience(uplink->outlet, 0);
    uplink->inlet = inlet_create(loop, fd, &in, uplink);
    return uplink;
}

void uplink_destroy(struct uplink *uplink)
{
    if (!uplink)
        return;
    inlet_destroy(uplink->inlet);
    outlet_destroy(uplink->outlet);
    lines_finish(&uplink->lines);
    timeout_destroy(uplink->over);
    close(uplink->fd);
    free(uplink);
}

void uplink_send(struct uplink *uplink, const char *line, size_t size)
{
    outlet_write(uplink->outlet, line, size);
    outlet_write(uplink->outlet, "\n", 1);
}

void uplink_send_bytes(struct uplink *uplink, const char *data, size_t size)
{
    outlet_write(uplink->outlet, data, size);
}

void uplink_hold(struct uplink *uplink, bool on)
{
    if (!timeout_is_set(uplink->over))
        inlet_hold(uplink->inlet, on);
}

size_t uplink_backlog(const struct uplink *uplink)
{
    return outlet_backlog(uplink->outlet);
}
