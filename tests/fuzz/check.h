/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In the place of Check's header, for the fake world of the unit tests: Check's assertions need
 * its runner, and a fuzz program has none. Here they abort.
 */
#ifndef TELEX_TESTS_CHECK_H
#define TELEX_TESTS_CHECK_H

#include "fuzz.h"

#define ck_assert(condition) FUZZ_CHECK(condition)
#define ck_assert_msg(condition, ...) FUZZ_CHECK(condition)
#define ck_assert_ptr_null(pointer) FUZZ_CHECK((pointer) == NULL)
#define ck_assert_ptr_nonnull(pointer) FUZZ_CHECK((pointer) != NULL)
#define ck_assert_int_eq(a, b) FUZZ_CHECK((a) == (b))
#define ck_assert_uint_eq(a, b) FUZZ_CHECK((a) == (b))
#define ck_assert_uint_gt(a, b) FUZZ_CHECK((a) > (b))

#endif
