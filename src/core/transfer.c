/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/mem.h"
#include "core/hub.h"

/* Why the file is not one to send, or NULL; malloc'ed. */
static char *examine(int fd, const char *path, uint64_t *size)
{
    struct stat status;
    char *shown = escape_string(path), *fault = NULL;
    if (fd < 0 || fstat(fd, &status) < 0)
        fault = mem_printf("cannot send '%s': %s", shown, strerror(errno));
    else if (!S_ISREG(status.st_mode))
        fault = mem_printf("cannot send '%s': it is not a regular file", shown);
    else
        *size = (uint64_t)status.st_size;
    free(shown);
    return fault;
}

struct transfer_file *transfer_file_open(const char *path, char **error)
{
    uint64_t size = 0;
    /* O_NONBLOCK: the open of a FIFO must not hold up the loop. */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    *error = examine(fd, path, &size);
    if (*error) {
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    struct transfer_file *file = mem_zalloc(sizeof *file);
    *file = (struct transfer_file){
        .fd = fd, .path = mem_strdup(path), .size = size, .references = 1};
    return file;
}

void transfer_file_release(struct transfer_file *file)
{
    if (--file->references > 0)
        return;
    close(file->fd);
    free(file->path);
    free(file);
}

void transfer_start(struct hub *hub, struct peer *peer, struct transfer_file *file)
{
    struct transfer *transfer = mem_zalloc(sizeof *transfer);
    *transfer = (struct transfer){.peer = peer, .file = file};
    file->references++;
    peer->transfer = transfer;
    DL_APPEND(hub->transfers, transfer);
}

void transfer_end(struct hub *hub, struct transfer *transfer, const char *error)
{
    struct peer *peer = transfer->peer;
    uint64_t queued = peer_queued(peer);
    peer->transfer = NULL;
    DL_DELETE(hub->transfers, transfer);
    hub_tell(hub, &(struct hub_event){
                      .type = HUB_FILE,
                      .peer = peer,
                      .file = {.path = transfer->file->path,
                               .size = transfer->file->size,
                               .bytes = queued < transfer->bytes ? transfer->bytes - queued : 0,
                               .error = error}});
    transfer_file_release(transfer->file);
    free(transfer);
}

static const char *send_piece(struct hub *hub, struct transfer *transfer, const char *piece,
                              ssize_t size)
{
    if (size < 0)
        return strerror(errno);
    if (size == 0 && transfer->file->size > 0)
        return "the file has become shorter";
    int cause = hub_transmit(hub, transfer->peer, piece, (size_t)size);
    if (cause != 0)
        return strerror(cause);
    transfer->bytes += (uint64_t)size;
    return NULL;
}

void transfer_continue(struct hub *hub, struct transfer *transfer)
{
    if (peer_queued(transfer->peer) > 0)
        return; /* hub_drained goes on */
    const struct transfer_file *file = transfer->file;
    uint64_t left = file->size - transfer->bytes;
    bool empty_datagram = file->size == 0 && transfer->peer->link->ops->datagram;
    const char *error = NULL;
    if (left > 0 || empty_datagram) {
        char *piece = mem_alloc(TRANSFER_PIECE);
        ssize_t size = pread(file->fd, piece, left < TRANSFER_PIECE ? left : TRANSFER_PIECE,
                             (off_t)transfer->bytes);
        error = send_piece(hub, transfer, piece, size);
        free(piece);
    }
    if (error || (transfer->bytes == file->size && peer_queued(transfer->peer) == 0)) {
        struct peer *peer = transfer->peer;
        transfer_end(hub, transfer, error);
        hub_file_ended(hub, peer);
    }
}
