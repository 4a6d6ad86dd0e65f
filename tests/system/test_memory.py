# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory has a bound, and its end is not the daemon's end: a good peer is served all the while."""

import errno
import os
import resource
import socket
import threading
import time
from unittest import mock

from telex_test import DEADLINE, ControlConsole, Daemon, main
from test_bounds import MIB, BoundsCase
from test_faults import FaultsCase

HALF_A_LINE = b"a" * 65535


class Good(threading.Thread):
    """A peer that says a line, waits for its echo, and so on; keeps the longest wait."""

    def __init__(self, case, port):
        super().__init__(daemon=True)
        self.socket = case.tcp(port)
        self.over, self.longest, self.error, self.rounds = threading.Event(), 0, None, 0
        self.start()
        case.addCleanup(self.finish)

    def run(self):
        try:
            while not self.over.is_set():
                began = time.monotonic()
                self.socket.sendall(b"good\n")
                got = b""
                while len(got) < 5:
                    got += self.socket.recv(5) or b"ended"
                if got != b"good\n":
                    raise ValueError(got)
                self.longest = max(self.longest, time.monotonic() - began)
                self.rounds += 1
                self.over.wait(0.005)
        except (OSError, ValueError) as error:
            self.error = error

    def finish(self):
        self.over.set()
        self.join(DEADLINE)

    def check(self, case):
        self.finish()
        case.assertIsNone(self.error)
        case.assertGreater(self.rounds, 0)
        case.assertLess(self.longest, 5)


class MemoryCase(BoundsCase):
    ECHO = "tcp://127.0.0.1:0?reply=echo&framing=line"

    def limited(self, *args, endpoint=ECHO, **keywords):
        return self.daemon(endpoint, "--view", "none", f"--control={self.path('control')}", *args,
                           env=self.env, count=1, **keywords)

    def halves(self, port, count):
        """Peers that each say half a line, as far as they are let in."""
        ones = []
        for _ in range(count):
            one = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
            one.connect(("127.0.0.1", port))
            one.setblocking(False)
            try:
                one.send(HALF_A_LINE)
            except OSError:
                pass  # closed already
            ones.append(one)
        return ones

    def held(self, daemon):
        return daemon.command("/stats")["stats"]["memory"]

    def wait_held(self, daemon, most):
        end = time.monotonic() + DEADLINE
        while self.held(daemon) > most:
            self.assertLess(time.monotonic(), end, "memory is still held")


