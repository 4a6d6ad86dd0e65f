/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/who.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/number.h"

void who_label(const struct who *who, char label[WHO_LABEL])
{
    snprintf(label, WHO_LABEL, who->name ? "#%" PRIu64 " %s" : "#%" PRIu64, who->number,
             who->name);
}

bool who_parse_number(const char *word, uint64_t most, uint64_t *number)
{
    return number_parse(*word == '#' ? word + 1 : word, most, number) && *number > 0;
}
