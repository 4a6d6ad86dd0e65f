/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frames are made in one piece of memory that all connections share; what the socket did not
 * take of one is copied, and goes first the next time. Its payload then counts as it goes, so
 * that a caller that offers the same bytes again sees them taken.
 */
#include "telex-bench/wire_ws.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/endpoint.h"
#include "base/http_head.h"
#include "base/mem.h"
#include "base/ut.h"
#include "base/ws_key.h"
#include "telex-bench/pattern.h"
#include "telex-bench/wire_parts.h"

enum { HEAD_MOST = 14, CONTROL_MOST = 125 };
enum { FINAL = 0x80, MASKED = 0x80, OPCODE = 0x0f };
enum { BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };

struct wire_ws_request {
    char *text;
    char accept[WS_ACCEPT_SIZE]; /* what the answer has to say */
    uint8_t *frame;              /* HEAD_MOST + PATTERN_PIECE bytes */
    uint64_t random;
};

struct wire_ws {
    struct wire_ws_request *request;
    const char *why;
    bool greeted;
    size_t asked; /* bytes of the request that are sent */
    char *answer; /* HTTP_HEAD_MAX bytes; NULL once it was whole */
    size_t answer_size;
    uint8_t *rest; /* of a frame that was begun; NULL: none */
    size_t rest_size;
    size_t owed;             /* bytes of its payload that have not been told as taken */
    uint8_t head[HEAD_MOST]; /* of the frame that comes */
    size_t head_size;
    uint64_t left; /* bytes of its payload */
    uint8_t opcode;
    uint8_t ping[CONTROL_MOST];
    size_t ping_size;
};

/* --- what all have in common --- */

/* One key for all: it is there against caches that answer for the server. */
struct wire_ws_request *wire_ws_request(const struct endpoint *endpoint)
{
    struct wire_ws_request *request = mem_zalloc(sizeof *request);
    char key[WS_KEY_SIZE];
    if (getrandom(&request->random, sizeof request->random, 0) < 0)
        request->random = 0;
    request->random |= 1;
    ws_key_make(key);
    ws_key_accept(key, request->accept);
    const bool brackets = strchr(endpoint->host, ':'); /* IPv6 */
    request->text =
        mem_printf("GET %s HTTP/1.1\r\nHost: %s%s%s:%u\r\nUpgrade: websocket\r\n"
                   "Connection: Upgrade\r\nSec-WebSocket-Key: %s\r\n"
                   "Sec-WebSocket-Version: 13\r\n\r\n",
                   endpoint->path ? endpoint->path : "/", brackets ? "[" : "", endpoint->host,
                   brackets ? "]" : "", (unsigned)endpoint->port, key);
    request->frame = mem_alloc(HEAD_MOST + PATTERN_PIECE);
    return request;
}

void wire_ws_request_destroy(struct wire_ws_request *request)
{
    free(request->text);
    free(request->frame);
    free(request);
}

/* --- one of them --- */

struct wire_ws *wire_ws_create(struct wire_ws_request *request)
{
    struct wire_ws *ws = mem_zalloc(sizeof *ws);
    ws->request = request;
    ws->answer = mem_alloc(HTTP_HEAD_MAX);
    return ws;
}

void wire_ws_destroy(struct wire_ws *ws)
{
    free(ws->answer);
    free(ws->rest);
    free(ws);
}

const char *wire_ws_why(const struct wire_ws *ws)
{
    return ws->why;
}

/* -1, and why. */
static int refuse(struct wire_ws *ws, const char *why)
{
    ws->why = why;
    errno = EPROTO;
    return -1;
}

/* --- the greeting --- */

static int judge(struct wire_ws *ws, size_t size)
{
    char *accept = http_head_field(ws->answer, size, "Sec-WebSocket-Accept");
    const bool switches = size > 12 && memcmp(ws->answer + 8, " 101", 4) == 0;
    const bool good = switches && accept && strcmp(accept, ws->request->accept) == 0;
    free(accept);
    if (!good)
        return refuse(ws, switches ? "the answer to the handshake of WebSocket is wrong"
                                   : "the server does not speak WebSocket there");
    if (ws->answer_size > size)
        return refuse(ws, "the server speaks before it is spoken to");
    free(ws->answer);
    ws->answer = NULL;
    ws->greeted = true;
    return 1;
}

