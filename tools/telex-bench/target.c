/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/target.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/endpoint.h"
#include "base/mem.h"
#include "base/unix_address.h"

enum { EACH_ADDRESS = 16384, ADDRESSES = 250, TRIAL_MILLISECONDS = 10000 };

static bool set_option(int fd, int level, int option)
{
    return setsockopt(fd, level, option, &(int){1}, sizeof(int)) == 0;
}

/* Chooses the local address where the target is on IPv4 loopback. */
static bool bind_spread(struct target *target, int fd)
{
    uint64_t turn = target->dialled / EACH_ADDRESS % ADDRESSES;
    if (turn == 0 || !address_is_loopback(&target->address.inet) ||
        target->address.inet.any.sa_family != AF_INET)
        return true;
    union address local = {.v4 = {.sin_family = AF_INET}};
    local.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)turn);
    return set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT) &&
           bind(fd, &local.any, sizeof local.v4) == 0;
}

static bool prepare(struct target *target, int fd)
{
    if (target->address.inet.any.sa_family == AF_UNIX)
        return true;
    if (target->type == SOCK_STREAM && !set_option(fd, IPPROTO_TCP, TCP_NODELAY))
        return false;
    return bind_spread(target, fd);
}

int target_dial(struct target *target)
{
    const struct sockaddr *address = &target->address.inet.any;
    int fd = socket(address->sa_family, target->type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    bool good = prepare(target, fd) &&
                (connect(fd, address, target->length) == 0 || errno == EINPROGRESS);
    target->dialled++;
    if (good)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

/* Whether the address takes a connection; errno says why not. */
static bool is_answered(struct target *target)
{
    int fd = target_dial(target), reason = errno;
    if (fd < 0)
        return false;
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    socklen_t length = sizeof reason;
    if (poll(&ready, 1, TRIAL_MILLISECONDS) <= 0)
        reason = ETIMEDOUT;
    else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &reason, &length) != 0)
        reason = errno;
    close(fd);
    errno = reason;
    return reason == 0;
}

static void use(struct target *target, const struct addrinfo *info)
{
    memcpy(&target->address, info->ai_addr, info->ai_addrlen);
    target->length = info->ai_addrlen;
}

/* One address is taken as it is: to try it would be one connection more than was asked for. */
static bool choose(struct target *target, const struct addrinfo *info, char **error)
{
    bool sole = !info->ai_next || target->type == SOCK_DGRAM;
    for (; info; info = info->ai_next) {
        use(target, info);
        if (sole || is_answered(target))
            return true;
    }
    *error = mem_printf("cannot connect to %s: %s", target->text, strerror(errno));
    return false;
}

static bool find_inet(struct target *target, const struct endpoint *endpoint, char **error)
{
    const struct addrinfo hints = {.ai_socktype = target->type, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *list;
    char *port = mem_printf("%u", (unsigned)endpoint->port);
    int fault = getaddrinfo(endpoint->host, port, &hints, &list);
    free(port);
    if (fault != 0) {
        *error = mem_printf("cannot find %s: %s", target->text,
                            fault == EAI_SYSTEM ? strerror(errno) : gai_strerror(fault));
        return false;
    }
    bool good = choose(target, list, error);
    freeaddrinfo(list);
    return good;
}

bool target_is_possible(enum scheme scheme)
{
    return schemes[scheme].form != SCHEME_DEVICE && schemes[scheme].form != SCHEME_COMMAND &&
           scheme != SCHEME_DTLS;
}

bool target_init(struct target *target, const struct endpoint *endpoint, char **error)
{
    *target = (struct target){.text = endpoint_print(endpoint), .type = SOCK_STREAM};
    if (schemes[endpoint->scheme].form == SCHEME_PATH) {
        target->length = unix_address(endpoint->path, &target->address.local);
        return true;
    }
    if (schemes[endpoint->scheme].datagram)
        target->type = SOCK_DGRAM;
    if (find_inet(target, endpoint, error))
        return true;
    target_finish(target);
    return false;
}

void target_finish(struct target *target)
{
    free(target->text);
    target->text = NULL;
}
