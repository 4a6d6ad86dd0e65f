/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/leaf.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/hash.h"
#include "base/mem.h"
#include "fleet/jetstream_api.h"
#include "fleet/jetstream_config.h"

#define API(request) "$JS." JETSTREAM_HUB ".API.STREAM." request "." SUBJECT_STREAM

enum {
    PAUSE = 2000000,     /* microseconds after a trouble, */
    LOOK_SOON = 1000000, /* after a change that others may have written over, and up to twice */
    LOOK_LATER = 60000000
};
enum { REPLICAS = 3 };

struct leaf {
    struct jetstream_api api;
    CAST_MARK;
    struct jetstream_settings settings;
    unsigned replicas;
};

/* Nodes that begin together do not look together. */
static void look_soon(struct leaf *leaf)
{
    struct hash_key key;
    hash_key_init(&key);
    jetstream_api_begin(&leaf->api, LOOK_SOON + (int64_t)(key.words[0] % LOOK_SOON));
}

static void take_changed(void *context, const struct bus_message *message)
{
    struct leaf *leaf = CAST(leaf, context);
    if (jetstream_api_take(&leaf->api, message, 0, 0) == 0)
        look_soon(leaf);
}

static void make(struct leaf *leaf);

static void take_made(void *context, const struct bus_message *message)
{
    struct leaf *leaf = CAST(leaf, context);
    const bool many = leaf->replicas > 1;
    const int code = jetstream_api_take(&leaf->api, message, many ? JETSTREAM_NO_CLUSTER : 0,
                                        many ? JETSTREAM_NO_PEERS : JETSTREAM_NAME_IN_USE);
    if (code == JETSTREAM_NO_CLUSTER || code == JETSTREAM_NO_PEERS) {
        leaf->replicas = 1;
        make(leaf);
    } else if (code == 0 || code == JETSTREAM_NAME_IN_USE) {
        look_soon(leaf);
    }
}

static void make(struct leaf *leaf)
{
    char *config = jetstream_config_hub(&leaf->settings, leaf->replicas);
    jetstream_api_ask(&leaf->api, API("CREATE"), config, take_made, leaf);
    free(config);
}

static void join(struct leaf *leaf, const struct bus_message *message)
{
    char *changed, *error;
    if (!jetstream_config_join(&leaf->settings, message->data, message->size, &changed, &error))
        jetstream_api_complain(&leaf->api, error);
    else if (changed)
        jetstream_api_ask(&leaf->api, API("UPDATE"), changed, take_changed, leaf);
    else {
        jetstream_api_done(&leaf->api);
        jetstream_api_begin(&leaf->api, LOOK_LATER);
    }
    free(changed);
    free(error);
}

static void take_found(void *context, const struct bus_message *message)
{
    struct leaf *leaf = CAST(leaf, context);
    const int code = jetstream_api_take(&leaf->api, message, JETSTREAM_NO_STREAM, 0);
    leaf->replicas = REPLICAS;
    if (code == JETSTREAM_NO_STREAM)
        make(leaf);
    else if (code == 0)
        join(leaf, message);
}

static void look_cb(void *context)
{
    struct leaf *leaf = CAST(leaf, context);
    jetstream_api_ask(&leaf->api, API("INFO"), "", take_found, leaf);
}

struct leaf *leaf_create(struct loop *loop, struct bus *bus,
                         const struct jetstream_settings *settings)
{
    struct leaf *leaf = mem_zalloc(sizeof *leaf);
    CAST_INIT(leaf, leaf);
    leaf->settings = *settings;
    leaf->api = (struct jetstream_api){
        .bus = bus,
        .trouble = "the hub does not fetch the events of this node, which stay at the leaf",
        .end = "the hub fetches the events of this node",
        .nobody = "it is not there, or its JetStream domain is not " JETSTREAM_HUB,
        .pause = PAUSE};
    jetstream_api_init(&leaf->api, loop, look_cb, leaf);
    return leaf;
}

void leaf_destroy(struct leaf *leaf)
{
    if (!leaf)
        return;
    jetstream_api_finish(&leaf->api);
    free(leaf);
}

void leaf_connected(struct leaf *leaf)
{
    jetstream_api_begin(&leaf->api, 0);
}

void leaf_lost(struct leaf *leaf)
{
    jetstream_api_stop(&leaf->api);
}
