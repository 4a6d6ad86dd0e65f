/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where OpenSSL's memory comes from. */
#ifndef TELEX_TLS_TLS_MEMORY_H
#define TELEX_TLS_TLS_MEMORY_H

/* From base/mem.h, where no allocation fails. Before OpenSSL has asked for any; later calls do
 * nothing. */
void tls_memory_use(void);
/* OpenSSL gives nothing back when the program ends, for one with a library whose threads may
 * still be at work with it then. Before anything else of OpenSSL's. */
void tls_memory_keep(void);

#endif
