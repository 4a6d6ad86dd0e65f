/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/proxy_header.h"

#include <stdint.h>
#include <string.h>

#include "base/address.h"
#include "base/number.h"

/* --- version 1: a line of text --- */

enum { LINE_MAX = 107, FIELDS = 5 };

/* Splits at single spaces; false where there are not just so many fields. */
static bool split(char *line, char *fields[FIELDS])
{
    for (int i = 0; i < FIELDS; i++) {
        fields[i] = strsep(&line, " ");
        if (!fields[i] || *fields[i] == '\0')
            return false;
    }
    return !line;
}

static bool take_address(const char *host, const char *port, sa_family_t family,
                         union address *address)
{
    uint64_t number;
    return !strchr(host, '%') && number_parse(port, UINT16_MAX, &number) &&
           address_parse(host, (in_port_t)number, address) && address->any.sa_family == family;
}

/* line: without its end. "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443" */
static bool take_line(char *line, union address *remote)
{
    char *fields[FIELDS + 1] = {0};
    union address from, to;
    if (strncmp(line, "UNKNOWN", strlen("UNKNOWN")) == 0)
        return line[strlen("UNKNOWN")] == '\0' || line[strlen("UNKNOWN")] == ' ';
    if (!split(line, fields))
        return false;
    sa_family_t family = strcmp(fields[0], "TCP4") == 0   ? AF_INET
                         : strcmp(fields[0], "TCP6") == 0 ? AF_INET6
                                                          : AF_UNSPEC;
    if (!take_address(fields[1], fields[3], family, &from) ||
        !take_address(fields[2], fields[4], family, &to))
        return false;
    *remote = from;
    return true;
}

static bool parse_text(const char *data, size_t size, size_t *length, union address *remote)
{
    static const char name[] = "PROXY ";
    char line[LINE_MAX + 1];
    size_t window = size < LINE_MAX ? size : LINE_MAX, begin = strlen(name);
    if (memcmp(data, name, window < begin ? window : begin) != 0)
        return false;
    const char *end = memmem(data, window, "\r\n", 2);
    if (!end)
        return window < LINE_MAX;
    size_t text = (size_t)(end - data);
    if (text < begin || memchr(data, '\0', text))
        return false;
    memcpy(line, data + begin, text - begin);
    line[text - begin] = '\0';
    *length = text + 2;
    return take_line(line, remote);
}

/* --- version 2: binary --- */

static const char signature[] = "\r\n\r\n\0\r\nQUIT\n";
enum { SIGNATURE = sizeof signature - 1, HEAD = 16, V4_SIZE = 12, V6_SIZE = 36 };
/* The thirteenth byte, version and command; the fourteenth, family and protocol. */
enum { LOCAL = 0x20, PROXY = 0x21 };
enum { UNSPEC = 0x00, TCP_V4 = 0x11, TCP_V6 = 0x21, UNIX_STREAM = 0x31 };

static bool take_v4(const char *block, size_t size, union address *remote)
{
    if (size < V4_SIZE)
        return false;
    memset(remote, 0, sizeof *remote);
    remote->v4.sin_family = AF_INET;
    memcpy(&remote->v4.sin_addr, block, 4);
    memcpy(&remote->v4.sin_port, block + 8, 2);
    return true;
}

static bool take_v6(const char *block, size_t size, union address *remote)
{
    if (size < V6_SIZE)
        return false;
    memset(remote, 0, sizeof *remote);
    remote->v6.sin6_family = AF_INET6;
    memcpy(&remote->v6.sin6_addr, block, 16);
    memcpy(&remote->v6.sin6_port, block + 32, 2);
    return true;
}

static bool take_block(uint8_t command, uint8_t family, const char *block, size_t size,
                       union address *remote)
{
    if (command == LOCAL)
        return true; /* the proxy asks whether we live */
    if (command != PROXY)
        return false;
    switch (family) {
    case TCP_V4:
        return take_v4(block, size, remote);
    case TCP_V6:
        return take_v6(block, size, remote);
    case UNSPEC:
    case UNIX_STREAM:
        return true;
    default:
        return false;
    }
}

static bool parse_binary(const char *data, size_t size, size_t *length, union address *remote)
{
    if (memcmp(data, signature, size < SIGNATURE ? size : SIGNATURE) != 0)
        return false;
    if (size < HEAD)
        return true;
    const uint8_t *head = (const uint8_t *)data;
    size_t block = (size_t)head[14] << 8 | head[15];
    if (HEAD + block > PROXY_HEADER_MAX)
        return false;
    if (size < HEAD + block)
        return true;
    *length = HEAD + block;
    return take_block(head[12], head[13], data + HEAD, block, remote);
}

bool proxy_header_parse(const char *data, size_t size, size_t *length, union address *remote)
{
    *length = 0;
    if (size == 0)
        return true;
    bool good = *data == 'P' ? parse_text(data, size, length, remote)
                             : parse_binary(data, size, length, remote);
    if (*length > 0)
        address_unmap(remote);
    return good;
}
