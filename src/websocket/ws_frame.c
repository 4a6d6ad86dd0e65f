/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_frame.h"

#include <string.h>

#include "websocket/ws_close.h"

/* RFC 6455 section 5.2. */
enum {
    FINAL = 0x80,
    RSV1 = 0x40,
    RESERVED = 0x30,
    OPCODE = 0x0f,
    MASKED = 0x80,
    LENGTH = 0x7f,
    LENGTH_16 = 126,
    LENGTH_63 = 127,
    KEY = 4
};

static bool is_known(unsigned opcode)
{
    return opcode <= WS_BINARY || (opcode >= WS_CLOSE && opcode <= WS_PONG);
}

static uint64_t read_number(const uint8_t *bytes, size_t count)
{
    uint64_t number = 0;
    for (size_t i = 0; i < count; i++)
        number = number << 8 | bytes[i];
    return number;
}

/* Of its head, by the first two bytes. */
static size_t bytes_of_length(uint8_t length)
{
    return length == LENGTH_16 ? 2 : length == LENGTH_63 ? 8 : 0;
}

/* What no later byte can make good. */
static const char *judge_start(uint8_t first, uint8_t second)
{
    const unsigned opcode = first & OPCODE;
    if (first & RESERVED)
        return "a reserved bit is set";
    if (!is_known(opcode))
        return "an unknown kind of frame";
    if (opcode >= WS_CLOSE && !(first & FINAL))
        return "a control frame in pieces";
    if (opcode >= WS_CLOSE && (second & LENGTH) > WS_CONTROL_MAX)
        return "a control frame over 125 bytes";
    if ((first & RSV1) && (opcode >= WS_CLOSE || opcode == WS_CONTINUATION))
        return "a frame that says it is compressed, and cannot be";
    return NULL;
}

static const char *judge_length(uint8_t length, uint64_t size, unsigned *code)
{
    if ((length == LENGTH_16 && size < LENGTH_16) ||
        (length == LENGTH_63 && size <= UINT16_MAX))
        return "a length in more bytes than it takes";
    if (size <= INT64_MAX)
        return NULL;
    *code = WS_CODE_TOO_BIG;
    return "a length over 63 bits";
}

size_t ws_frame_read(const char *data, size_t size, struct ws_frame *frame, unsigned *code,
                     const char **why)
{
    const uint8_t *bytes = (const uint8_t *)data;
    *code = WS_CODE_PROTOCOL;
    *why = size < 2 ? NULL : judge_start(bytes[0], bytes[1]);
    if (size < 2 || *why)
        return 0;
    const uint8_t length = bytes[1] & LENGTH;
    const bool masked = bytes[1] & MASKED;
    const size_t before_key = 2 + bytes_of_length(length);
    if (size < before_key + (masked ? KEY : 0))
        return 0;
    *frame = (struct ws_frame){
        .opcode = bytes[0] & OPCODE,
        .final = bytes[0] & FINAL,
        .compressed = bytes[0] & RSV1,
        .masked = masked,
        .size = before_key == 2 ? length : read_number(bytes + 2, before_key - 2)};
    if (masked)
        memcpy(frame->key, bytes + before_key, KEY);
    *why = judge_length(length, frame->size, code);
    return before_key + (masked ? KEY : 0);
}

size_t ws_frame_write(const struct ws_frame *frame, char head[WS_FRAME_HEAD_MAX])
{
    uint8_t *at = (uint8_t *)head;
    const uint8_t masked = frame->masked ? MASKED : 0;
    const uint8_t length = frame->size < LENGTH_16     ? (uint8_t)frame->size
                           : frame->size <= UINT16_MAX ? LENGTH_16
                                                       : LENGTH_63;
    const size_t more = bytes_of_length(length);
    *at++ = (uint8_t)((frame->final ? FINAL : 0) | (frame->compressed ? RSV1 : 0) |
                      (unsigned)frame->opcode);
    *at++ = masked | length;
    for (size_t i = more; i > 0; i--)
        *at++ = (uint8_t)(frame->size >> (8 * (i - 1)));
    if (frame->masked) {
        memcpy(at, frame->key, KEY);
        at += KEY;
    }
    return (size_t)((char *)at - head);
}

void ws_frame_mask(char *to, const char *from, size_t size, const uint8_t key[4],
                   uint64_t place)
{
    uint8_t turned[8];
    uint64_t keys, word;
    size_t done = 0;
    for (size_t i = 0; i < sizeof turned; i++)
        turned[i] = key[(place + i) & 3];
    memcpy(&keys, turned, sizeof keys);
    for (; size - done >= sizeof word; done += sizeof word) {
        memcpy(&word, from + done, sizeof word);
        word ^= keys;
        memcpy(to + done, &word, sizeof word);
    }
    for (; done < size; done++)
        to[done] = (char)((uint8_t)from[done] ^ key[(place + done) & 3]);
}
