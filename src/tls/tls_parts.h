/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of a context share. */
#ifndef TELEX_TLS_TLS_PARTS_H
#define TELEX_TLS_TLS_PARTS_H

#include <openssl/ssl.h>

#include "base/address.h"
#include "base/cast.h"
#include "tls/tls_settings.h"

struct tls_psk;

enum { TLS_FINGERPRINT = sizeof "sha256:" + 2 * TLS_DIGEST };

struct tls_context {
    unsigned references;
    CAST_MARK;
    SSL_CTX *ctx;                      /* its app data is the context */
    char fingerprint[TLS_FINGERPRINT]; /* of our certificate; "": there is none */
    bool made;                         /* it is not from a file */
    bool has_ca;                       /* named, and not the system's store */
    bool by_options;                   /* see tls_settings */
    bool pinned;
    unsigned char pin[TLS_DIGEST];
    char *server_name;   /* NULL: the host that is called */
    unsigned char *alpn; /* as RFC 7301 has it: each with a byte of its length before */
    unsigned alpn_size;
    struct tls_psk *psk;                  /* NULL: none */
    unsigned char cookie_key[TLS_DIGEST]; /* of a listener of datagrams */
    int key_log;                          /* descriptor; -1: nobody asked for it */
};

/* What stands behind each SSL, as its app data. */
struct tls_session {
    struct tls_context *context;
    CAST_MARK;
    char *verdict;            /* why the far end is not who it should be, a sentence; or NULL */
    const char *psk_identity; /* of the key that was shown, of the context's; or NULL */
    union address hello_from; /* of datagrams: which the cookie is good for */
    bool asked;               /* the far end wanted a certificate of ours, and we have none */
};

#endif