/* Of what recv(2) or send(2) said: 0 where there is to be waited, -1. */
static int passing(ssize_t done)
{
    if (done == 0)
        errno = 0;
    return done < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

static int ask(struct wire_ws *ws, struct wire *below)
{
    const char *text = ws->request->text;
    const size_t size = strlen(text);
    while (ws->asked < size) {
        ssize_t sent = wire_send_below(below, text + ws->asked, size - ws->asked);
        if (sent <= 0)
            return passing(sent);
        ws->asked += (size_t)sent;
    }
    return 1;
}

int wire_ws_greet(struct wire_ws *ws, struct wire *below)
{
    if (ws->greeted)
        return 1;
    const int asked = ask(ws, below);
    if (asked <= 0)
        return asked;
    while (ws->answer_size < HTTP_HEAD_MAX) {
        ssize_t got = wire_receive_below(below, ws->answer + ws->answer_size,
                                         HTTP_HEAD_MAX - ws->answer_size);
        if (got <= 0)
            return passing(got);
        ws->answer_size += (size_t)got;
        const size_t size = http_head_size(ws->answer, ws->answer_size);
        if (size > 0)
            return judge(ws, size);
    }
    return refuse(ws, "the answer to the handshake of WebSocket does not end");
}

/* --- out --- */

static void next_mask(struct wire_ws_request *request, uint8_t mask[4])
{
    request->random ^= request->random << 13;
    request->random ^= request->random >> 7;
    request->random ^= request->random << 17;
    memcpy(mask, &request->random, 4);
}

/* Returns the bytes that the frame takes. */
static size_t make_frame(struct wire_ws_request *request, unsigned opcode, const uint8_t *data,
                         size_t size)
{
    uint8_t *at = request->frame, mask[4];
    unsigned bytes = size < 126 ? 0 : size <= UINT16_MAX ? 2 : 8;
    *at++ = (uint8_t)(FINAL | opcode);
    *at++ = (uint8_t)(MASKED | (bytes == 0 ? size : bytes == 2 ? 126 : 127));
    while (bytes-- > 0)
        *at++ = (uint8_t)((uint64_t)size >> (8 * bytes));
    next_mask(request, mask);
    memcpy(at, mask, sizeof mask);
    at += sizeof mask;
    for (size_t i = 0; i < size; i++)
        at[i] = data[i] ^ mask[i % 4];
    return (size_t)(at - request->frame) + size;
}

static void keep_rest(struct wire_ws *ws, const uint8_t *rest, size_t size)
{
    uint8_t *former = ws->rest;
    ws->rest = size > 0 ? mem_dup(rest, size) : NULL;
    ws->rest_size = size;
    free(former);
}

/* Sends what is left of a frame. Returns the bytes of payload that went by it, 0 with EAGAIN.
 */
static ssize_t push(struct wire_ws *ws, struct wire *below, const uint8_t *frame, size_t size)
{
    ssize_t sent = wire_send_below(below, frame, size);
    if (sent < 0 && passing(sent) < 0)
        return -1;
    const size_t left = size - (sent > 0 ? (size_t)sent : 0);
    const size_t owed = left < ws->owed ? left : ws->owed;
    const ssize_t told = (ssize_t)(ws->owed - owed);
    ws->owed = owed;
    keep_rest(ws, frame + (size - left), left);
    return told;
}

ssize_t wire_ws_send(struct wire_ws *ws, struct wire *below, const void *data, size_t size)
{
    ssize_t told = 0;
    if (ws->rest)
        told = push(ws, below, ws->rest, ws->rest_size);
    if (told == 0 && !ws->rest) {
        ws->owed = size;
        told = push(ws, below, ws->request->frame, make_frame(ws->request, BINARY, data, size));
    }
    if (told != 0)
        return told;
    errno = EAGAIN;
    return -1;
}

static void control(struct wire_ws *ws, struct wire *below, unsigned opcode,
                    const uint8_t *data, size_t size)
{
    if (!ws->rest)
        push(ws, below, ws->request->frame, make_frame(ws->request, opcode, data, size));
}

void wire_ws_close(struct wire_ws *ws, struct wire *below)
{
    static const uint8_t normal[] = {1000 >> 8, 1000 & 0xff};
    if (ws->greeted)
        control(ws, below, CLOSE, normal, sizeof normal);
}

/* --- in --- */

/* The bytes of the head, as far as it is known; a server masks nothing. */
static size_t head_wanted(const struct wire_ws *ws)
{
    const unsigned length = ws->head[1] & 0x7f;
    if (ws->head_size < 2)
        return 2;
    return length < 126 ? 2 : length == 126 ? 4 : 10;
}

static void begin_frame(struct wire_ws *ws)
{
    const size_t size = ws->head_size;
    ws->opcode = ws->head[0] & OPCODE;
    ws->left = size == 2 ? ws->head[1] & 0x7f : 0;
    for (size_t i = 2; i < size; i++)
        ws->left = ws->left << 8 | ws->head[i];
    ws->head_size = 0;
    ws->ping_size = 0;
}

/* Takes the payload of a control frame. */
static void take_control(struct wire_ws *ws, struct wire *below, const uint8_t *data,
                         size_t size)
{
    if (ws->opcode != PING || size > CONTROL_MOST - ws->ping_size)
        return;
    memcpy(ws->ping + ws->ping_size, data, size);
    ws->ping_size += size;
    if (ws->left == size)
        control(ws, below, PONG, ws->ping, ws->ping_size);
}

/* Moves the payload of the messages to to. Returns its bytes. */
static size_t decode(struct wire_ws *ws, struct wire *below, uint8_t *to, const uint8_t *from,
                     size_t size)
{
    const uint8_t *end = from + size;
    uint8_t *begin = to;
    while (from < end) {
        if (ws->left == 0) {
            ws->head[ws->head_size++] = *from++;
            if (ws->head_size == head_wanted(ws))
                begin_frame(ws);
            continue;
        }
        const size_t here = (size_t)(end - from),
                     now = ws->left < here ? (size_t)ws->left : here;
        if (ws->opcode >= CLOSE) {
            take_control(ws, below, from, now);
        } else {
            memmove(to, from, now);
            to += now;
        }
        ws->left -= now;
        from += now;
    }
    return (size_t)(to - begin);
}

/* Heads and control frames are no bytes for the caller: it gets less than there was only where
 * there was no more. */
ssize_t wire_ws_receive(struct wire_ws *ws, struct wire *below, void *buffer, size_t size)
{
    uint8_t *at = buffer;
    size_t filled = 0;
    while (filled < size) {
        const size_t room = size - filled;
        const ssize_t got = wire_receive_below(below, at + filled, room);
        if (got <= 0)
            return filled > 0 ? (ssize_t)filled : got;
        filled += decode(ws, below, at + filled, at + filled, (size_t)got);
        if ((size_t)got < room && filled > 0)
            break;
    }
    return (ssize_t)filled;
}
