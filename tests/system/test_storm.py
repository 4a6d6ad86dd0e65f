# SPDX-License-Identifier: GPL-3.0-or-later
"""A control socket under attack, by many consoles at once that do what no client should, while
peers talk and one console behaves.

What happens is drawn from a seed, which is named where a test fails; HOSTILE_SEED and STORM_DEEDS in
the environment try others. Bounded by counts, not by time.
"""

import contextlib
import os
import random
import select
import socket
import threading
import time

from telex_test import DEADLINE, TestCase, main

SEED = int(os.environ.get("HOSTILE_SEED", "1"))
DEEDS = int(os.environ.get("STORM_DEEDS", "120"))
ATTACKERS = 4
TALKERS = 2

# In no order do they make a /shutdown, or a line that harms a peer other than 1.
PIECES = [b"/peers", b"/stats ", b"@1 ", b"/to ", b"/bytes 1 ", b"/view ", b"/info", b"\xff", b"\0",
          b"\x1b[2J", b"/", b"@", b"/help", b"x" * 5000, "\u202e".encode(), b'{"a":1}', b"\r", b"1",
          b"*", b"/read-only", b"/name 1 a", b"/close 999", b"/re 1 none", b"//", b"/quit",
          b"/connect tcp://127.0.0.1:1", b"/listen tcp://[::1]:x", b"/unlisten 99", b"/file 1 /",
          b"/every 0.1 /peers", b"/every 0.2 @1 x", b"/every - ", b"/say ", b"/consoles"]


class Attacker(threading.Thread):
    """Consoles that come, misbehave and go, one after the other or many at once."""

    def __init__(self, path, seed):
        super().__init__()
        self.path = path
        self.rng = random.Random(seed)
        self.mute = []
        self.error = None

    def run(self):
        deeds = (self.babble, self.shout, self.drone, self.break_off, self.crowd, self.ignore)
        try:
            for number in range(DEEDS):
                self.attempt(deeds[number % len(deeds)])
        except BaseException as error:  # the test looks at it
            self.error = error
        for one in self.mute:
            one.close()

    def attempt(self, deed):
        one = self.connect()
        try:
            deed(one)
        except (BrokenPipeError, ConnectionResetError, BlockingIOError):
            pass  # it said /quit, or nobody takes its lines while it does not read
        if one not in self.mute:
            one.close()

    def connect(self):
        one = socket.socket(socket.AF_UNIX)
        one.connect(self.path)  # without a time-out, or a full backlog would be an error
        one.settimeout(DEADLINE)
        return one

    def nonsense(self):
        lines = (b"".join(self.rng.choices(PIECES, k=self.rng.randint(0, 5))) for _ in range(30))
        return b"\n".join(lines)

    def babble(self, one):
        """Nonsense in pieces, the last line unfinished; all answers are read, or none."""
        data = self.nonsense() + self.rng.randbytes(500) + self.nonsense()
        while data:
            size = self.rng.randint(1, len(data))
            one.sendall(data[:size])
            data = data[size:]
        if self.rng.random() < 0.5:
            one.sendall(b"\n/quit\n")
            while one.recv(65536):
                pass

    def shout(self, one):
        """Thousands of commands, no answer is read."""
        one.setblocking(False)
        for _ in range(200):
            one.send(b"/help\n/peers\n@1 hello\n\n" * 50)

    def drone(self, one):
        """One line without end, longer than any may be; who did not read would be held."""
        one.setblocking(False)
        for _ in range(40):
            data = self.rng.choice((b"x", b"\0", b"@1 ", b"/")) * 32768
            while data:
                readable, writable, _ = select.select([one], [one], [], DEADLINE)
                if readable and not one.recv(1 << 16):
                    return
                if writable:
                    data = data[one.send(data):]

    def break_off(self, one):
        """Half a line, and away, with its hello unread."""
        one.sendall(self.rng.choice(PIECES)[:3])
        if self.rng.random() < 0.5:
            one.shutdown(self.rng.choice((socket.SHUT_RD, socket.SHUT_WR, socket.SHUT_RDWR)))

    def crowd(self, one):
        """Fifty at once, most of them gone before anybody looks."""
        with contextlib.ExitStack() as stack:
            many = [one, *(stack.enter_context(self.connect()) for _ in range(50))]
            self.rng.shuffle(many)
            for each in many:
                if self.rng.random() < 0.3:
                    each.sendall(self.nonsense() + b"\n")
                each.close()

    def ignore(self, one):
        """Stays to the end, and reads nothing of all that happens."""
        one.setblocking(False)
        self.mute.append(one)
        one.send(b"/peers\n" * 5)


