/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a file is that is on its way to a peer, in values (core/transfer). */
#ifndef TELEX_CORE_TRANSFER_PROGRESS_H
#define TELEX_CORE_TRANSFER_PROGRESS_H

#include <stdint.h>

struct transfer_progress {
    const char *path; /* borrowed; NULL: there is none */
    uint64_t size;
    uint64_t bytes; /* that the kernel took */
};

#endif