class BudgetTest(MemoryCase):
    def test_half_lines(self):
        """Many who hold little each: some have to go, and no more is held than may be."""
        daemon = self.limited("--max-memory=4M")
        good = Good(self, daemon.port)
        ones = self.halves(daemon.port, 200)
        closed = daemon.wait("close", reason="error")
        self.assertEqual(closed["error"], "memory")
        self.wait_held(daemon, 4 * MIB)
        daemon.wait_diagnostic("cannot accept more connections: memory is short")
        for one in ones:
            one.close()
        self.wait_held(daemon, MIB)
        self.check_echo(self.tcp(daemon.port), b"newcomer\n")
        good.check(self)

    def test_who_holds_most_goes(self):
        """An operator's text that one never reads; the others keep what they hold."""
        daemon = self.limited("--max-memory=2M", "--max-queue=16M",
                              endpoint="tcp://127.0.0.1:0?framing=line")
        little = self.tcp(daemon.port)
        little.sendall(b"half")
        greedy = self.tcp(daemon.port, receive_buffer=4096)
        daemon.wait_count(2, "open")
        end = time.monotonic() + DEADLINE
        while not daemon.seen("close") and time.monotonic() < end:
            daemon.ask("@2 " + "x" * 60000)
        closed = daemon.wait("close", peer=2)
        self.assertEqual((closed["reason"], closed["error"]), ("error", "memory"))
        little.sendall(b" a line\n")
        daemon.command("/view text")
        little.sendall(b"whole\n")
        daemon.wait("message", peer=1, text="whole\n")
        greedy.close()

    def test_a_text_for_many_counts_once(self):
        """What many do not read yet stands in memory once: nobody has to go for it."""
        daemon = self.limited("--max-memory=8M", endpoint="tcp://127.0.0.1:0")
        ones = [self.tcp(daemon.port, receive_buffer=4096) for _ in range(40)]
        daemon.wait_count(40, "open")
        for _ in range(7):  # the kernel takes some of them
            daemon.ask("@* " + "x" * (900 << 10))
            stats = daemon.command("/stats")["stats"]
            if stats["queued_bytes"] > 16 * MIB:
                break
        self.assertGreater(stats["queued_bytes"], 16 * MIB)
        self.assertLess(stats["memory"], 8 * MIB)
        self.assertEqual(len(self.receive(ones[0], 900 << 10)), 900 << 10)
        self.assertEqual(daemon.seen("close"), [])

    def test_a_console_that_reads_nothing(self):
        """Its backlog counts too, and it goes before a peer that holds less."""
        daemon = self.limited("--max-memory=1M", endpoint="tcp://127.0.0.1:0?framing=line")
        little = self.tcp(daemon.port)
        little.sendall(b"half")
        daemon.wait("open")
        lazy = [self.unix(self.path("control")) for _ in range(3)]
        for one in lazy:
            self.assertIn(b"hello", one.recv(4096))
        lines = b"".join(b"%05d" % number + b"x" * 30000 + b"\n" for number in range(100))
        little.sendall(lines)
        said = len(b"half" + lines)
        daemon.wait_diagnostic("memory is short")
        self.wait_held(daemon, MIB)
        daemon.until(lambda: self.ended(lazy) or None, "the end of a console")
        daemon.until(lambda: daemon.command("/info 1")["peer"]["received"] == said or None,
                     "all that was said")  # a newcomer would have to hold the rest
        little.sendall(b"still here\n")
        self.assertEqual(daemon.seen("close"), [])
        ControlConsole(self, self.path("control")).command("/peers")

    @staticmethod
    def ended(ones):
        """How many of the consoles were closed, whatever they have not read."""
        count = 0
        for one in ones:
            one.setblocking(False)
            try:
                one.send(b"\n")
            except BrokenPipeError:
                count += 1
            except BlockingIOError:
                pass
        return count

    def test_datagrams_of_others_make_room(self):
        """While memory is short a new sender takes the place of another."""
        daemon = self.daemon(self.ECHO, "udp://127.0.0.1:0?reply=echo", "--max-memory=1M",
                             "--view", "none", env=self.env)
        first = self.udp(daemon.ports[1])
        self.check_echo(first)
        ones = self.halves(daemon.ports[0], 30)
        daemon.wait_diagnostic("memory is short")
        self.check_echo(self.udp(daemon.ports[1]))
        self.check_echo(first)
        for one in ones:
            one.close()

    def test_reread(self):
        config = self.file("telexd.conf", "max-memory 1M\n")
        daemon = self.limited("--config", config)
        self.halves(daemon.port, 100)
        daemon.wait("close", error="memory")
        self.file("telexd.conf", "max-memory 64M\n")
        daemon.signal(1)
        daemon.wait_diagnostic("read again")
        before = len(daemon.seen("close"))
        self.halves(daemon.port, 100)
        daemon.until(lambda: self.held(daemon) > 4 * MIB or None, "more memory held")
        self.assertEqual(len(daemon.seen("close")), before)

    def test_usage(self):
        self.refuse_daemon(["--max-memory", "64k"], 2, "--max-memory", "less than 1M")


