/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

_Noreturn void setup_fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static const char of_server[] = "[tcp|udp] PORT", of_relay[] = "PORT FAR_PORT";

static _Noreturn void usage(const char *program, const char *arguments)
{
    fprintf(stderr, "usage: %s %s\n", program, arguments);
    exit(2);
}

static in_port_t read_port(const char *program, const char *arguments, const char *text)
{
    char *end;
    errno = 0;
    unsigned long port = strtoul(text, &end, 10);
    if (errno || end == text || *end || port > 65535)
        usage(program, arguments);
    return htons((in_port_t)port);
}

/* As many connections as the machine allows without asking. */
static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static int open_socket(bool udp, in_port_t port)
{
    int type = (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
    int fd = socket(AF_INET, type, 0);
    if (fd < 0)
        setup_fail("socket");
    int on = 1;
    if (!udp && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
        setup_fail("SO_REUSEADDR");
    struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(fd, (struct sockaddr *)&name, sizeof name) < 0)
        setup_fail("bind");
    if (!udp && listen(fd, SETUP_BACKLOG) < 0)
        setup_fail("listen");
    return fd;
}

static void announce(int fd)
{
    struct sockaddr_in name;
    socklen_t length = sizeof name;
    if (getsockname(fd, (struct sockaddr *)&name, &length) < 0)
        setup_fail("getsockname");
    printf("listening %d\n", ntohs(name.sin_port));
    fflush(stdout);
}

static void begin(struct setup *setup, in_port_t port)
{
    signal(SIGPIPE, SIG_IGN);
    raise_descriptors();
    setup->fd = open_socket(setup->udp, port);
    announce(setup->fd);
}

struct setup setup_read(int argc, char **argv)
{
    struct setup setup = {.fd = -1};
    if (argc == 3) {
        setup.udp = strcmp(argv[1], "udp") == 0;
        if (!setup.udp && strcmp(argv[1], "tcp") != 0)
            usage(argv[0], of_server);
    } else if (argc != 2) {
        usage(argv[0], of_server);
    }
    begin(&setup, read_port(argv[0], of_server, argv[argc - 1]));
    return setup;
}

struct setup setup_read_relay(int argc, char **argv, in_port_t *far)
{
    struct setup setup = {.fd = -1};
    if (argc != 3)
        usage(argv[0], of_relay);
    *far = read_port(argv[0], of_relay, argv[2]);
    begin(&setup, read_port(argv[0], of_relay, argv[1]));
    return setup;
}
