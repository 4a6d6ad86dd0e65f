/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of a line under TLS, in words that come from outside. */
#ifndef TELEX_BASE_TLS_FACTS_H
#define TELEX_BASE_TLS_FACTS_H

#include <stdbool.h>

/* X(name), each a string; NULL: there is none. */
#define TLS_FACTS(X)                                                       \
    X(version)     /* "TLSv1.3" */                                         \
    X(cipher)      /* "TLS_AES_256_GCM_SHA384" */                          \
    X(alpn)        /* the protocol that both have agreed on */             \
    X(server_name) /* that the caller has asked for */                     \
    X(subject)     /* of the far end's certificate: "CN=boiler,O=Works" */ \
    X(fingerprint) /* of that: "sha256:HEX" */                             \
    X(psk_identity)

/* Zeroed where the line is under no TLS: version is NULL only there. */
struct tls_facts {
#define TLS_FACT_ENTRY(name) const char *name;
    TLS_FACTS(TLS_FACT_ENTRY)
#undef TLS_FACT_ENTRY
    bool resumed; /* from a handshake of before */
};

#endif
