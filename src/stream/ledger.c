/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/ledger.h"

/* Sums so large are halved: their ratio stays, and products stay below 2^64. */
enum { SUM_MOST = 1 << 30 };

void ledger_put(struct ledger *ledger, size_t wire)
{
    ledger->put += wire;
    ledger->farewell += wire;
}

void ledger_said(struct ledger *ledger, size_t plain, uint64_t wire)
{
    ledger->plain += plain;
    ledger->wire += wire;
    ledger->farewell = 0;
    while (ledger->plain > SUM_MOST || ledger->wire > SUM_MOST) {
        ledger->plain /= 2;
        ledger->wire /= 2;
    }
}

size_t ledger_share(size_t plain, uint64_t part, uint64_t whole)
{
    if (part >= whole)
        return part == 0 ? 0 : plain;
    return (size_t)((plain * part + whole - 1) / whole);
}

size_t ledger_plain(const struct ledger *ledger, size_t wire)
{
    if (wire <= ledger->farewell || ledger->wire == 0)
        return 0;
    const uint64_t said = wire - ledger->farewell;
    return (size_t)((said * ledger->plain + ledger->wire - 1) / ledger->wire);
}
