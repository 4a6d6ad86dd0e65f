/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two things of a type change places. */
#ifndef TELEX_BASE_SWAP_H
#define TELEX_BASE_SWAP_H

#define SWAP(type, one, other) \
    do {                       \
        type former_ = (one);  \
        (one) = (other);       \
        (other) = former_;     \
    } while (0)

#endif
