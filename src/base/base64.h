/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as base64 (RFC 4648 4), with its padding. */
#ifndef TELEX_BASE_BASE64_H
#define TELEX_BASE_BASE64_H

#include <stddef.h>

#include "base/ut.h"

void base64_encode(UT_string *out, const void *data, size_t size);

#endif
