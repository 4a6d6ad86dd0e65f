/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ports as people type them: a number, or the name of a service (services(5)). */
#ifndef TELEX_BASE_PORT_H
#define TELEX_BASE_PORT_H

#include <netinet/in.h>
#include <stdbool.h>

/*
 * Reads text into *port (host byte order). type, SOCK_STREAM or SOCK_DGRAM, says whose services
 * count. Asks no name server. On failure *error (malloc'ed) says what a port looks like.
 */
bool port_parse(const char *text, int type, in_port_t *port, char **error);

#endif
