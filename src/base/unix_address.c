/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/unix_address.h"

#include <stddef.h>
#include <string.h>

bool unix_address_is_abstract(const char *path)
{
    return *path == '@';
}

/* An abstract name has a NUL before it and none behind: its length is part of it. */
socklen_t unix_address(const char *path, struct sockaddr_un *address)
{
    bool abstract = unix_address_is_abstract(path);
    size_t room = sizeof address->sun_path - (abstract ? 0 : 1);
    size_t size = strnlen(path, room);
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(address->sun_path, path, size);
    if (!abstract)
        return sizeof *address;
    address->sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
}
