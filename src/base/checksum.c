/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/checksum.h"

/* Polynomials; those of sums that take the lowest bit first are written backwards. */
enum { MODBUS = 0xa001, CCITT = 0x1021 };
static const uint32_t ieee = 0xedb88320;

/* A step of a sum that takes the lowest bit first. */
static uint32_t step_low(uint32_t sum, uint8_t byte, uint32_t polynomial)
{
    sum ^= byte;
    for (int bit = 0; bit < 8; bit++)
        sum = sum & 1 ? sum >> 1 ^ polynomial : sum >> 1;
    return sum;
}

static uint32_t step_modbus(uint32_t sum, uint8_t byte)
{
    return step_low(sum, byte, MODBUS);
}

static uint32_t step_ieee(uint32_t sum, uint8_t byte)
{
    return step_low(sum, byte, ieee);
}

static uint32_t step_ccitt(uint32_t sum, uint8_t byte)
{
    sum ^= (uint32_t)byte << 8;
    for (int bit = 0; bit < 8; bit++)
        sum = sum & 0x8000 ? sum << 1 ^ CCITT : sum << 1;
    return sum & 0xffff;
}

static uint32_t step_sum(uint32_t sum, uint8_t byte)
{
    return (sum + byte) & 0xff;
}

static uint32_t step_xor(uint32_t sum, uint8_t byte)
{
    return sum ^ byte;
}

const struct checksum checksums[CHECKSUMS] = {
    {"crc16", 0xffff, 0, 2, false, step_modbus},
    {"crc16-ccitt", 0xffff, 0, 2, true, step_ccitt},
    {"crc32", 0xffffffff, 0xffffffff, 4, false, step_ieee},
    {"sum8", 0, 0, 1, false, step_sum},
    {"xor8", 0, 0, 1, false, step_xor},
};

uint32_t checksum_add(const struct checksum *checksum, uint32_t sum, const void *data,
                      size_t size)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i++)
        sum = checksum->step(sum, bytes[i]);
    return sum;
}

uint32_t checksum_value(const struct checksum *checksum, uint32_t sum)
{
    return sum ^ checksum->invert;
}

void checksum_put(const struct checksum *checksum, uint32_t sum, UT_string *out)
{
    const uint32_t value = checksum_value(checksum, sum);
    for (unsigned i = 0; i < checksum->bytes; i++) {
        const unsigned place = checksum->high_first ? checksum->bytes - 1 - i : i;
        const char byte = (char)(value >> 8 * place & 0xff);
        ut_append(out, &byte, 1);
    }
}
