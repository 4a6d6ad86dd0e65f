/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/port.h"

#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#include "base/address.h"
#include "base/fail.h"
#include "base/number.h"

/* RFC 6335 5.1: each has a letter. getaddrinfo(3) would take "-1" for a number. */
static bool may_be_service(const char *text)
{
    return strpbrk(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != NULL;
}

static bool find_service(const char *name, int type, in_port_t *port)
{
    struct addrinfo hints = {
        .ai_family = AF_INET, .ai_socktype = type, .ai_flags = AI_PASSIVE | AI_NUMERICHOST};
    struct addrinfo *found;
    union address address;
    if (getaddrinfo(NULL, name, &hints, &found) != 0)
        return false;
    memcpy(&address.v4, found->ai_addr, sizeof address.v4);
    *port = address_port(&address);
    freeaddrinfo(found);
    return true;
}

bool port_parse(const char *text, int type, in_port_t *port, char **error)
{
    uint64_t number;
    bool word = may_be_service(text);
    if (word && find_service(text, type, port))
        return true;
    if (word)
        return fail_with(error,
                         "port '%s' is neither a number from 0 to 65535 nor a service that "
                         "this machine knows",
                         text);
    if (!number_parse(text, UINT16_MAX, &number))
        return fail_with(error, "port '%s' is not a number from 0 to 65535", text);
    *port = (in_port_t)number;
    return true;
}
