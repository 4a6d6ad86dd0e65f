/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_console.h"

#include <check.h>
#include <string.h>

#include "command/command.h"

static struct fake_console *fake_console_of(const struct console *console)
{
    return (struct fake_console *)console;
}

static void write_out(struct console *console, const char *data, size_t size)
{
    struct fake_console *fake = fake_console_of(console);
    ck_assert_uint_gt(size, 0);
    ck_assert_msg(data[size - 1] == '\n', "whole lines are written");
    utstring_bincpy(&fake->written, data, size);
}

static size_t backlog(const struct console *console)
{
    return fake_console_of(console)->backlog;
}

static void hold_input(struct console *console, bool on)
{
    struct fake_console *fake = fake_console_of(console);
    fake->input_held = on;
    fake->holds++;
}

static void changed(struct console *console, enum operator_change change)
{
    fake_console_of(console)->changes |= 1u << change;
}

static const struct front_ops fake_front = {
    .write = write_out, .backlog = backlog, .hold_input = hold_input, .changed = changed};

void fake_console_init(struct fake_console *fake, struct fake *world,
                       const struct renderer *renderer, const struct console_settings *settings)
{
    struct console_settings own = settings ? *settings : (struct console_settings){0};
    *fake = (struct fake_console){.world = world};
    fake_operator_init(&fake->program, world);
    utstring_init(&fake->written);
    utstring_init(&fake->taken);
    own.hub = &world->hub;
    own.program = &fake->program.program;
    own.renderer = renderer;
    if (!own.operators)
        own.operators = &fake->operators;
    if (!own.commands)
        own.commands = command_table;
    if (own.number == 0)
        own.number = 1;
    console_init(&fake->console, &own, &fake_front);
}

void fake_console_finish(struct fake_console *fake)
{
    console_finish(&fake->console);
    fake_operator_finish(&fake->program);
    utstring_done(&fake->written);
    utstring_done(&fake->taken);
}

const char *fake_console_take(struct fake_console *fake)
{
    utstring_clear(&fake->taken);
    utstring_concat(&fake->taken, &fake->written);
    utstring_clear(&fake->written);
    return utstring_body(&fake->taken);
}

const char *fake_console_say(struct fake_console *fake, const char *line)
{
    fake_console_take(fake);
    console_line(&fake->console, line, strlen(line));
    return fake_console_take(fake);
}
