/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client's side of the handshake. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fail.h"
#include "base/http_head.h"
#include "base/mem.h"
#include "websocket/ws_extension.h"
#include "websocket/ws_handshake.h"

/* Bytes of what it says that are said, where it says no. */
enum { SAID_MAX = 120 };

static const char version[] = "HTTP/1.1 ";

struct answer {
    const char *head;
    size_t size;
};

static char *field(const struct answer *answer, const char *name)
{
    return http_head_field(answer->head, answer->size, name);
}

void ws_handshake_ask(const struct ws_terms *terms, const char *key, UT_string *out)
{
    utstring_printf(out,
                    "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\n"
                    "Connection: Upgrade\r\nSec-WebSocket-Key: %s\r\n"
                    "Sec-WebSocket-Version: 13\r\n",
                    terms->path ? terms->path : "/", terms->host, key);
    if (terms->protocols)
        utstring_printf(out, "Sec-WebSocket-Protocol: %s\r\n", terms->protocols);
    if (terms->deflate)
        utstring_printf(out, "Sec-WebSocket-Extensions: " WS_EXTENSION_DEFLATE "\r\n");
    utstring_printf(out, "\r\n");
}

bool ws_handshake_is_http(const char *data, size_t size)
{
    const size_t length = strlen("HTTP/1.");
    return memcmp(data, version, size < length ? size : length) == 0;
}

/* --- judging --- */

/* "301 Moved Permanently" */
static char *status_of(const struct answer *answer)
{
    const size_t at = sizeof version - 1, length = strcspn(answer->head, "\r\n");
    if (length <= at)
        return mem_strdup("");
    return mem_strndup(answer->head + at, length - at < SAID_MAX ? length - at : SAID_MAX);
}

/* It said something else than yes. */
static bool fail_status(const struct answer *answer, const char *status, char **error)
{
    char *location = *status == '3' ? field(answer, "Location") : NULL;
    char *said =
        mem_printf("%s%s%s", status, location ? ", see " : "", location ? location : "");
    fail_with(error, "the far end refused the WebSocket: HTTP %s", said);
    free(said);
    free(location);
    return false;
}

static bool accepts(const struct answer *answer, const char *key)
{
    char expected[WS_ACCEPT_SIZE], *accept = field(answer, "Sec-WebSocket-Accept");
    ws_key_accept(key, expected);
    const bool good = accept && strcmp(accept, expected) == 0 &&
                      http_head_lists(answer->head, answer->size, "Upgrade", "websocket") &&
                      http_head_lists(answer->head, answer->size, "Connection", "upgrade");
    free(accept);
    return good;
}

static bool has(const char *list, const char *word)
{
    char *copy = list ? mem_strdup(list) : NULL, *rest = copy;
    bool found = false;
    for (const char *each; !found && (each = http_list_next(&rest));)
        found = strcmp(each, word) == 0;
    free(copy);
    return found;
}

static bool judge_protocol(const struct ws_terms *terms, const struct answer *answer,
                           char **error)
{
    char *protocol = field(answer, "Sec-WebSocket-Protocol");
    const bool good = !protocol || has(terms->protocols, protocol);
    if (!good)
        fail_with(error, "the far end speaks a protocol that was not asked for: %s", protocol);
    free(protocol);
    return good;
}

static bool judge_extension(const struct ws_terms *terms, const struct answer *answer,
                            struct ws_agreement *agreement, char **error)
{
    char *extension = field(answer, "Sec-WebSocket-Extensions");
    agreement->deflate = extension && terms->deflate && ws_extension_agreed(extension);
    const bool good = !extension || agreement->deflate;
    if (!good)
        fail_with(error, "the far end wants an extension that was not offered: %s", extension);
    free(extension);
    return good;
}

bool ws_handshake_judge(const struct ws_terms *terms, const char *key, const char *head,
                        size_t size, struct ws_agreement *agreement, char **error)
{
    const struct answer answer = {head, size};
    char *status = status_of(&answer);
    const bool yes =
        strncmp(head, version, sizeof version - 1) == 0 && strncmp(status, "101", 3) == 0;
    if (!yes)
        fail_status(&answer, status, error);
    free(status);
    if (!yes)
        return false;
    if (!accepts(&answer, key)) {
        *error = mem_strdup("the far end says yes, but not as a WebSocket does");
        return false;
    }
    return judge_protocol(terms, &answer, error) &&
           judge_extension(terms, &answer, agreement, error);
}
