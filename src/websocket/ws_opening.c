/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_opening.h"

#include <stdlib.h>

#include "base/http_head.h"
#include "base/mem.h"
#include "websocket/ws_room.h"

struct ws_opening {
    struct ws_terms terms; /* ours */
    char key[WS_KEY_SIZE]; /* of a call */
    bool calls;
};

static char *copy(const char *text)
{
    return text ? mem_strdup(text) : NULL;
}

struct ws_opening *ws_opening_create(const struct ws_terms *terms, const struct ws_room *room,
                                     bool calls)
{
    struct ws_opening *opening = mem_zalloc(sizeof *opening);
    opening->terms = (struct ws_terms){.host = copy(terms->host),
                                       .path = copy(terms->path),
                                       .protocols = copy(terms->protocols),
                                       .origins = copy(terms->origins),
                                       .deflate = terms->deflate && room->deflate};
    opening->calls = calls;
    return opening;
}

void ws_opening_destroy(struct ws_opening *opening)
{
    if (!opening)
        return;
    free((char *)opening->terms.host);
    free((char *)opening->terms.path);
    free((char *)opening->terms.protocols);
    free((char *)opening->terms.origins);
    free(opening);
}

void ws_opening_ask(struct ws_opening *opening, UT_string *out)
{
    ws_key_make(opening->key);
    ws_handshake_ask(&opening->terms, opening->key, out);
}

static void fail(struct ws_outcome *outcome, const char *error)
{
    outcome->error = mem_strdup(error);
}

static void refuse_long(const struct ws_opening *opening, struct ws_outcome *outcome)
{
    if (!opening->calls)
        ws_handshake_refuse(HTTP_TOO_LONG, "the request is longer than 8 KiB",
                            &outcome->answer);
    fail(outcome, opening->calls ? "the far end's answer is longer than 8 KiB"
                                 : "a request longer than 8 KiB");
}

/* Of a caller, who would wait for an answer as long as we for the end of a request. */
static void refuse_strange(const char *data, struct ws_outcome *outcome)
{
    enum { TLS_HANDSHAKE = 0x16 };
    const char *why = *data == TLS_HANDSHAKE ? "a caller that speaks TLS, which is for wss://"
                                             : "no request of HTTP";
    ws_handshake_refuse(HTTP_BAD, why, &outcome->answer);
    outcome->error = mem_printf("%s (HTTP %d)", why, HTTP_BAD);
}

/* A request begins with a method. */
static bool is_strange(const struct ws_opening *opening, const char *data, size_t size)
{
    return size > 0 &&
           (opening->calls ? !ws_handshake_is_http(data, size) : !http_is_token(data, 1));
}

static bool agree(const struct ws_opening *opening, const char *head, size_t size,
                  struct ws_outcome *outcome)
{
    struct ws_agreement agreement = {0};
    const struct ws_terms *terms = &opening->terms;
    const bool good = opening->calls ? ws_handshake_judge(terms, opening->key, head, size,
                                                          &agreement, &outcome->error)
                                     : ws_handshake_answer(terms, head, size, &agreement,
                                                           &outcome->answer, &outcome->error);
    outcome->deflate = agreement.deflate;
    return good;
}

void ws_opening_take(const struct ws_opening *opening, const char *data, size_t size,
                     struct ws_outcome *outcome)
{
    const size_t head = http_head_size(data, size);
    *outcome = (struct ws_outcome){0};
    utstring_init(&outcome->answer);
    if (is_strange(opening, data, size) && opening->calls)
        fail(outcome, "the far end speaks no HTTP, and so no WebSocket");
    else if (is_strange(opening, data, size))
        refuse_strange(data, outcome);
    else if (head > HTTP_HEAD_MAX || (head == 0 && size > HTTP_HEAD_MAX))
        refuse_long(opening, outcome);
    else if (head > 0 && agree(opening, data, head, outcome))
        outcome->head = head;
}
