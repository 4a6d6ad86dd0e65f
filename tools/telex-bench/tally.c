/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/tally.h"

#include <stdlib.h>
#include <string.h>

void tally_begin(struct tally *tally)
{
    tally->operations = tally->bytes = tally->sent = tally->lost = 0;
    memset(&tally->latency, 0, sizeof tally->latency);
}

void tally_finish(struct tally *tally)
{
    free(tally->first_error);
    free(tally->first_mismatch);
    tally->first_error = tally->first_mismatch = NULL;
}
