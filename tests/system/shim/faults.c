/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes system calls fail when a test wants it, for LD_PRELOAD. FAULTS names a file of one
 * struct fault for each call of the list below, in its order; the test has it mapped as well,
 * writes what is to happen and reads what has happened (test_faults.py). writev(2) is meddled
 * with on sockets only, write(2) on regular files only.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define CALLS(X) \
    X(accept4)   \
    X(socket)    \
    X(connect)   \
    X(send)      \
    X(sendmsg)   \
    X(sendmmsg)  \
    X(recv)      \
    X(recvmmsg)  \
    X(writev)    \
    X(pread)     \
    X(write)     \
    X(malloc)    \
    X(calloc)    \
    X(realloc)

enum call {
#define CALL_ENUM(name) CALL_##name,
    CALLS(CALL_ENUM)
#undef CALL_ENUM
        CALL_COUNT
};

/* In place of an errno: the call does not return before that is changed. */
enum { STALL = -1 };

struct fault {
    int32_t skip;  /* calls that go through first */
    int32_t left;  /* calls that are then meddled with; less than 0: all */
    int32_t error; /* their errno; 0: they do no more than limit; STALL: they wait */
    int32_t limit; /* bytes, or messages of the calls that take several */
    int64_t calls; /* ever */
    int64_t hits;  /* of these, meddled with */
};

static struct fault *faults;

static void __attribute__((constructor)) map_faults(void)
{
    const char *path = getenv("FAULTS");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *map =
        mmap(NULL, CALL_COUNT * sizeof *faults, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    faults = map == MAP_FAILED ? NULL : map;
    close(fd);
}

/* Whether this call is to be meddled with. */
static struct fault *fault_of(enum call call)
{
    if (!faults)
        return NULL;
    struct fault *fault = &faults[call];
    fault->calls++;
    if (fault->left == 0)
        return NULL;
    if (fault->skip > 0) {
        fault->skip--;
        return NULL;
    }
    if (fault->left > 0)
        fault->left--;
    fault->hits++;
    return fault;
}

static bool fails(const struct fault *fault)
{
    while (fault && *(volatile int32_t *)&fault->error == STALL)
        poll(NULL, 0, 1);
    if (!fault || fault->error == 0)
        return false;
    errno = fault->error;
    return true;
}

static size_t limited(const struct fault *fault, size_t size)
{
    return fault && (size_t)fault->limit < size ? (size_t)fault->limit : size;
}

static bool is_kind(int fd, mode_t kind)
{
    struct stat status;
    return fstat(fd, &status) == 0 && (status.st_mode & S_IFMT) == kind;
}

/* The function that would have been called without this library. */
#define NEXT(name)                                     \
    static __typeof__(&name) next;                     \
    do {                                               \
        if (!next)                                     \
            *(void **)&next = dlsym(RTLD_NEXT, #name); \
    } while (0)

/* --- sockets --- */

int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict length, int flags)
{
    NEXT(accept4);
    return fails(fault_of(CALL_accept4)) ? -1 : next(fd, address, length, flags);
}

int socket(int family, int type, int protocol)
{
    NEXT(socket);
    return fails(fault_of(CALL_socket)) ? -1 : next(family, type, protocol);
}

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
    NEXT(connect);
    return fails(fault_of(CALL_connect)) ? -1 : next(fd, address, length);
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
    NEXT(send);
    const struct fault *fault = fault_of(CALL_send);
    return fails(fault) ? -1 : next(fd, data, limited(fault, size), flags);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    NEXT(sendmsg);
    return fails(fault_of(CALL_sendmsg)) ? -1 : next(fd, message, flags);
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    NEXT(sendmmsg);
    const struct fault *fault = fault_of(CALL_sendmmsg);
    return fails(fault) ? -1 : next(fd, messages, (unsigned)limited(fault, count), flags);
}

ssize_t recv(int fd, void *data, size_t size, int flags)
{
    NEXT(recv);
    const struct fault *fault = fault_of(CALL_recv);
    return fails(fault) ? -1 : next(fd, data, limited(fault, size), flags);
}

int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *time)
{
    NEXT(recvmmsg);
    const struct fault *fault = fault_of(CALL_recvmmsg);
    return fails(fault) ? -1 : next(fd, messages, (unsigned)limited(fault, count), flags, time);
}

/* --- files, and what libevent writes --- */

ssize_t writev(int fd, const struct iovec *pieces, int count)
{
    NEXT(writev);
    const struct fault *fault = is_kind(fd, S_IFSOCK) ? fault_of(CALL_writev) : NULL;
    if (fails(fault))
        return -1;
    if (!fault)
        return next(fd, pieces, count);
    const struct iovec first = {pieces[0].iov_base, limited(fault, pieces[0].iov_len)};
    return next(fd, &first, 1);
}

ssize_t pread(int fd, void *data, size_t size, off_t offset)
{
    NEXT(pread);
    const struct fault *fault = fault_of(CALL_pread);
    return fails(fault) ? -1 : next(fd, data, limited(fault, size), offset);
}

ssize_t write(int fd, const void *data, size_t size)
{
    NEXT(write);
    const struct fault *fault = is_kind(fd, S_IFREG) ? fault_of(CALL_write) : NULL;
    return fails(fault) ? -1 : next(fd, data, limited(fault, size));
}

/* --- memory --- */

/* dlsym may itself ask for memory before the next function is known: it gets some of this,
 * which is never given back. */
static void *early(size_t size)
{
    static _Alignas(max_align_t) char room[4096];
    static size_t used;
    const size_t taken = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t);
    void *memory = room + used;
    used += taken * sizeof(max_align_t);
    return used <= sizeof room ? memory : NULL;
}

#define NEXT_MEMORY(name, fallback)                \
    static __typeof__(&name) next;                 \
    static bool looking;                           \
    if (!next && looking)                          \
        return fallback;                           \
    if (!next) {                                   \
        looking = true;                            \
        *(void **)&next = dlsym(RTLD_NEXT, #name); \
    }

void *malloc(size_t size)
{
    NEXT_MEMORY(malloc, early(size))
    return fails(fault_of(CALL_malloc)) ? NULL : next(size);
}

void *calloc(size_t count, size_t size)
{
    NEXT_MEMORY(calloc, early(count * size))
    return fails(fault_of(CALL_calloc)) ? NULL : next(count, size);
}

void *realloc(void *old, size_t size)
{
    NEXT_MEMORY(realloc, NULL)
    return fails(fault_of(CALL_realloc)) ? NULL : next(old, size);
}
