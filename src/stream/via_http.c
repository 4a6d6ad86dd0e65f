/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/fail.h"
#include "base/http_head.h"
#include "base/mem.h"
#include "stream/via.h"

/* Bytes of it that are said, where it says no. */
enum { SAID_MAX = 120 };

static void put_credentials(UT_string *out, const struct via *via)
{
    char *both = mem_printf("%s:%s", via->user, via->password);
    utstring_printf(out, "Proxy-Authorization: Basic ");
    base64_encode(out, both, strlen(both));
    utstring_printf(out, "\r\n");
    explicit_bzero(both, strlen(both));
    free(both);
}

static void begin(struct via_talk *talk)
{
    const struct via *via = talk->via;
    const char *format = strchr(via->host, ':') ? "[%s]:%u" : "%s:%u";
    char *far_end = mem_printf(format, via->host, (unsigned)via->port);
    utstring_printf(&talk->say, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n", far_end, far_end);
    if (via->user)
        put_credentials(&talk->say, via);
    utstring_printf(&talk->say, "\r\n");
    free(far_end);
}

static bool is_http(const char *data, size_t size)
{
    static const char begin[] = "HTTP/1.";
    const size_t length = sizeof begin - 1;
    return memcmp(data, begin, size < length ? size : length) == 0;
}

/* "407 Proxy Authentication Required". */
static char *status_of(const char *head)
{
    enum { AT = 9 };
    const size_t length = strcspn(head, "\r\n");
    if (length <= AT)
        return mem_strdup("");
    return mem_strndup(head + AT, length - AT < SAID_MAX ? length - AT : SAID_MAX);
}

static void judge(struct via_talk *talk, const char *status)
{
    const bool known = strspn(status, "0123456789") == 3;
    const bool final = status[0] != '1' || strncmp(status, "101", 3) == 0;
    if (known && status[0] == '2')
        talk->open = true;
    else if (known && strncmp(status, "407", 3) == 0 && !talk->via->user)
        fail_with(&talk->error, "the proxy wants a user name and password: HTTP %s", status);
    else if (known && strncmp(status, "407", 3) == 0)
        fail_with(&talk->error,
                  "the proxy does not accept this user name and password: HTTP %s", status);
    else if (!known || final)
        fail_with(&talk->error, "the proxy refused: HTTP %s", status);
}

/* Of a body nothing is read: one behind a yes is the far end's, whatever the head says. */
static size_t take(struct via_talk *talk, const char *data, size_t size)
{
    const size_t head = is_http(data, size) ? http_head_size(data, size) : 0;
    if (!is_http(data, size))
        talk->error = mem_strdup("this is no HTTP proxy");
    else if (head > HTTP_HEAD_MAX || (head == 0 && size > HTTP_HEAD_MAX))
        talk->error = mem_strdup("the proxy's answer is longer than 8 KiB");
    if (talk->error || head == 0)
        return 0;
    char *status = status_of(data);
    judge(talk, status);
    free(status);
    return talk->error ? 0 : head;
}

const struct via_protocol via_http = {.name = "http", .begin = begin, .take = take};
