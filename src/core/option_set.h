/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Setters of options whose words the core knows, for the tables of both programs. */
#ifndef TELEX_CORE_OPTION_SET_H
#define TELEX_CORE_OPTION_SET_H

#include "base/options.h"

option_setter option_set_reply;     /* const struct agent * */
option_setter option_set_eol;       /* enum eol */
option_setter option_set_view;      /* enum view */
option_setter option_set_time_form; /* enum time_form */

#endif
