/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The texts of JetStream's API that we say and hear. In docs.nats.io they are in "JetStream
 * wire API reference", with the sources of nats-server as the last word. Pure.
 */
#ifndef TELEX_FLEET_JETSTREAM_CONFIG_H
#define TELEX_FLEET_JETSTREAM_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "fleet/jetstream.h"

/* The JetStream domain of the server that leaf servers join. */
#define JETSTREAM_HUB "hub"

/* Codes of its errors. */
enum {
    JETSTREAM_NO_PEERS = 10005,    /* too few servers that could keep it so often */
    JETSTREAM_NO_MESSAGE = 10037,  /* on that subject */
    JETSTREAM_NAME_IN_USE = 10058, /* by a stream that was made otherwise */
    JETSTREAM_NO_STREAM = 10059,   /* of that name */
    JETSTREAM_NO_CLUSTER = 10074,  /* one server, which keeps it once */
    JETSTREAM_UNREADABLE = -1      /* ours */
};

/* What makes the stream of a node's broker, kept by so many servers; malloc'ed. */
char *jetstream_config_own(const struct jetstream_settings *settings, unsigned replicas);
/* That of a hub, which takes all from the streams of leaf servers. */
char *jetstream_config_hub(const struct jetstream_settings *settings, unsigned replicas);
/*
 * The hub's stream, from its answer, with the node's added to those that it takes from, in
 * *changed: malloc'ed, or NULL where it is there. false with *error, a sentence, malloc'ed,
 * where it cannot be added.
 */
bool jetstream_config_join(const struct jetstream_settings *settings, const char *answer,
                           size_t size, char **changed, char **error);

/* Code of the error that an answer tells, whose sentence, escaped, is in *why, malloc'ed. 0:
 * none, and NULL. */
int jetstream_error(const char *answer, size_t size, char **why);
/* Whether something of that id was stored before, and this is not. */
bool jetstream_is_duplicate(const char *answer, size_t size);
/* The node's batch that was stored last, from the answer with it. */
void jetstream_read_last(const char *node, const char *answer, size_t size,
                         struct jetstream_last *last);

#endif
