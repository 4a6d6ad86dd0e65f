/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "base/bytes.h"
#include "command/delivery.h"
#include "command/operator.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    UT_string bytes;
    char *error = NULL;
    utstring_init(&bytes);
    if (bytes_parse(&bytes, arguments->words[1], &error))
        delivery_run(session, arguments->words[0], utstring_body(&bytes), utstring_len(&bytes),
                     false);
    else
        operator_answer(session, error);
    utstring_done(&bytes);
}

const struct command cmd_bytes = {
    .name = "bytes",
    .arguments = "PEERS ITEM...",
    .summary = "send exactly these bytes, with no eol",
    .basic = true,
    .help = "An ITEM is a run of hex pairs (de ad, deadbeef, 0xff), a string in\n"
            "double quotes with the escapes of C (\"AT\\r\\n\"; \\x takes two digits), or\n"
            "a check over all items before it: crc16 (Modbus), crc16-ccitt, crc32,\n"
            "sum8, xor8. All go out as one message; with an error in them none does.\n"
            "Example: /bytes 3 01 03 00 00 00 02 crc16\n",
    .hex = true,
    .min_words = 2,
    .max_words = 2,
    .kinds = {ARGUMENT_PEERS, ARGUMENT_ITEMS},
    .run = run,
};
