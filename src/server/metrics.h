/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --metrics: what /stats tells, for Prometheus and whoever else reads its text, at GET
 * /metrics.
 */
#ifndef TELEX_SERVER_METRICS_H
#define TELEX_SERVER_METRICS_H

struct hub;
struct metrics;
struct streams;

/*
 * Binds endpoint, which metrics_bind_check has found right, and answers from hub. NULL with
 * *error (malloc'ed): "cannot listen on tcp://127.0.0.1:9100: Address already in use".
 */
struct metrics *metrics_create(struct streams *streams, struct hub *hub, const char *endpoint,
                               char **error);
/* Ends all connections and removes the socket's file. NULL is fine. */
void metrics_destroy(struct metrics *metrics);

#endif
