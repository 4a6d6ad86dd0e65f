/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/scheme.h"

#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/words.h"

#define PREFIX_HOST "://"
#define PREFIX_URL "://"
#define PREFIX_PATH ":"
#define PREFIX_DEVICE ":"
#define PREFIX_COMMAND ":"

const struct scheme_traits schemes[SCHEME_COUNT] = {
#define TRAITS(name, NAME, form, port, type, users, words)                 \
    {#name,         #name PREFIX_##form,       SCHEME_##form,              \
     port,          SOCK_##type == SOCK_DGRAM, SOCK_##type != SOCK_STREAM, \
     SCHEME_##users},
    SCHEMES(TRAITS)
#undef TRAITS
};

const char *const scheme_words[] = {
#define WORD(name, ...) #name,
    SCHEMES(WORD)
#undef WORD
        NULL,
};

size_t scheme_prefix(const char *text, enum scheme *scheme)
{
    for (enum scheme each = 0; each < SCHEME_COUNT; each++) {
        size_t length = strlen(schemes[each].prefix);
        if (strncasecmp(text, schemes[each].prefix, length) == 0) {
            *scheme = each;
            return length;
        }
    }
    return 0;
}

enum scheme scheme_without_tls(enum scheme scheme)
{
    return scheme == SCHEME_TLS ? SCHEME_TCP : scheme == SCHEME_WSS ? SCHEME_WS : scheme;
}
