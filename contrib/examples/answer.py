#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers what peers of telexd say, by rules, over a control socket of telexd.

    answer.py [--control PATH] [--rules FILE] [--stay] [PATTERN ANSWER]...

PATTERN is a regular expression (of Python, over bytes) that is searched in each message; the
first rule that matches decides. ANSWER goes out exactly as it is, no end of line is added: \\n and
\\r are escapes, \\1 is the first group of PATTERN. FILE has one rule a line, "PATTERN => ANSWER",
empty lines, and comments that begin with #. A message of a stream is a line where the listener
has framing=line, else whatever came together.

A peer gets at most 100 answers a second, so that two programs which answer each other do no harm.
When telexd ends, answer.py ends too, or with --stay waits for the next one. Exit status: 0 after
a clean end, 1 where something failed, 2 for a usage error.
"""

import argparse
import asyncio
import base64
import json
import os
import re
import signal
import sys
import time

LONGEST_LINE = 16 << 20   # of telexd; it escapes a message of 64 KiB to six times as much
MOST_WAITING = 1 << 20    # bytes of answers that telexd has not taken yet
MOST_A_SECOND = 100


class Failure(Exception):
    """What ends the program with one line and status 1."""


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"{self.prog}: {message}\n")


def default_control():
    if os.geteuid() == 0:
        return "/run/telex/telex.sock"
    directory = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.geteuid()}"
    return os.path.join(directory, "telex.sock")


def rule(pattern, answer):
    """A compiled rule. Raises ValueError where pattern or answer is none."""
    try:
        compiled = re.compile(os.fsencode(pattern))
        compiled.sub(os.fsencode(answer), b"")  # looks at the escapes and groups of the answer
    except (re.error, IndexError) as error:
        raise ValueError(f"{pattern!r} => {answer!r}: {error}") from None
    return compiled, os.fsencode(answer)


def read_rules(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.strip() and not line.startswith("#"):
                pattern, arrow, answer = line.partition(" => ")
                if not arrow:
                    raise ValueError(f"{path}:{number}: no ' => ' in the rule")
                yield rule(pattern, answer)


def data_of(event):
    """The bytes of a message."""
    if "base64" in event:
        return base64.b64decode(event["base64"], validate=True)
    return event["text"].encode()


class Bot:
    def __init__(self, rules, writer):
        self.rules = rules
        self.writer = writer
        self.answered = {}  # peer: the present second, and how many answers it got in it

    def take(self, event):
        """Acts on one event. Those that are not known, later versions may have them, are skipped.
        So are "sent" events: they tell what we said ourselves, and what other operators said."""
        name = event["event"]
        if name == "message":
            self.hear(event["peer"], data_of(event))
        elif name == "close":
            self.answered.pop(event["peer"], None)
        elif name == "error":  # perhaps that the peer was gone when our answer came
            print(f"answer.py: telexd says: {event['error']!a}", file=sys.stderr)
        elif name == "lost":   # closes may be among what we miss
            self.answered.clear()
            print(f"answer.py: too slow, {event['messages']} messages missed", file=sys.stderr)

    def hear(self, peer, data):
        for pattern, answer in self.rules:
            if found := pattern.search(data):
                if self.may_answer(peer):
                    self.say(peer, found.expand(answer))
                return

    def may_answer(self, peer):
        """Waiting for room would stop us from reading, and telexd takes nothing from a console
        that does not read: so there is no answer where there is no room."""
        if self.writer.transport.get_write_buffer_size() > MOST_WAITING:
            return False
        second, count = self.answered.get(peer, (0, 0))
        now = int(time.monotonic())
        count = count + 1 if now == second else 1
        self.answered[peer] = now, count
        return count <= MOST_A_SECOND

    def say(self, peer, data):
        """In hex, because data may hold what the peer said: a newline in it would end our line,
        and what follows would be a command of the peer's own."""
        if data:
            self.writer.write(b"/bytes %d %s\n" % (peer, data.hex().encode()))


def check_hello(line):
    try:
        hello = json.loads(line)
        known = hello["event"] == "hello" and hello["protocol"] == 1
        access = hello["access"]
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise Failure("this is no control socket of a telexd that we understand")
    if access != "write":
        raise Failure("consoles on this control socket only look on, they cannot answer")


async def serve(rules, control):
    """Answers until telexd ends."""
    reader, writer = await asyncio.open_unix_connection(control, limit=LONGEST_LINE)
    try:
        check_hello(await reader.readline())
        bot = Bot(rules, writer)
        while line := await reader.readline():
            bot.take(json.loads(line))
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"telexd sent what is no event: {error!r}") from None
    except ConnectionError:  # a telexd that was killed
        pass
    finally:
        writer.close()


async def serve_again(rules, control):
    """Answers, and waits for the next telexd, until told to end."""
    while True:
        try:
            await serve(rules, control)
        except OSError:
            pass
        await asyncio.sleep(0.5)


async def run(arguments, rules):
    task = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        await (serve_again if arguments.stay else serve)(rules, arguments.control)
    except asyncio.CancelledError:
        pass
    except OSError as error:
        raise Failure(f"cannot attach to {arguments.control}: {error.strerror}") from None


def main():
    parser = Parser("answer.py", description=__doc__, usage=argparse.SUPPRESS, allow_abbrev=False,
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--control", default=default_control())
    parser.add_argument("--rules")
    parser.add_argument("--stay", action="store_true")
    parser.add_argument("words", nargs="*")
    arguments = parser.parse_args()
    words = arguments.words
    try:
        rules = [rule(*pair) for pair in zip(words[::2], words[1::2])]
        if arguments.rules:
            rules += read_rules(arguments.rules)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    if len(words) % 2 or not rules:
        parser.error("give pairs of PATTERN and ANSWER, or --rules FILE")
    try:
        asyncio.run(run(arguments, rules))
    except Failure as error:
        print(f"answer.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
