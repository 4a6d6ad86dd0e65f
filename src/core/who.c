/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/who.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/number.h"

void who_label(const struct who *who, char label[WHO_LABEL])
{
    const uint64_t number = who->node ? who_number(who->number) : who->number;
    if (who->node && who->name)
        snprintf(label, WHO_LABEL, "%s/%s", who->node, who->name);
    else if (who->node)
        snprintf(label, WHO_LABEL, "%s/%" PRIu64, who->node, number);
    else
        snprintf(label, WHO_LABEL, who->name ? "#%" PRIu64 " %s" : "#%" PRIu64, number,
                 who->name);
}

bool who_parse_number(const char *word, uint64_t most, uint64_t *number)
{
    return number_parse(*word == '#' ? word + 1 : word, most, number) && *number > 0;
}
