/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_settings.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/mem.h"

void tls_settings_finish(struct tls_settings *settings)
{
    free(settings->cert);
    free(settings->key);
    free(settings->ca);
    free(settings->psk);
    free(settings->alpn);
    free(settings->server_name);
    *settings = (struct tls_settings){0};
}

static char *either(char *text, char *other)
{
    return text ? text : other;
}

/* A certificate of its own does not go with a key of others. */
struct tls_settings tls_settings_with(const struct tls_settings *settings,
                                      const struct tls_settings *others)
{
    struct tls_settings both = *settings;
    const bool own = both.cert || both.key;
    both.cert = own ? both.cert : others->cert;
    both.key = own ? both.key : others->key;
    both.ca = either(both.ca, others->ca);
    both.psk = either(both.psk, others->psk);
    both.alpn = either(both.alpn, others->alpn);
    both.server_name = either(both.server_name, others->server_name);
    both.verify = both.verify ? both.verify : others->verify;
    both.by_options = both.by_options || others->by_options;
    if (!both.pinned && others->pinned) {
        both.pinned = true;
        memcpy(both.pin, others->pin, sizeof both.pin);
    }
    return both;
}

static void set(char **text, const char *value)
{
    free(*text);
    *text = mem_strdup(value);
}

/* --- values --- */

/* RFC 7301: each has 1 to 255 bytes. */
static bool is_list(const char *list)
{
    size_t length;
    for (;; list += length + 1) {
        length = strcspn(list, ",");
        if (length == 0 || length > 255)
            return false;
        if (list[length] == '\0')
            return true;
    }
}

bool tls_settings_alpn(struct tls_settings *settings, const char *value, char **error)
{
    if (!is_list(value) || strlen(value) > TLS_ALPN_MAX)
        return fail_with(error, "'%s' is no list of protocols, as in h2,http/1.1", value);
    set(&settings->alpn, value);
    return true;
}

bool tls_settings_min(struct tls_settings *settings, const char *value, char **error)
{
    if (strcmp(value, "1.2") == 0)
        settings->min = TLS_VERSION_1_2;
    else if (strcmp(value, "1.3") == 0)
        settings->min = TLS_VERSION_1_3;
    else
        return fail_with(error, "unknown version of TLS '%s': use 1.2 or 1.3", value);
    return true;
}

static int digit(char letter)
{
    static const char digits[] = "0123456789abcdef";
    const char *place = strchr(digits, tolower((unsigned char)letter));
    return letter != '\0' && place ? (int)(place - digits) : -1;
}

/* 64 hex digits, with colons between the pairs as openssl prints them, or without. */
static bool read_digest(unsigned char digest[TLS_DIGEST], const char *text)
{
    for (size_t i = 0; i < TLS_DIGEST; i++, text += 2) {
        if (i > 0 && *text == ':')
            text++;
        const int high = digit(text[0]), low = high < 0 ? -1 : digit(text[1]);
        if (low < 0)
            return false;
        digest[i] = (unsigned char)(high << 4 | low);
    }
    return *text == '\0';
}

bool tls_settings_pin(struct tls_settings *settings, const char *value, char **error)
{
    static const char prefix[] = "sha256:";
    settings->pinned = strncmp(value, prefix, strlen(prefix)) == 0 &&
                       read_digest(settings->pin, value + strlen(prefix));
    return settings->pinned ||
           fail_with(error, "'%s' is no fingerprint: use sha256: and 64 hex digits", value);
}

bool tls_settings_verify(struct tls_settings *settings, const char *value, char **error)
{
    if (strcmp(value, "none") == 0)
        settings->verify = TLS_VERIFY_NONE;
    else if (strcmp(value, "optional") == 0)
        settings->verify = TLS_VERIFY_OPTIONAL;
    else if (strcmp(value, "require") == 0)
        settings->verify = TLS_VERIFY_REQUIRE;
    else
        return fail_with(error, "verify=%s: use none, optional or require", value);
    return true;
}

bool tls_settings_server_name(struct tls_settings *settings, const char *value, char **error)
{
    enum { NAME_MAX_BYTES = 253 }; /* of a name in the DNS */
    if (*value == '\0' || strlen(value) > NAME_MAX_BYTES)
        return fail_with(error, "'%s' is no name of a server", value);
    set(&settings->server_name, value);
    return true;
}
