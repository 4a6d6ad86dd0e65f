/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What telex has instead of the commands that name peers: there is one peer, the target, so the
 * words that name it are left out.
 */
#include "command/command.h"

#include <inttypes.h>
#include <stdio.h>

#include "command/operator.h"
#include "core/hub.h"

/* The target, or who is still being called; 0: there is nobody. */
static uint64_t peer_there(const struct operator_session *session)
{
    const struct peer *first = hub_next(session->hub, NULL);
    if (session->target != 0 || !first)
        return session->target;
    return first->number;
}

/* Runs command with that one for its PEERS; last is what follows them. */
static void run_on_target(struct operator_session *session, const struct command *command,
                          const char *last, size_t size)
{
    const uint64_t peer = peer_there(session);
    char number[24];
    snprintf(number, sizeof number, "%" PRIu64, peer);
    if (peer == 0)
        operator_error(session, "the line is closed");
    else
        command->run(session, &(struct arguments){.words = {number, last, ""}, .size = size});
}

static void run_bytes(struct operator_session *session, const struct arguments *arguments)
{
    run_on_target(session, &cmd_bytes, arguments->words[0], arguments->size);
}

static void run_file(struct operator_session *session, const struct arguments *arguments)
{
    run_on_target(session, &cmd_file, arguments->words[0], arguments->size);
}

static void run_info(struct operator_session *session, const struct arguments *arguments)
{
    if (*arguments->words[0])
        cmd_info.run(session, arguments);
    else
        run_on_target(session, &cmd_info, "", 0);
}

static void run_close(struct operator_session *session, const struct arguments *arguments)
{
    if (*arguments->words[0])
        cmd_close.run(session, arguments);
    else
        run_on_target(session, &cmd_close, "", 0);
}

static void run_levels(struct operator_session *session, const struct arguments *arguments)
{
    run_on_target(session, &cmd_line, arguments->words[0], arguments->size);
}

static const struct command client_bytes = {
    .name = "bytes",
    .arguments = "ITEM...",
    .summary = "send exactly these bytes, with no eol",
    .help = "An ITEM is a run of hex pairs (de ad, deadbeef, 0xff), a string in\n"
            "double quotes with the escapes of C (\"AT\\r\\n\"; \\x takes two digits), or\n"
            "a check over all items before it: crc16 (Modbus), crc16-ccitt, crc32,\n"
            "sum8, xor8. All go out as one message; with an error in them none does.\n"
            "Example: /bytes 01 03 00 00 00 02 crc16\n",
    .hex = true,
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_ITEMS},
    .run = run_bytes,
};

static const struct command client_file = {
    .name = "file",
    .arguments = "PATH",
    .summary = "send a file, as fast as the peer reads it",
    .help = "PATH is the rest of the line and may hold blanks. The answer comes at\n"
            "once, and an event tells when all of it is sent or why it broke off.\n"
            "Meanwhile /info tells how far it is, and other text is refused. Over\n"
            "UDP a file goes as one datagram, so it must fit one (65507 bytes).\n"
            "Example: /file firmware.bin\n",
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_PATH},
    .run = run_file,
};

static void run_view(struct operator_session *session, const struct arguments *arguments)
{
    cmd_view.run(session, &(struct arguments){.words = {arguments->words[0], "", ""}});
}

static const struct command client_view = {
    .name = "view",
    .arguments = "VIEW",
    .summary = "choose how messages are shown",
    .help = "VIEW is text, hex (a hex dump), size (only how many bytes) or none.\n"
            "Example: /view hex\n",
    .read_only = true,
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_VIEW},
    .run = run_view,
};

static const struct command client_info = {
    .name = "info",
    .arguments = "",
    .summary = "tell all about the line",
    .help = "Both addresses, the state, how many bytes were received, sent and wait\n"
            "to be sent, and how long the line has been silent.\n",
    .read_only = true,
    .max_words = 1,
    .kinds = {ARGUMENT_PEER},
    .run = run_info,
};

static const struct command client_close = {
    .name = "close",
    .arguments = "",
    .summary = "close the line gracefully; said again, at once",
    .help = "What still waits to be sent goes out first. Said again, it is thrown\n"
            "away.\n",
    .max_words = 1,
    .kinds = {ARGUMENT_PEERS},
    .run = run_close,
};

static const struct command client_line = {
    .name = "line",
    .arguments = "[dtr=on|off] [rts=on|off] [break=MS]",
    .summary = "move the lines of a serial line, or tell how they are",
    .help = "DTR and RTS are ours, CTS, DSR, DCD and RI the device's. break=MS holds\n"
            "the line down for so many milliseconds, once all that was sent is out.\n"
            "Example: /line break=250\n",
    .max_words = 1,
    .kinds = {ARGUMENT_LEVELS},
    .run = run_levels,
};

#define OF_ANY_LINE \
    &client_bytes, &client_file, &client_view, &client_info, &client_close, &cmd_help, &cmd_quit

const struct command *const command_client_table[] = {OF_ANY_LINE, NULL};
const struct command *const command_serial_table[] = {OF_ANY_LINE, &client_line, NULL};

bool command_is_client(const struct command *const *commands)
{
    return commands == command_client_table || commands == command_serial_table;
}
