/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/ut.h"
#include "core/hub_parts.h"

/*
 * Files of /proc and its like say they have no bytes, and have some. Returns an errno; EFBIG
 * where there is no end to it.
 */
static int read_content(struct transfer_file *file)
{
    UT_string content;
    char piece[4096];
    ssize_t got;
    utstring_init(&content);
    while ((got = read(file->fd, piece, sizeof piece)) > 0 &&
           utstring_len(&content) <= TRANSFER_CONTENT_MAX)
        ut_append(&content, piece, (size_t)got);
    const int failed = got < 0 ? errno : got > 0 ? EFBIG : 0;
    file->size = utstring_len(&content);
    file->content = utstring_body(&content);
    return failed;
}

/* Why the file is not one to send, or NULL. */
static const char *examine(struct transfer_file *file)
{
    struct stat status;
    if (file->fd < 0 || fstat(file->fd, &status) < 0)
        return strerror(errno);
    if (!S_ISREG(status.st_mode))
        return "it is not a regular file";
    file->size = (uint64_t)status.st_size;
    const int failed = file->size == 0 ? read_content(file) : 0;
    if (failed == EFBIG)
        return "it says it is empty, and has more than 1,048,576 bytes";
    return failed ? strerror(failed) : NULL;
}

struct transfer_file *transfer_file_open(const char *path, char **error)
{
    struct transfer_file *file = mem_zalloc(sizeof *file);
    /* O_NONBLOCK: the open of a FIFO must not hold up the loop. */
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    *file = (struct transfer_file){.fd = fd, .path = mem_strdup(path), .references = 1};
    const char *fault = examine(file);
    if (!fault)
        return file;
    fail_with(error, "cannot send '%s': %s", path, fault);
    transfer_file_release(file);
    return NULL;
}

void transfer_file_release(struct transfer_file *file)
{
    if (--file->references > 0)
        return;
    if (file->fd >= 0)
        close(file->fd);
    free(file->content);
    free(file->path);
    free(file);
}

/* --- a file on its way --- */

/* Its first byte may wait behind what was queued before it. */
static uint64_t bytes_gone(const struct transfer *transfer, const struct peer *peer)
{
    const uint64_t queued = peer_queued(peer);
    return queued < transfer->bytes ? transfer->bytes - queued : 0;
}

static void over(struct feed *feed, struct hub *hub, struct peer *peer, const char *error)
{
    struct transfer *transfer = container_of(feed, struct transfer, feed);
    hub_tell(hub, &(struct hub_event){.type = HUB_FILE,
                                      .peer = peer,
                                      .file = {.path = transfer->file->path,
                                               .size = transfer->file->size,
                                               .bytes = bytes_gone(transfer, peer),
                                               .error = error ? error : transfer->error}});
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
    int cause = hub_transmit(hub, transfer->feed.peer, piece, (size_t)size);
    if (cause != 0)
        return strerror(cause);
    transfer->bytes += (uint64_t)size;
    return NULL;
}

/* At most size bytes of it, which the buffer has room for. */
static ssize_t read_piece(const struct transfer *transfer, char *piece, size_t size)
{
    const struct transfer_file *file = transfer->file;
    if (!file->content)
        return pread(file->fd, piece, size, (off_t)transfer->bytes);
    memcpy(piece, file->content + transfer->bytes, size);
    return (ssize_t)size;
}

static enum feed_result more(struct feed *feed, struct hub *hub, struct peer *peer)
{
    struct transfer *transfer = container_of(feed, struct transfer, feed);
    const struct transfer_file *file = transfer->file;
    uint64_t left = file->size - transfer->bytes;
    bool empty_datagram = file->size == 0 && peer->link->ops->datagram;
    if (left > 0 || empty_datagram) {
        char *piece = mem_alloc(TRANSFER_PIECE);
        ssize_t size =
            read_piece(transfer, piece, left < TRANSFER_PIECE ? left : TRANSFER_PIECE);
        transfer->error = send_piece(hub, transfer, piece, size);
        free(piece);
    }
    bool all_gone = transfer->bytes == file->size && peer_queued(peer) == 0;
    return transfer->error || all_gone ? FEED_ENDS : FEED_GOES_ON;
}

static const struct feed_ops ops = {.alone = true, .more = more, .over = over};

struct transfer_progress transfer_progress_of(const struct peer *peer)
{
    struct feed *feed = feed_of(peer);
    if (!feed || feed->ops != &ops)
        return (struct transfer_progress){0};
    const struct transfer *transfer = container_of(feed, struct transfer, feed);
    return (struct transfer_progress){.path = transfer->file->path,
                                      .size = transfer->file->size,
                                      .bytes = bytes_gone(transfer, peer)};
}

void transfer_start(struct hub *hub, struct peer *peer, struct transfer_file *file)
{
    struct transfer *transfer = mem_zalloc(sizeof *transfer);
    *transfer = (struct transfer){.feed.ops = &ops, .file = file};
    file->references++;
    feed_start(hub, &transfer->feed, peer);
}
