/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/nats_settings.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fail.h"
#include "base/mem.h"
#include "base/number.h"

static const char *const beginnings[] = {"nats://", "tls://"};

/* What stands behind nats:// or tls://; NULL: neither does. */
static const char *behind(const char *text)
{
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        const size_t length = strlen(beginnings[i]);
        if (strncasecmp(text, beginnings[i], length) == 0)
            return text + length;
    }
    return NULL;
}

bool nats_settings_is_url(const char *text)
{
    return behind(text) != NULL;
}

/* HOST[:PORT], behind a user's name and password if they are there. An IPv6 address stands in
 * brackets. */
static bool is_place(const char *text, size_t size)
{
    char *copy = mem_strndup(text, size);
    const char *user = strrchr(copy, '@'), *host = user ? user + 1 : copy;
    copy[strcspn(copy, "/")] = '\0';
    const char *bracket = *host == '[' ? strchr(host, ']') : NULL;
    const char *behind_host = bracket ? bracket + 1 : host + strcspn(host, ":");
    uint64_t port;
    const bool good = strcspn(host, ": ") > 0 &&
                      (*behind_host == '\0' ||
                       (*behind_host == ':' && number_parse(behind_host + 1, 65535, &port)));
    free(copy);
    return good;
}

bool nats_settings_check_url(const char *text, char **error)
{
    for (const char *at = text; at; at = strchr(at, ',')) {
        at += *at == ',';
        const char *place = behind(at);
        if (!place || !is_place(place, strcspn(place, ",")))
            return fail_with(error,
                             "'%s' is no nats://HOST[:PORT] or tls://HOST[:PORT], where PORT "
                             "is 0 to 65535",
                             text);
    }
    return true;
}

bool nats_settings_check(const struct nats_settings *settings, char **error)
{
    if (!settings->key || settings->cert)
        return true;
    *error = mem_strdup("--key needs the certificate that it is of: --cert FILE");
    return false;
}

void nats_settings_finish(struct nats_settings *settings)
{
    free(settings->url);
    free(settings->creds);
    free(settings->ca);
    free(settings->cert);
    free(settings->key);
}
