/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the keys say that TLS alone knows, and the context that comes of them. */
#ifndef TELEX_TRANSPORT_TLS_OPTIONS_H
#define TELEX_TRANSPORT_TLS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cast.h"
#include "core/keys.h"
#include "tls/tls_settings.h"
#include "transport/tcp_options.h"

struct origin;
struct tls_context;
struct transport_settings;

struct tls_options {
    struct tcp_options tcp; /* first */
    CAST_MARK;
    struct tls_settings settings;
    int64_t handshake;           /* microseconds that a caller has for it; 0: no limit */
    bool plain;                  /* who begins without a hello is served as over tcp */
    bool named;                  /* a peer is named as its certificate says */
    struct tls_context *context; /* NULL: it is not loaded yet */
};

extern const struct key_set tls_options_keys;

/*
 * A scheme that stands on TLS has these among its own, and TCP_KEYS; the options that those set
 * begin with a struct tls_options then.
 */
#define TLS_KEYS                                                              \
    DTLS_KEYS,                                                                \
    {                                                                         \
        "plain", KEY_LISTEN, "no|yes", tls_options_take_plain, NULL, KEY_LIVE \
    }

/* Those of datagrams as well. */
#define DTLS_KEYS                                                                         \
    {"cert", KEY_EITHER, "FILE", tls_options_take_cert, NULL, KEY_LIVE},                  \
        {"key", KEY_EITHER, "FILE", tls_options_take_key, NULL, KEY_LIVE},                \
        {"ca", KEY_EITHER, "FILE", tls_options_take_ca, NULL, KEY_LIVE},                  \
        {"psk", KEY_EITHER, "FILE", tls_options_take_psk, NULL, KEY_LIVE},                \
        {"alpn", KEY_EITHER, "PROTOCOL,...", tls_options_take_alpn, NULL, KEY_LIVE},      \
        {"min", KEY_EITHER, "1.2|1.3", tls_options_take_min, NULL, KEY_LIVE},             \
        {"verify", KEY_LISTEN, "none|optional|require", tls_options_take_verify,          \
         NULL,     KEY_LIVE},                                                             \
        {"handshake", KEY_LISTEN, "SECONDS", tls_options_take_handshake, NULL, KEY_LIVE}, \
        {"named", KEY_LISTEN, "no|yes", tls_options_take_named, NULL, KEY_LIVE},          \
        {"verify", KEY_CALL, "yes|no", tls_options_take_checks, NULL, KEY_LIVE},          \
        {"pin", KEY_CALL, "sha256:HEX", tls_options_take_pin, NULL, KEY_LIVE},            \
    {                                                                                     \
        "server-name", KEY_CALL, "NAME", tls_options_take_server_name, NULL, KEY_LIVE     \
    }

bool tls_options_take_cert(void *options, const char *value, char **error);
bool tls_options_take_key(void *options, const char *value, char **error);
bool tls_options_take_ca(void *options, const char *value, char **error);
bool tls_options_take_psk(void *options, const char *value, char **error);
bool tls_options_take_alpn(void *options, const char *value, char **error);
bool tls_options_take_min(void *options, const char *value, char **error);
bool tls_options_take_verify(void *options, const char *value, char **error);
bool tls_options_take_handshake(void *options, const char *value, char **error);
bool tls_options_take_plain(void *options, const char *value, char **error);
bool tls_options_take_named(void *options, const char *value, char **error);
bool tls_options_take_checks(void *options, const char *value, char **error);
bool tls_options_take_pin(void *options, const char *value, char **error);
bool tls_options_take_server_name(void *options, const char *value, char **error);
void tls_options_init(struct tls_options *options);
void tls_options_finish(struct tls_options *options);

/* Of an origin whose scheme stands on TLS. */
struct tls_options *tls_options_of(const struct origin *origin);

/* As transport.load: makes the context, anew where there is one. */
bool tls_options_load(struct origin *origin, const struct transport_settings *settings,
                      const struct origin *before, char **error);

#endif
