/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The header of a proxy: what it is does not depend on how much came at a time, it ends where
 * its version says, and who it names is an address of IP.
 */
#include <string.h>

#include "base/address.h"
#include "fuzz.h"
#include "stream/proxy_header.h"

enum { LINE_MOST = 107 };

struct result {
    bool good;
    size_t length;
    union address remote;
};

static struct result parse(const uint8_t *data, size_t size)
{
    struct result result = {.remote.any.sa_family = AF_UNSPEC};
    result.good = proxy_header_parse((const char *)data, size, &result.length, &result.remote);
    FUZZ_CHECK(result.length <= size && result.length <= PROXY_HEADER_MAX);
    return result;
}

static void check_header(const uint8_t *data, const struct result *result)
{
    if (data[0] == 'P')
        FUZZ_CHECK(result->length <= LINE_MOST && data[result->length - 1] == '\n');
    else
        FUZZ_CHECK(result->length == 16u + ((size_t)data[14] << 8 | data[15]));
    sa_family_t family = result->remote.any.sa_family;
    FUZZ_CHECK(family == AF_UNSPEC || family == AF_INET || family == AF_INET6);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct result whole = parse(data, size);
    if (whole.good && whole.length > 0)
        check_header(data, &whole);
    bool decided = false;
    for (size_t part = 0; part <= size && part <= PROXY_HEADER_MAX + 1; part++) {
        const struct result some = parse(data, part);
        if (decided || !some.good || some.length > 0) { /* nothing that follows changes it */
            decided = true;
            FUZZ_CHECK(some.good == whole.good && some.length == whole.length);
            FUZZ_CHECK(some.remote.any.sa_family == whole.remote.any.sa_family);
        }
    }
    return 0;
}
