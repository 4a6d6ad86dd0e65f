/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/responder.h"

const struct responder responder_none = {
    .name = "none",
    .help = "never answers by itself",
};
