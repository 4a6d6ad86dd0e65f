#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records what is said on each line of telexd, over a control socket of telexd.

    record.py [--control PATH] [--most BYTES] [--total BYTES] DIRECTORY
    record.py --show FILE
    record.py --bytes in|out FILE

Each peer gets a file of its own in DIRECTORY, named by the time and the peer's number. In it stands,
for each message from the peer (<) and to it (>), a line with time and size, then exactly
these bytes and a newline; and lines that begin with #, on what else happened:

    # 2026-11-25T23:11:47.095332Z open tcp 127.0.0.1:40776 at 127.0.0.1:9999
    2026-11-25T23:11:49.260360Z < 13
    71.5 degrees

--show prints such a file so that nothing in it can harm a terminal, --bytes the bytes of one
direction as they were. A file takes at most --most bytes (64 MiB) of messages, the rest is
counted. After --total bytes (1 GiB) in all files record.py ends, with status 1. When telexd ends it
ends too, with status 0. A usage error has status 2.
"""

import argparse
import base64
import datetime
import json
import os
import signal
import socket
import sys


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


def data_of(event):
    """The bytes of a message or of what was sent."""
    if "base64" in event:
        return base64.b64decode(event["base64"], validate=True)
    return event["text"].encode()


class Recorder:
    def __init__(self, directory, most, total):
        now = datetime.datetime.now(datetime.timezone.utc)
        self.prefix = os.path.join(directory, now.strftime("%Y%m%dT%H%M%S.%fZ-"))
        self.most = most
        self.left = total
        self.talks = {}     # peer: bytes recorded, bytes left out
        self.listed = set() # the peers of an answer to /peers that is not complete yet

    def write(self, peer, data):
        """Opened for each piece: what is written can be read at once, and there is no limit of
        descriptors. A number from telexd is all of the name that is not ours."""
        self.left -= len(data)
        if self.left < 0:
            raise Failure("as much is recorded as --total allows")
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        with open(os.open(f"{self.prefix}{peer:d}", flags, 0o600), "wb") as file:
            file.write(data)

    def note(self, event, peer, *words):
        """A line on what is no message. A word with a newline, say of a path, must not end it."""
        words = " ".join(word if word.isprintable() else json.dumps(word)
                         for word in map(str, words))
        self.write(peer, f"# {event['time']} {words}\n".encode())

    def begin(self, event, peer, what):
        self.talks.setdefault(peer["peer"], [0, 0])
        self.note(event, peer["peer"], what, peer["transport"], peer["remote"], "at", peer["local"])

    def say(self, event, arrow):
        data = data_of(event)
        talk = self.talks.setdefault(event["peer"], [0, 0])
        if talk[1] or talk[0] + len(data) > self.most:
            talk[1] += len(data)
            return
        talk[0] += len(data)
        self.write(event["peer"], f"{event['time']} {arrow} {len(data)}\n".encode() + data + b"\n")

    def end(self, event, *words):
        peer = event["peer"]
        recorded, left_out = self.talks.pop(peer, (0, 0))
        if left_out:
            self.note(event, peer, "full:", recorded, "bytes stand here,", left_out, "more do not")
        self.note(event, peer, *words)

    def take(self, event):
        """Acts on one event; true where /peers must be asked."""
        name = event["event"]
        if name == "open":
            self.begin(event, event, "open")
        elif name == "message":
            self.say(event, "<")
        elif name == "sent":
            self.say(event, ">")
        elif name == "half-close":
            self.note(event, event["peer"], "half-close")
        elif name == "file":  # comes instead of sent, without what was in it
            self.note(event, event["peer"], "file", event["path"], event["bytes"])
        elif name == "close":
            self.end(event, "close", event["reason"], event["received"], event["sent"])
        elif name == "result":
            self.listing(event)
        elif name == "lost":
            for peer in self.talks:
                self.note(event, peer, "lost", event["messages"], "messages of all peers")
        return name == "lost"

    def listing(self, event):
        """What /peers answers: who was there before us, and after lost, who is no more."""
        for peer in event["peers"]:
            self.listed.add(peer["peer"])
            self.begin(event, peer, "here")
        if not event.get("more"):
            for peer in set(self.talks) - self.listed:
                self.end({**event, "peer": peer}, "gone")
            self.listed.clear()


def ask_peers(line):
    try:
        line.sendall(b"/peers\n")
    except ConnectionError:  # telexd has ended, but what it said before is still to be read
        pass


def record(control, recorder):
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(control)
        except OSError as error:
            raise Failure(f"cannot attach to {control}: {error.strerror}") from None
        stream = line.makefile("rb")
        try:
            hello = json.loads(stream.readline())
            if hello["event"] != "hello" or hello["protocol"] != 1:
                raise ValueError("no hello that we understand")
            ask_peers(line)
            for text in stream:
                if recorder.take(json.loads(text)):
                    ask_peers(line)
        except (ValueError, KeyError, TypeError) as error:
            raise Failure(f"{control} sent what is no event: {error!r}") from None
        except ConnectionError:  # a telexd that was killed
            pass


def pieces(path):
    """What stands in a recorded file: a note and None, or what stands before bytes and the bytes."""
    with open(path, "rb") as file:
        while head := file.readline():
            words = head.decode().split()
            if words[0] == "#":
                yield head.decode().rstrip("\n"), None
                continue
            if len(words) != 3 or words[1] not in ("<", ">"):
                raise ValueError(f"no piece of a recording: {words}")
            yield " ".join(words[:2]), file.read(int(words[2]))
            file.read(1)


def show(path, direction):
    for head, data in pieces(path):
        if direction:
            if data is not None and head.endswith({"in": "<", "out": ">"}[direction]):
                sys.stdout.buffer.write(data)
        elif data is None:
            print(head.encode("ascii", "backslashreplace").decode())
        else:
            print(head, ascii(data)[2:-1])
    sys.stdout.flush()


def arguments_of():
    parser = Parser("record.py", description=__doc__, usage=argparse.SUPPRESS, allow_abbrev=False,
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--control", default=default_control())
    parser.add_argument("--most", type=int, default=64 << 20)
    parser.add_argument("--total", type=int, default=1 << 30)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--bytes", choices=("in", "out"))
    parser.add_argument("path")
    return parser.parse_args()


def main():
    arguments = arguments_of()
    try:
        if arguments.show or arguments.bytes:
            show(arguments.path, arguments.bytes)
        else:
            os.makedirs(arguments.path, 0o700, exist_ok=True)
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            record(arguments.control, Recorder(arguments.path, arguments.most, arguments.total))
    except KeyboardInterrupt:
        pass
    except (Failure, OSError, ValueError) as error:
        print(f"record.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
