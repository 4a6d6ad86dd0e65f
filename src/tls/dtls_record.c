/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/dtls_record.h"

/* Where things stand in a record, and in its message of the handshake. */
enum { TYPE = 0, EPOCH = 3, LENGTH = 11, RECORD = 13, RANDOM = RECORD + 12 + 2 };
enum { HANDSHAKE = 22, CLIENT_HELLO = 1 };

static bool is_sealed(const char *record)
{
    return record[EPOCH] != 0 || record[EPOCH + 1] != 0;
}

const char *dtls_record_hello(const char *data, size_t size)
{
    const bool good = size >= RANDOM + DTLS_RANDOM && data[TYPE] == HANDSHAKE &&
                      !is_sealed(data) && data[RECORD] == CLIENT_HELLO;
    return good ? data + RANDOM : NULL;
}

unsigned dtls_record_sealed(const char *data, size_t size)
{
    unsigned count = 0;
    while (size >= RECORD) {
        const size_t length = RECORD + ((size_t)(unsigned char)data[LENGTH] << 8 |
                                        (unsigned char)data[LENGTH + 1]);
        count += is_sealed(data);
        if (length >= size)
            break;
        data += length;
        size -= length;
    }
    return count;
}
