/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/mem.h"
#include "core/hub.h"

static int open_regular(const char *path, uint64_t *size, char **error)
{
    char *shown = escape_string(path);
    struct stat status;
    /* O_NONBLOCK: the open of a FIFO must not hold up the loop. */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) < 0)
        *error = mem_printf("cannot open '%s': %s", shown, strerror(errno));
    else if (!S_ISREG(status.st_mode))
        *error = mem_printf("'%s' is not a regular file", shown);
    else
        *size = (uint64_t)status.st_size;
    free(shown);
    if (*error && fd >= 0)
        close(fd);
    return *error ? -1 : fd;
}

bool transfer_start(struct hub *hub, struct peer *peer, const char *path, char **error)
{
    uint64_t size = 0;
    *error = NULL;
    int fd = open_regular(path, &size, error);
    if (fd < 0)
        return false;
    if (peer->link->ops->datagram && size > SEND_DATAGRAM_MAX) {
        *error = mem_printf("the file has %" PRIu64 " bytes, a datagram holds at most %d", size,
                            SEND_DATAGRAM_MAX);
        close(fd);
        return false;
    }
    struct transfer *transfer = mem_zalloc(sizeof *transfer);
    *transfer =
        (struct transfer){.peer = peer, .fd = fd, .path = mem_strdup(path), .size = size};
    peer->transfer = transfer;
    DL_APPEND(hub->transfers, transfer);
    return true;
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
                      .file = {.path = transfer->path,
                               .size = transfer->size,
                               .bytes = queued < transfer->bytes ? transfer->bytes - queued : 0,
                               .error = error}});
    close(transfer->fd);
    free(transfer->path);
    free(transfer);
}

static const char *send_piece(struct hub *hub, struct transfer *transfer, const char *piece,
                              ssize_t size)
{
    if (size < 0)
        return strerror(errno);
    if (size == 0 && transfer->size > 0)
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
    uint64_t left = transfer->size - transfer->bytes;
    bool empty_datagram = transfer->size == 0 && transfer->peer->link->ops->datagram;
    const char *error = NULL;
    if (left > 0 || empty_datagram) {
        char *piece = mem_alloc(TRANSFER_PIECE);
        ssize_t size = read(transfer->fd, piece, left < TRANSFER_PIECE ? left : TRANSFER_PIECE);
        error = send_piece(hub, transfer, piece, size);
        free(piece);
    }
    if (error || (transfer->bytes == transfer->size && peer_queued(transfer->peer) == 0)) {
        struct peer *peer = transfer->peer;
        transfer_end(hub, transfer, error);
        hub_file_ended(hub, peer);
    }
}
