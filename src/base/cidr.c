/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cidr.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/number.h"

static bool refuse(const char *text, char **error)
{
    return fail_with(error, "'%s' is not an address prefix like 10.0.0.0/8 or 2001:db8::/32",
                     text);
}

void cidr_shorten(struct cidr *cidr, unsigned bits)
{
    cidr->bits = bits;
    for (unsigned bit = bits; bit < CIDR_BYTES * 8; bit++)
        cidr->prefix[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
}

/* ::ffff:10.0.0.0/104 is 10.0.0.0/8. */
static void unmap(struct cidr *cidr)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (!cidr->v6 || cidr->bits < 96 || memcmp(cidr->prefix, mapped, sizeof mapped) != 0)
        return;
    cidr->v6 = false;
    cidr->bits -= 96;
    memmove(cidr->prefix, cidr->prefix + 12, 4);
    memset(cidr->prefix + 4, 0, CIDR_BYTES - 4);
}

bool cidr_parse(const char *text, struct cidr *cidr, char **error)
{
    const char *slash = strchrnul(text, '/');
    char *address = mem_strndup(text, (size_t)(slash - text));
    *cidr = (struct cidr){.v6 = strchr(address, ':') != NULL};
    uint64_t most = cidr->v6 ? 128 : 32, bits = most;
    bool good = inet_pton(cidr->v6 ? AF_INET6 : AF_INET, address, cidr->prefix) == 1 &&
                (*slash == '\0' || number_parse(slash + 1, most, &bits));
    free(address);
    if (!good)
        return refuse(text, error);
    cidr_shorten(cidr, (unsigned)bits);
    unmap(cidr);
    return true;
}

void cidr_of_address(struct cidr *cidr, const union address *address)
{
    union address plain = *address;
    address_unmap(&plain);
    const bool v6 = plain.any.sa_family == AF_INET6;
    *cidr = (struct cidr){.v6 = v6, .bits = v6 ? 128 : 32};
    if (v6)
        memcpy(cidr->prefix, &plain.v6.sin6_addr, sizeof plain.v6.sin6_addr);
    else
        memcpy(cidr->prefix, &plain.v4.sin_addr, sizeof plain.v4.sin_addr);
}
