/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/tls_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/home.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/words.h"
#include "core/listener.h"
#include "core/origin.h"
#include "tls/tls_context.h"
#include "transport/transport.h"

enum { HANDSHAKE = 10000000 /* microseconds */ };

/* --- life --- */

void tls_options_init(struct tls_options *options)
{
    *options = (struct tls_options){.handshake = HANDSHAKE};
    CAST_INIT(tls_options, options);
    tcp_options_init(&options->tcp);
}

void tls_options_finish(struct tls_options *options)
{
    tcp_options_finish(&options->tcp);
    tls_settings_finish(&options->settings);
    tls_context_release(options->context);
}

static void *create(void)
{
    struct tls_options *options = mem_alloc(sizeof *options);
    tls_options_init(options);
    return options;
}

static void destroy(void *context)
{
    struct tls_options *options = CAST(tls_options, context);
    tls_options_finish(options);
    free(options);
}

/* --- keys --- */

static struct tls_settings *settings_of(void *context)
{
    return &CAST(tls_options, context)->settings;
}

/* It is read when there is something to listen on, or to call. */
static bool take_file(char **file, const char *key, const char *value, char **error)
{
    if (*value == '\0') {
        *error = mem_printf("%s=: name a file, as in %s=/etc/telex/%s.pem", key, key, key);
        return false;
    }
    free(*file);
    *file = home_expand(value);
    return true;
}

bool tls_options_take_cert(void *context, const char *value, char **error)
{
    return take_file(&settings_of(context)->cert, "cert", value, error);
}

bool tls_options_take_key(void *context, const char *value, char **error)
{
    return take_file(&settings_of(context)->key, "key", value, error);
}

bool tls_options_take_ca(void *context, const char *value, char **error)
{
    return take_file(&settings_of(context)->ca, "ca", value, error);
}

bool tls_options_take_psk(void *context, const char *value, char **error)
{
    return take_file(&settings_of(context)->psk, "psk", value, error);
}

bool tls_options_take_alpn(void *context, const char *value, char **error)
{
    return tls_settings_alpn(settings_of(context), value, error);
}

bool tls_options_take_min(void *context, const char *value, char **error)
{
    struct tls_settings *settings = settings_of(context);
    if (settings->datagrams && strcmp(value, "1.3") == 0)
        return fail_with(error, "min=%s: there is no DTLS 1.3 here, use 1.2", value);
    return tls_settings_min(settings, value, error);
}

bool tls_options_take_verify(void *context, const char *value, char **error)
{
    return tls_settings_verify(settings_of(context), value, error);
}

bool tls_options_take_pin(void *context, const char *value, char **error)
{
    return tls_settings_pin(settings_of(context), value, error);
}

bool tls_options_take_server_name(void *context, const char *value, char **error)
{
    return tls_settings_server_name(settings_of(context), value, error);
}

bool tls_options_take_handshake(void *context, const char *value, char **error)
{
    return number_parse_seconds(value, &CAST(tls_options, context)->handshake) ||
           fail_with(error, "handshake=%s: not a number of seconds", value);
}

bool tls_options_take_plain(void *context, const char *value, char **error)
{
    return key_take_flag(&CAST(tls_options, context)->plain, "plain", value, error);
}

bool tls_options_take_named(void *context, const char *value, char **error)
{
    return key_take_flag(&CAST(tls_options, context)->named, "named", value, error);
}

bool tls_options_take_checks(void *context, const char *value, char **error)
{
    struct tls_settings *settings = settings_of(context);
    bool yes;
    if (!words_yes(value, &yes))
        return fail_with(error, "verify=%s: use yes or no", value);
    settings->verify = yes ? TLS_VERIFY_REQUIRE : TLS_VERIFY_NONE;
    return true;
}

static const struct key keys[] = {TCP_KEYS, TLS_KEYS};

const struct key_set tls_options_keys = {
    .keys = keys, .count = sizeof keys / sizeof *keys, .create = create, .destroy = destroy};

struct tls_options *tls_options_of(const struct origin *origin)
{
    return CAST(tls_options, origin->options);
}

/* --- files --- */

static struct tls_context *make(const struct origin *origin,
                                const struct transport_settings *settings,
                                const struct tls_context *before, char **error)
{
    const struct tls_settings *own = &tls_options_of(origin)->settings;
    struct tls_settings all;
    if (origin->listener) {
        all = tls_settings_with(own, &settings->tls_listeners);
        return tls_context_listen(&all, before, error);
    }
    all = tls_settings_with(own, &settings->tls_calls);
    return tls_context_call(&all, error);
}

static void certify(struct listener *listener, const char *fingerprint)
{
    snprintf(listener->fingerprint, sizeof listener->fingerprint, "%s",
             fingerprint ? fingerprint : "");
}

bool tls_options_load(struct origin *origin, const struct transport_settings *settings,
                      const struct origin *before, char **error)
{
    struct tls_options *options = tls_options_of(origin);
    const struct tls_context *former = before ? tls_options_of(before)->context : NULL;
    struct tls_context *context = make(origin, settings, former, error);
    if (!context)
        return false;
    tls_context_release(options->context);
    options->context = context;
    if (origin->listener)
        certify(origin->listener, tls_context_fingerprint(context));
    return true;
}