class Talker(threading.Thread):
    """A peer of an echoing listener: each line comes back, among what operators send to all."""

    def __init__(self, one, name):
        super().__init__()
        self.one = one
        self.name = name
        self.ended = threading.Event()
        self.count = 0
        self.slowest = 0
        self.error = None

    def run(self):
        try:
            with self.one.makefile("rb") as lines:
                while not self.ended.is_set():
                    start = time.monotonic()
                    self.talk(lines)
                    self.slowest = max(self.slowest, time.monotonic() - start)
        except BaseException as error:  # the test looks at it
            self.error = error

    def talk(self, lines):
        self.count += 1
        said = f"{self.name} {self.count}\n".encode()
        self.one.sendall(said)
        while (line := lines.readline()) != said:
            if not line or line.startswith(self.name.encode()):
                raise AssertionError(f"{line!r} is not the echo of {said!r}")


class StormTest(TestCase):
    LINES = ("/peers", "", "/stats", "/nonsense", "text for nobody", "@7777 nobody", "/view size",
             "/info 2", "/bytes 2 xyz", "/help to", "/to 2", "/to -", "/listeners", "\x1b[2J")

    def setUp(self):
        super().setUp()
        self.control = self.path("control")
        self.telexd = self.daemon("tcp://127.0.0.1:0?reply=echo&framing=line",
                                  f"--control={self.control}", "--view=none", "--drain=1", count=1)

    def behave(self, console, busy):
        """One console with good lines and bad ones, in batches, as long as others are busy."""
        console.command("/view none")
        wanted = [1]
        while busy() or len(wanted) < 100:
            for _ in range(30):
                line = self.rng.choice(self.LINES)
                number = console.input(line)
                if line:
                    wanted.append(number)
            console.answer(wanted[-1])
        return wanted

    def check_answers(self, console, wanted):
        """Each line that is not empty got one answer, in their order."""
        answers = [event["input"] for event in console.seen()
                   if event["event"] in ("result", "error") and not event.get("more")]
        self.assertEqual(answers, wanted)

    def victim(self):
        """Peer 1, to whom attackers may speak; it reads nothing."""
        self.tcp(self.telexd.port, receive_buffer=4096)
        self.telexd.open()

    def talkers(self):
        found = []
        for number in range(TALKERS):
            found.append(Talker(self.tcp(self.telexd.port), f"talker{number}"))
            self.telexd.open()
        return found

    def storm(self, console, talkers):
        attackers = [Attacker(self.control, f"{SEED} {number}") for number in range(ATTACKERS)]
        for thread in (*attackers, *talkers):
            thread.start()
        try:
            return self.behave(console, lambda: any(each.is_alive() for each in attackers))
        finally:
            for each in talkers:
                each.ended.set()
            for thread in (*attackers, *talkers):
                thread.join()
                if thread.error:
                    raise thread.error

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.telexd.pid}/fd"))

    def wait_descriptors(self, count):
        end = time.monotonic() + DEADLINE
        while self.descriptors() != count:
            if time.monotonic() > end:
                self.telexd.fail(f"{self.descriptors()} descriptors, not {count}")
            self.telexd.command("/stats")

    def test_storm(self):
        self.rng = random.Random(SEED)
        self.victim()
        talkers = self.talkers()
        console = self.attach(self.control)
        self.telexd.command("/stats")
        before = self.descriptors()
        with self.subTest(seed=SEED):
            wanted = self.storm(console, talkers)
            self.check_answers(console, wanted)
            for each in talkers:
                self.assertGreater(each.count, 20)
                self.assertLess(each.slowest, 5)
            self.wait_descriptors(before)
            here = [peer["peer"] for peer in self.telexd.command("/peers")["peers"]]
            self.assertEqual(here, list(range(1, TALKERS + 2)))
            self.telexd.stop()


if __name__ == "__main__":
    main()