class AfterTest(MemoryCase):
    """What a flood took goes back to the system some time after it has gone."""

    STREAMS, DATAGRAMS, BATCH = 2000, 20000, 250

    def setUp(self):
        super().setUp()
        # meson test has the C library write to all that is freed: so it would be there again.
        changed = mock.patch.dict(os.environ, MALLOC_PERTURB_="0")
        changed.start()
        self.addCleanup(changed.stop)

    def begin(self, *args, **keywords):
        daemon = self.limited("--history=0", *args, **keywords)
        if self.sanitized(daemon):
            self.skipTest("a sanitizer's memory is not the daemon's")
        return daemon, self.resident(daemon)

    def check_given_back(self, daemon, before, height, least):
        self.assertGreater(height - before, least)
        end = time.monotonic() + 3 * DEADLINE
        while (now := self.resident(daemon)) - before > (height - before) // 4:
            self.assertLess(time.monotonic(), end, (before, height, now))
            daemon.stdout.wait_more(len(daemon.stdout.data), 0.1)

    def test_half_lines(self):
        daemon, before = self.begin("--max-peers=0")
        ones = self.halves(daemon.port, self.STREAMS)
        end = time.monotonic() + DEADLINE
        while self.held(daemon) < self.STREAMS * len(HALF_A_LINE):
            self.assertLess(time.monotonic(), end, "not all has come")
        height = self.resident(daemon)
        keeper = ones[self.STREAMS // 2]
        for one in ones:
            if one is not keeper:
                one.close()
        self.check_given_back(daemon, before, height, 100 * MIB)
        keeper.settimeout(DEADLINE)
        keeper.sendall(b"\n")
        self.expect(keeper, HALF_A_LINE + b"\n")

    def test_datagrams(self):
        daemon, before = self.begin("--udp-idle-timeout=10",
                                    endpoint="udp://127.0.0.1:0?reply=none")
        height = before
        for _ in range(self.DATAGRAMS // self.BATCH):
            for _ in range(self.BATCH):
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
                    one.bind(("127.0.0.1", 0))
                    one.sendto(b"x", ("127.0.0.1", daemon.port))
            daemon.command("/stats")
            height = max(height, self.resident(daemon))
        self.check_given_back(daemon, before, height, 2 * MIB)


class EndTest(MemoryCase):
    """Where there is really no more."""

    def test_address_space(self):
        """t16: with 120 MiB it ended after 1,153 peers and left its socket behind."""
        least = 120 * MIB
        daemon = self.limited(preexec=lambda: resource.setrlimit(
            resource.RLIMIT_AS, (least, least)) if self.plain() else None)
        if self.sanitized(daemon):
            self.skipTest("a sanitizer reserves terabytes of addresses")
        good = Good(self, daemon.port)
        attackers = [threading.Thread(target=self.halves, args=(daemon.port, 1000))
                     for _ in range(4)]
        for one in attackers:
            one.start()
        for one in attackers:
            one.join()
        daemon.wait("close", error="memory")
        good.check(self)
        self.check_echo(self.tcp(daemon.port), b"newcomer\n")
        daemon.stop()
        self.assertFalse(os.path.exists(self.path("control")))

    @staticmethod
    def plain():
        """Whether the program is built without sanitizers."""
        with open(os.environ["TELEXD"], "rb") as file:
            return b"__asan_init" not in file.read()


class BallastTest(FaultsCase):
    """Allocations that fail, one by one and in a row."""

    def setUp(self):
        super().setUp()
        self.env["ASAN_OPTIONS"] += ":detect_leaks=0"

    def start(self):
        return Daemon(self, "tcp://127.0.0.1:0?reply=echo&framing=line", "--view", "none",
                      f"--control={self.path('control')}", env=self.env, count=1)

    def test_one_fails_now_and_then(self):
        daemon = self.start()
        one = self.tcp(daemon.port)
        for number in range(30):
            for call in ("malloc", "calloc", "realloc"):
                self.faults.set(call, errno.ENOMEM, left=1)
                one.sendall(b"half")
                self.tcp(daemon.port).sendall(b"half a line")
                daemon.ask(f"/info {number}")
                self.check_echo(one, b" line\n")
                self.faults.clear(call)
        self.hit("malloc", 10)
        self.assertEqual(daemon.seen("close"), [])
        daemon.stop()

    def check_echo(self, one, text=b"ping"):
        one.sendall(text)
        self.expect(one, b"half" + text if text == b" line\n" else text)

    def test_the_last_one_leaves_no_file(self):
        """Where not even the ballast helps it ends, with one line and without its socket."""
        daemon = self.start()
        self.faults.set("malloc", errno.ENOMEM)
        try:
            self.tcp(daemon.port).sendall(b"half a line")
        except OSError:
            pass
        daemon.wait_end(1)
        self.assertRegex(daemon.stderr.copy(), rb"\Atelexd: out of memory\n\Z")
        self.assertFalse(os.path.exists(self.path("control")))


if __name__ == "__main__":
    main()
