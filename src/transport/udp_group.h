/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What datagrams to several receivers at once need: groups (RFC 3493 5.2, ip(7), ipv6(7)) and
 * broadcasts (udp(7)).
 */
#ifndef TELEX_TRANSPORT_UDP_GROUP_H
#define TELEX_TRANSPORT_UDP_GROUP_H

#include <stdbool.h>

struct listener;
struct udp_options;
union address;

/*
 * Gives the host of a listener that means something else on each interface the one that its
 * interface= names: "ff02::1" becomes "ff02::1%eth0". False with *error where nothing names
 * one, or there is none of that name.
 */
bool udp_group_complete(struct listener *listener, char **error);
/*
 * A socket that is bound to a group joins it, on interface or, where that is NULL, where the
 * system would send it; bound to anything else it is kept to interface. False with *error.
 */
bool udp_group_join(int fd, const char *interface, char **error);
/* Not the groups that other sockets of this machine have joined. */
void udp_group_only_own(int fd, int family);

/* Sets on a socket what options say of calls to remote. Returns 0 or an errno. */
int udp_group_prepare(int fd, const union address *remote, const struct udp_options *options);
/*
 * Connects a socket. Returns 0 or an errno; *many tells whether several may get what is sent
 * there, and so others than remote answer.
 */
int udp_group_connect(int fd, const union address *remote, bool *many);
/*
 * Broadcasts may be sent on the socket from now on, or not. Only while an operator sends one:
 * a reply to a source that was forged must never be.
 */
void udp_group_permit(int fd, bool on);

#endif
