/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of serial endpoints: baud, mode, flow, dtr, rts. */
#ifndef TELEX_TRANSPORT_SERIAL_OPTIONS_H
#define TELEX_TRANSPORT_SERIAL_OPTIONS_H

#include "core/keys.h"
#include "loop/serial_port.h"

struct origin;

extern const struct key_set serial_options_keys;

/* 115200 8n1 without flow control, DTR and RTS on, where its keys do not say else. */
const struct serial_settings *serial_options_of(const struct origin *origin);

#endif
