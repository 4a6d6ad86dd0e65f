/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a listener or a call is told of TLS, as it was written: no file is read yet (that does
 * tls_context). Keys of endpoints and options take their values by the same functions.
 */
#ifndef TELEX_TLS_TLS_SETTINGS_H
#define TELEX_TLS_TLS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    TLS_DIGEST = 32,     /* bytes of a SHA-256 */
    TLS_ALPN_MAX = 1024, /* bytes of all protocols */
};

/* Whether the far end has to show a certificate that we trust. */
enum tls_verify { TLS_VERIFY_UNSET, TLS_VERIFY_NONE, TLS_VERIFY_OPTIONAL, TLS_VERIFY_REQUIRE };
enum tls_version { TLS_VERSION_UNSET, TLS_VERSION_1_2, TLS_VERSION_1_3 };

/* Zeroed: nothing is said. Strings are its own, NULL where there is none. */
struct tls_settings {
    char *cert; /* file: our certificate and those that signed it, in PEM */
    char *key;  /* file; NULL: it stands with the certificate */
    char *ca;   /* file: whom we trust, and their CRLs; NULL, of a call: the system's store */
    char *psk;  /* file of lines "IDENTITY HEXKEY" */
    char *alpn; /* "h2,http/1.1": the best first */
    char *server_name; /* of a call: whom its certificate is for; NULL: the host */
    enum tls_verify verify;
    enum tls_version min;
    bool datagrams;  /* it is DTLS (RFC 6347) */
    bool by_options; /* a person hears of --ca, where it is ca= for an endpoint */
    bool pinned;     /* the far end's certificate has this SHA-256 */
    unsigned char pin[TLS_DIGEST];
};

void tls_settings_finish(struct tls_settings *settings);
/* What it says, and others where it says nothing. All strings are borrowed. */
struct tls_settings tls_settings_with(const struct tls_settings *settings,
                                      const struct tls_settings *others);

/* Each takes a value; false with *error, which names it and what may stand there. */
bool tls_settings_alpn(struct tls_settings *settings, const char *value, char **error);
bool tls_settings_min(struct tls_settings *settings, const char *value, char **error);
bool tls_settings_pin(struct tls_settings *settings, const char *value, char **error);
bool tls_settings_verify(struct tls_settings *settings, const char *value, char **error);
bool tls_settings_server_name(struct tls_settings *settings, const char *value, char **error);

#endif
