/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each framing costs: prints a name and nanoseconds a message, of 64 bytes where it can.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "framing/framing.h"

enum { MESSAGE = 64, BUFFER = 60000, ROUNDS = 400 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* A message as it stands in the frame, with the end that it has. */
static void fill(const struct framing *framing, UT_string *wire)
{
    char message[MESSAGE], *error = NULL;
    size_t end;
    const char *bytes = framing_end(framing, &end);
    memset(message, 'x', sizeof message);
    memcpy(message + sizeof message - end, bytes, end);
    if (framing->ops == &framing_modbus)
        memcpy(message + 4, "\0\x3a", 2);
    while (utstring_len(wire) < BUFFER)
        if (!framing_wrap(framing, message, sizeof message, wire, &error))
            abort();
}

static double measure(const struct framing *framing, const UT_string *wire)
{
    static char room[FRAMING_MESSAGE_MAX];
    struct framing_state state = {0};
    size_t messages = 0;
    const double began = now();
    for (int round = 0; round < ROUNDS; round++)
        for (size_t at = 0; at < utstring_len(wire); messages++) {
            const struct framing_input input = {utstring_body(wire) + at,
                                                utstring_len(wire) - at, true, room};
            at += framing_cut(framing, &state, &input).taken;
        }
    return (now() - began) / (double)messages;
}

int main(void)
{
    static const char *const words[] = {
        "line",         "nul",  "crlf", "delimiter:2323", "octet", "fixed:64", "length:u16be",
        "length:u32le", "mllp", "stx",  "slip",           "cobs",  "modbus"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct framing framing;
        char *error = NULL;
        UT_string wire;
        if (!framing_parse(words[i], &framing, &error))
            abort();
        utstring_init(&wire);
        fill(&framing, &wire);
        printf("%s %.1f\n", words[i], measure(&framing, &wire));
        utstring_done(&wire);
    }
    return 0;
}
