/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tells the service manager how we are: the protocol of sd_notify(3) with NOTIFY_SOCKET, and of
 * sd_watchdog_enabled(3) with WATCHDOG_USEC. Where nobody asked, nothing is told: a NULL
 * service is fine everywhere.
 */
#ifndef TELEX_SERVER_SERVICE_H
#define TELEX_SERVER_SERVICE_H

struct loop;
struct service;

/* Takes the variables out of the environment. NULL where there are none. */
struct service *service_create(struct loop *loop);
void service_destroy(struct service *service);

/* READY=1: at start, and when a reload has ended. The watchdog is fed from then on. */
void service_ready(struct service *service, const char *status);
/* RELOADING=1, to be followed by service_ready. */
void service_reloading(struct service *service);
/* STOPPING=1 */
void service_stopping(struct service *service);

#endif
