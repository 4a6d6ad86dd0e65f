/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/cast.h"
#include "base/fail.h"
#include "base/home.h"
#include "base/mem.h"
#include "command/errand.h"
#include "command/failures.h"
#include "command/operator.h"
#include "core/hub.h"
#include "core/transfer.h"

/* One open file for all of them: descriptors are for connections. */
struct dispatch {
    struct errand errand; /* first */
    CAST_MARK;
    struct failures failures;
    struct transfer_file *file;
    unsigned begun;         /* peers that it goes to */
    char first[PEER_LABEL]; /* of them */
};

static struct dispatch *dispatch_of(struct errand *errand)
{
    return CAST(dispatch, errand);
}

static char *object(struct errand *errand, const struct peer *peer)
{
    const struct transfer_file *file = dispatch_of(errand)->file;
    if (!peer->link->ops->datagram || file->size <= link_most(peer->link))
        return NULL;
    char *error = NULL;
    fail_with(&error,
              "nothing was sent: '%s' has %" PRIu64 " bytes, a datagram holds at most %zu",
              file->path, file->size, link_most(peer->link));
    return error;
}

static void visit(struct operator_session *session, struct errand *errand, struct peer *peer)
{
    struct dispatch *dispatch = dispatch_of(errand);
    char *reason = NULL;
    if (!peer)
        failures_add_gone(&dispatch->failures, errand->peers.at);
    else if (!hub_send_opened(session->hub, peer, dispatch->file, &reason))
        failures_add(&dispatch->failures, peer, reason);
    else if (dispatch->begun++ == 0)
        peer_label(peer, dispatch->first);
}

static void tell_begun(struct operator_session *session, const struct dispatch *dispatch)
{
    const struct transfer_file *file = dispatch->file;
    char *whom = dispatch->begun == 1 ? mem_strdup(dispatch->first)
                                      : mem_printf("%u peers", dispatch->begun);
    operator_done(session, "sending '%s' to %s: %" PRIu64 " byte%s", file->path, whom,
                  file->size, file->size == 1 ? "" : "s");
    free(whom);
}

static void answer(struct operator_session *session, struct errand *errand)
{
    const struct dispatch *dispatch = dispatch_of(errand);
    char *error = failures_text(&dispatch->failures);
    if (error)
        operator_answer(session, error);
    else
        tell_begun(session, dispatch);
}

static void destroy(struct errand *errand)
{
    struct dispatch *dispatch = dispatch_of(errand);
    transfer_file_release(dispatch->file);
    failures_finish(&dispatch->failures);
    free(dispatch);
}

/* Takes peers. */
static void send_file(struct operator_session *session, struct peers *peers,
                      struct transfer_file *file)
{
    static const struct errand_ops ops = {
        .object = object, .visit = visit, .answer = answer, .destroy = destroy};
    struct dispatch *dispatch = mem_zalloc(sizeof *dispatch);
    CAST_INIT(dispatch, dispatch);
    dispatch->errand.ops = &ops;
    dispatch->errand.peers = *peers;
    dispatch->file = file;
    failures_init(&dispatch->failures);
    errand_run(session, &dispatch->errand);
}

static struct transfer_file *open_file(const char *path, char **error)
{
    char *expanded = home_expand(path);
    struct transfer_file *file = transfer_file_open(expanded, error);
    free(expanded);
    return file;
}

/* NULL where it has begun, and will answer. */
static char *begin(struct operator_session *session, const char *words, const char *path)
{
    struct peers peers;
    char *error = NULL;
    if (!peers_find(session->hub, words, &peers, &error))
        return error;
    struct transfer_file *file = open_file(path, &error);
    if (file)
        send_file(session, &peers, file);
    else
        peers_finish(&peers);
    return error;
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    char *error = session->local_files
                      ? begin(session, arguments->words[0], arguments->words[1])
                      : mem_strdup("files are only for the user that telexd runs as, and root");
    if (error)
        operator_answer(session, error);
}

const struct command cmd_file = {
    .name = "file",
    .arguments = "PEERS PATH",
    .summary = "send a file, as fast as the peer reads it",
    .help = "PATH is the rest of the line, may hold blanks, and ~ is the home of who\n"
            "runs telexd. The answer comes at once, and an event tells when all of it\n"
            "is sent or why it broke off. Meanwhile /peers and /info tell how far it\n"
            "is, other text for the peer is refused, and /close waits. To a UDP peer\n"
            "a file goes as one datagram, so it must fit one (65507 bytes).\n"
            "Example: /file 3 firmware.bin\n",
    .min_words = 2,
    .max_words = 2,
    .kinds = {ARGUMENT_PEERS, ARGUMENT_PATH},
    .run = run,
};
