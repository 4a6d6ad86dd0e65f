/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The address of a Unix socket (unix(7)) from what an endpoint keeps: the path of a file, or
 * "@NAME", an abstract socket, which is no file and has no permissions.
 */
#ifndef TELEX_BASE_UNIX_ADDRESS_H
#define TELEX_BASE_UNIX_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

/* Whether path is "@NAME". */
bool unix_address_is_abstract(const char *path);
/* Fills *address and returns its length. What is longer than ENDPOINT_PATH_MAX is cut. */
socklen_t unix_address(const char *path, struct sockaddr_un *address);

#endif
