/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The checks that devices put behind their messages, as /bytes knows them. Each is computed a
 * piece at a time: begin with first, add what comes, put the sum.
 */
#ifndef TELEX_BASE_CHECKSUM_H
#define TELEX_BASE_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ut.h"

struct checksum {
    const char *name;
    uint32_t first;  /* the sum of nothing */
    uint32_t invert; /* these bits of the sum are turned over at the end */
    unsigned bytes;  /* that are put */
    bool high_first; /* the high byte before the low one */
    uint32_t (*step)(uint32_t sum, uint8_t byte);
};

/*
 * crc16 is Modbus's, low byte first; crc16-ccitt begins with FFFF ("CCITT-FALSE"), high byte
 * first; crc32 is that of IEEE 802.3, low byte first. sum8 is the sum modulo 256, xor8 all
 * bytes in exclusive or.
 */
enum { CHECKSUMS = 5 };
extern const struct checksum checksums[CHECKSUMS];

/* The sum after size more bytes. */
uint32_t checksum_add(const struct checksum *checksum, uint32_t sum, const void *data,
                      size_t size);
/* Appends the check's bytes as they stand in a message. */
void checksum_put(const struct checksum *checksum, uint32_t sum, UT_string *out);
/* What the bytes to be put spell as a number. */
uint32_t checksum_value(const struct checksum *checksum, uint32_t sum);

#endif
