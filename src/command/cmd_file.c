/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/fail.h"
#include "base/home.h"
#include "command/operator.h"
#include "command/peers.h"
#include "core/hub.h"
#include "core/transfer.h"

/* Whether one of the peers takes the file only if it fits a datagram. */
static bool has_datagram_peer(const UT_array *list)
{
    for (unsigned i = 0; i < utarray_len(list); i++)
        if (peers_of(list)[i]->link->ops->datagram)
            return true;
    return false;
}

static char *send_to_each(struct operator_session *session, const UT_array *list,
                          struct transfer_file *file)
{
    struct peers_failures failures;
    peers_failures_init(&failures);
    for (unsigned i = 0; i < utarray_len(list); i++) {
        struct peer *peer = peers_of(list)[i];
        char *reason = NULL;
        if (!hub_send_opened(session->hub, peer, file, &reason))
            peers_failures_add(&failures, peer, reason);
    }
    return peers_failures_finish(&failures);
}

/* One open file for all of them: descriptors are for connections. */
static char *send_file(struct operator_session *session, const UT_array *list, const char *path)
{
    char *error = NULL, *expanded = home_expand(path);
    struct transfer_file *file = transfer_file_open(expanded, &error);
    free(expanded);
    if (!file)
        return error;
    if (file->size > SEND_DATAGRAM_MAX && has_datagram_peer(list))
        fail_with(&error,
                  "nothing was sent: '%s' has %" PRIu64 " bytes, a datagram holds at most %d",
                  file->path, file->size, SEND_DATAGRAM_MAX);
    else
        error = send_to_each(session, list, file);
    transfer_file_release(file);
    return error;
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const char *path = arguments->words[1];
    UT_array list;
    char *error = NULL;
    utarray_init(&list, &ut_ptr_icd);
    if (!session->local_files)
        error = mem_strdup("files are only for the user that telexd runs as, and root");
    else if (peers_find(session->hub, arguments->words[0], &list, &error))
        error = send_file(session, &list, path);
    operator_answer(session, error);
    utarray_done(&list);
}

const struct command cmd_file = {
    .name = "file",
    .arguments = "PEERS PATH",
    .summary = "send a file, as fast as the peer reads it",
    .help = "PATH is the rest of the line, may hold blanks, and ~ is the home of who\n"
            "runs telexd. The answer comes at once, and an event tells when all of it\n"
            "is sent or why it broke off. Until then other text for the peer is\n"
            "refused, and /close waits. To a UDP peer a file goes as one datagram, so\n"
            "it must fit one (65507 bytes).\n"
            "Example: /file 3 firmware.bin\n",
    .min_words = 2,
    .max_words = 2,
    .kinds = {ARGUMENT_PEERS, ARGUMENT_PATH},
    .run = run,
};
