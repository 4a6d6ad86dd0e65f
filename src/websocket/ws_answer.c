/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server's side of the handshake. */
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/http_head.h"
#include "base/mem.h"
#include "websocket/ws_extension.h"
#include "websocket/ws_handshake.h"
#include "websocket/ws_origin.h"

/* Bytes of the request's first line that are said of it. */
enum { LINE_SHOWN = 80 };

struct request {
    const struct ws_terms *terms;
    const char *head;
    size_t size;
    struct http_request line;
    enum http_status status; /* HTTP_OK: it gets its WebSocket */
    const char *why;         /* it does not */
    char *page;              /* that has called, where it may not; malloc'ed, or NULL */
};

static char *field(const struct request *request, const char *name)
{
    return http_head_field(request->head, request->size, name);
}

static bool lists(const struct request *request, const char *name, const char *word)
{
    return http_head_lists(request->head, request->size, name, word);
}

/* --- judging --- */

static bool refuse(struct request *request, enum http_status status, const char *why)
{
    request->status = status;
    request->why = why;
    return false;
}

static bool read_line(struct request *request)
{
    const char *end = memchr(request->head, '\n', request->size);
    const size_t size = end ? (size_t)(end - request->head) : request->size;
    const enum http_status status = http_request_read(request->head, size, &request->line);
    if (status != HTTP_OK)
        return refuse(request, status, "no request that is understood");
    return http_head_is_valid(request->head, request->size) ||
           refuse(request, HTTP_BAD, "a field without a name");
}

static bool asks_for_websocket(struct request *request)
{
    if (request->line.old || !lists(request, "Upgrade", "websocket") ||
        !lists(request, "Connection", "upgrade"))
        return refuse(request, HTTP_UPGRADE, "a plain HTTP request");
    if (!request->line.get)
        return refuse(request, HTTP_METHOD, "a WebSocket is asked for with GET");
    char *version = field(request, "Sec-WebSocket-Version");
    const bool good = version && strcmp(version, "13") == 0;
    free(version);
    return good || refuse(request, HTTP_UPGRADE, "a version of WebSocket that is not 13");
}

static bool has_key(struct request *request)
{
    char *key = field(request, "Sec-WebSocket-Key");
    const bool good = key && ws_key_is_valid(key);
    free(key);
    return good || refuse(request, HTTP_BAD, "no Sec-WebSocket-Key of 16 bytes");
}

static bool asks_for_path(struct request *request)
{
    const char *path = request->terms->path;
    return !path || http_request_is_for(&request->line, path) ||
           refuse(request, HTTP_NOT_FOUND, "a path that is not served");
}

static bool comes_from_allowed_page(struct request *request)
{
    char *origin = field(request, "Origin"), *host = field(request, "Host");
    const bool has_host = host && http_head_count(request->head, request->size, "Host") == 1;
    const bool may = !origin || ws_origin_may(origin, host, request->terms->origins);
    free(host);
    if (may)
        free(origin);
    else
        request->page = origin;
    if (!has_host)
        return refuse(request, HTTP_BAD, "no Host, or several");
    return may || refuse(request, HTTP_FORBIDDEN, "a web page from elsewhere");
}

/* --- answering --- */

/* The first of ours that the client knows too. */
static void put_protocol(const struct request *request, UT_string *out)
{
    char *copy = request->terms->protocols ? mem_strdup(request->terms->protocols) : NULL;
    char *rest = copy;
    for (const char *each; (each = http_list_next(&rest));) {
        if (!lists(request, "Sec-WebSocket-Protocol", each))
            continue;
        utstring_printf(out, "Sec-WebSocket-Protocol: %s\r\n", each);
        break;
    }
    free(copy);
}

static bool agrees_to_deflate(const struct request *request)
{
    char *offers = field(request, "Sec-WebSocket-Extensions");
    const bool agrees = request->terms->deflate && offers && ws_extension_offered(offers);
    free(offers);
    return agrees;
}

static void put_yes(const struct request *request, const struct ws_agreement *agreement,
                    UT_string *out)
{
    char *key = field(request, "Sec-WebSocket-Key"), accept[WS_ACCEPT_SIZE];
    ws_key_accept(key, accept);
    free(key);
    utstring_printf(out,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n",
                    accept);
    put_protocol(request, out);
    if (agreement->deflate)
        utstring_printf(out, "Sec-WebSocket-Extensions: " WS_EXTENSION_DEFLATE "\r\n");
    utstring_printf(out, "\r\n");
}

void ws_handshake_refuse(enum http_status status, const char *why, UT_string *out)
{
    char *body = mem_printf("%d %s: %s. This is a WebSocket of telexd: open it with new "
                            "WebSocket(\"ws://...\") in a browser, or telex ws://...\n",
                            status, http_status_reason(status), why);
    utstring_printf(out, "HTTP/1.1 %d %s\r\n", status, http_status_reason(status));
    if (status == HTTP_UPGRADE)
        utstring_printf(out, "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
    if (status == HTTP_METHOD)
        utstring_printf(out, "Allow: GET\r\n");
    utstring_printf(out,
                    "Connection: %sclose\r\nContent-Type: text/plain; charset=utf-8\r\n"
                    "Content-Length: %zu\r\n\r\n",
                    status == HTTP_UPGRADE ? "Upgrade, " : "", strlen(body));
    utstring_printf(out, "%s", body);
    free(body);
}

/* "GET / HTTP/1.1: a web page from elsewhere, http://app.example (HTTP 403)" */
static bool turn_away(struct request *request, UT_string *out, char **error)
{
    const char *page = request->status == HTTP_FORBIDDEN ? request->page : NULL;
    const size_t length = strcspn(request->head, "\r\n");
    char *line = mem_strndup(request->head, length < LINE_SHOWN ? length : (size_t)LINE_SHOWN);
    ws_handshake_refuse(request->status, request->why, out);
    fail_with(error, "%s: %s%s%.*s (HTTP %d)", line, request->why, page ? ", " : "", LINE_SHOWN,
              page ? page : "", request->status);
    free(line);
    free(request->page);
    return false;
}

bool ws_handshake_answer(const struct ws_terms *terms, const char *head, size_t size,
                         struct ws_agreement *agreement, UT_string *out, char **error)
{
    struct request request = {.terms = terms, .head = head, .size = size, .status = HTTP_OK};
    if (!read_line(&request) || !asks_for_websocket(&request) || !has_key(&request) ||
        !asks_for_path(&request) || !comes_from_allowed_page(&request))
        return turn_away(&request, out, error);
    agreement->deflate = agrees_to_deflate(&request);
    put_yes(&request, agreement, out);
    return true;
}
