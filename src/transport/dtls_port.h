/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A listener's socket under DTLS: whom each datagram is for. A hello without a good cookie is
 * answered and forgotten. With one its sender shakes hands beside the peer that may be there
 * already, and takes its place when that is done: so no forged hello ends anybody.
 */
#ifndef TELEX_TRANSPORT_DTLS_PORT_H
#define TELEX_TRANSPORT_DTLS_PORT_H

struct udp_socket;

/* Of a listener's socket, whose origin has tls_options; the socket owns it from here on. */
void dtls_port_serve(struct udp_socket *socket);

#endif
