/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Setters of options whose words the core knows, for the tables of both programs. */
#ifndef TELEX_CORE_SETTER_H
#define TELEX_CORE_SETTER_H

#include "base/options.h"

option_setter setter_reply; /* const struct responder * */
option_setter setter_eol;   /* enum eol */
option_setter setter_view;  /* enum view */

#endif
