/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/lane_proxy.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"
#include "stream/lane.h"
#include "stream/proxy_header.h"

struct lane_proxy {
    struct lane lane; /* first */
    union address *remote;
    bool (*admit)(struct stream *stream);
    CAST_MARK;
};

static void fail(struct lane *lane)
{
    lane_drop(lane, "no PROXY header");
}

static size_t in(struct lane *lane, const char *data, size_t size)
{
    struct lane_proxy *proxy = CAST(lane_proxy, lane);
    size_t length;
    if (!proxy_header_parse(data, size, &length, proxy->remote))
        fail(lane);
    else if (length > 0 && proxy->admit(lane->stream))
        lane_leave(lane);
    return length;
}

static void destroy(struct lane *lane)
{
    free(CAST(lane_proxy, lane));
}

void lane_proxy_add(struct stream *stream, union address *remote,
                    bool (*admit)(struct stream *stream))
{
    static const struct lane_ops ops = {
        .name = "proxy", .in = in, .in_end = fail, .destroy = destroy};
    struct lane_proxy *proxy = mem_zalloc(sizeof *proxy);
    CAST_INIT(lane_proxy, proxy);
    proxy->lane.ops = &ops;
    proxy->remote = remote;
    proxy->admit = admit;
    lane_add(stream, &proxy->lane);
}
