/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Address prefixes: what is understood is an address that the C library knows too, with the
 * bits behind the prefix cleared, and means the same when written in full.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cidr.h"
#include "base/mem.h"
#include "fuzz.h"

static bool bit_of(const uint8_t *bytes, unsigned bit)
{
    return bytes[bit / 8] & (0x80 >> bit % 8);
}

static bool is_mapped(const uint8_t *bytes)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(bytes, mapped, sizeof mapped) == 0;
}

/* The text read again by the simplest means. */
static bool read_plainly(const char *text, bool *v6, uint8_t address[CIDR_BYTES],
                         unsigned *bits)
{
    char host[64], rest = '\0';
    const size_t length = strcspn(text, "/");
    if (length >= sizeof host)
        return false;
    memcpy(host, text, length);
    host[length] = '\0';
    *v6 = strchr(host, ':') != NULL;
    *bits = *v6 ? 128 : 32;
    if (inet_pton(*v6 ? AF_INET6 : AF_INET, host, address) != 1)
        return false;
    if (text[length] == '\0')
        return true;
    const char *digits = text + length + 1;
    const size_t count = strspn(digits, "0123456789");
    const size_t zeros = strspn(digits, "0");
    if (count == 0 || digits[count] != '\0' || count - zeros > 3)
        return false;
    const unsigned most = *bits;
    return sscanf(digits + (zeros < count ? zeros : count - 1), "%u%c", bits, &rest) == 1 &&
           *bits <= most;
}

static void check_good(const char *text, const struct cidr *cidr)
{
    uint8_t address[CIDR_BYTES] = {0};
    bool v6 = false;
    unsigned bits = 0;
    FUZZ_CHECK(read_plainly(text, &v6, address, &bits));
    const unsigned skipped = v6 && !cidr->v6 ? 96 : 0;
    FUZZ_CHECK(skipped == 0 ? cidr->v6 == v6 : is_mapped(address) && bits >= 96);
    FUZZ_CHECK(!(cidr->v6 && bits >= 96 && is_mapped(address)));
    FUZZ_CHECK(cidr->bits == bits - skipped);
    for (unsigned bit = 0; bit < CIDR_BYTES * 8; bit++)
        FUZZ_CHECK(bit_of(cidr->prefix, bit) ==
                   (bit < cidr->bits && bit_of(address, bit + skipped)));
}

static void check_again(const struct cidr *cidr)
{
    char address[INET6_ADDRSTRLEN];
    struct cidr again;
    char *error = NULL;
    inet_ntop(cidr->v6 ? AF_INET6 : AF_INET, cidr->prefix, address, sizeof address);
    char *text = mem_printf("%s/%u", address, cidr->bits);
    FUZZ_CHECK(cidr_parse(text, &again, &error));
    FUZZ_CHECK(again.v6 == cidr->v6 && again.bits == cidr->bits);
    FUZZ_CHECK(memcmp(again.prefix, cidr->prefix, CIDR_BYTES) == 0);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct cidr cidr;
    uint8_t address[CIDR_BYTES];
    bool v6;
    unsigned bits;
    char *error = NULL, *text = fuzz_rest(&input);
    if (cidr_parse(text, &cidr, &error)) {
        check_good(text, &cidr);
        check_again(&cidr);
    } else {
        FUZZ_CHECK(!read_plainly(text, &v6, address, &bits));
        fuzz_check_error(error);
    }
    free(text);
    return 0;
}
