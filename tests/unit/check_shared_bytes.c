/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/shared_bytes.h"

#include <string.h>

#include "check_main.h"

/* The address sanitizer judges: what is freed too early is read here, what is not freed leaks.
 */
START_TEST(lives_as_long_as_somebody_holds_it)
{
    struct shared_bytes *shared = shared_bytes_create(NULL, 5);
    memcpy(shared->data, "hello", shared->size);
    ck_assert_ptr_eq(shared_bytes_reference(shared), shared);
    shared_bytes_release(shared);
    ck_assert_int_eq(memcmp(shared->data, "hello", 5), 0);
    shared_bytes_release(shared);
}
END_TEST

START_TEST(may_be_empty)
{
    struct shared_bytes *shared = shared_bytes_create(NULL, 0);
    ck_assert_uint_eq(shared->size, 0);
    shared_bytes_release(shared);
    shared_bytes_release(NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lives_as_long_as_somebody_holds_it, may_be_empty, NULL};
    return check_run("shared_bytes", tests);
}
