# SPDX-License-Identifier: GPL-3.0-or-later
"""System calls that fail, and memory that runs out: nothing that was said to be sent is lost, the
loop does not spin, nothing crashes. A library under LD_PRELOAD (shim/faults.c) makes them fail."""

import errno
import json
import mmap
import os
import random
import select
import signal
import socket
import struct
import time

from telex_test import DEADLINE, Daemon, Program, TestCase, main, program

# The calls in the order of shim/faults.c, and its struct fault.
CALLS = ("accept4 socket connect send sendmsg sendmmsg recv recvmmsg writev pread write malloc calloc "
         "realloc").split()
FAULT = struct.Struct("iiiiqq")
ALWAYS = -1
STALL = -1  # in place of an errno: the calls wait until it is changed


class Faults:
    """What the daemon's system calls are to do: the file that the library has mapped."""

    def __init__(self, case):
        self.path = case.path("faults")
        with open(self.path, "wb") as file:
            file.truncate(FAULT.size * len(CALLS))
        with open(self.path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), 0)
        case.addCleanup(self.map.close)

    def _at(self, call):
        return FAULT.size * CALLS.index(call)

    def set(self, call, error=0, left=ALWAYS, skip=0, limit=0):
        """After skip calls the next left of them fail with error, or do no more than limit."""
        self.map[self._at(call):self._at(call) + 16] = struct.pack("iiii", skip, 0, error, limit)
        struct.pack_into("i", self.map, self._at(call) + 4, left)  # last: it is what counts

    def clear(self, *calls):
        for call in calls:
            struct.pack_into("iii", self.map, self._at(call) + 4, 0, 0, 1 << 30)

    def calls(self, call):
        return FAULT.unpack_from(self.map, self._at(call))[4]

    def hits(self, call):
        return FAULT.unpack_from(self.map, self._at(call))[5]


class FaultsCase(TestCase):
    def setUp(self):
        super().setUp()
        if "TELEX_SHIM" not in os.environ:
            self.skipTest("TELEX_SHIM must name the library (tests/system/shim)")
        self.faults = Faults(self)
        options = os.environ.get("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=1:exitcode=99")
        # The library stands before the sanitizer's, whose malloc it has to get hold of.
        self.env = {"LD_PRELOAD": os.environ["TELEX_SHIM"], "FAULTS": self.faults.path,
                    "ASAN_OPTIONS": options + ":verify_asan_link_order=0"}

    def faulty(self, *args, **keywords):
        return self.daemon(*args, env=self.env, **keywords)

    def hit(self, call, times=1):
        """The fault has happened at least so often."""
        self.assertGreaterEqual(self.faults.hits(call), times, f"{call} was not meddled with")

    def check_echo(self, one, text=b"ping"):
        one.sendall(text)
        self.assertEqual(self.receive(one, len(text)), text)

    def tick(self, daemon, listener):
        """Lets a half-close of the listener run out: a clock that is an event."""
        clock = self.tcp(daemon.ports[listener - 1])
        clock.shutdown(socket.SHUT_WR)
        self.expect_end(clock)

    def check_quiet(self, daemon, wait):
        """Next to no CPU time is spent while wait() lasts."""
        spent, start = daemon.cpu_seconds(), time.monotonic()
        wait()
        seconds = time.monotonic() - start
        self.assertGreater(seconds, 0.5)
        self.assertLess(daemon.cpu_seconds() - spent, 0.1 * seconds, "the loop spins")

    def check_exchange(self, one, data):
        """Sends data to an echo and takes it back, at the same time."""
        got, view = bytearray(), memoryview(data)
        one.setblocking(False)
        while len(got) < len(data):
            readable, writable, _ = select.select([one], [one] if view else [], [], DEADLINE)
            self.assertTrue(readable or writable, f"nothing moves after {len(got)} bytes")
            if writable:
                view = view[one.send(view[:65536]):]
            if readable:
                chunk = one.recv(65536)
                self.assertTrue(chunk, f"the echo ends after {len(got)} bytes")
                got += chunk
        one.settimeout(DEADLINE)
        self.assertTrue(got == data, "the echo differs")


class AcceptTest(FaultsCase):
    def test_out_of_something(self):
        for error in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
            with self.subTest(error=os.strerror(error)):
                daemon = self.faulty("--udp-idle-timeout", "1", "tcp://127.0.0.1:0?reply=echo",
                                     "udp://127.0.0.1:0?reply=echo")
                before = self.tcp(daemon.ports[0])
                self.check_echo(before)
                self.faults.set("accept4", error)
                clients = [self.tcp(daemon.ports[0]) for _ in range(5)]
                for client in clients:
                    client.sendall(b"ping")
                daemon.wait_diagnostic(os.strerror(error))
                sender = self.udp(daemon.ports[1])
                sender.send(b"x")
                self.check_quiet(daemon, lambda: daemon.wait("close", reason="timeout"))
                self.check_echo(before)
                self.assertEqual(len(daemon.stderr.copy().splitlines()), 1)
                self.assertLess(self.faults.hits("accept4"), 100 * 5)
                self.faults.clear("accept4")
                for client in clients:
                    self.expect(client, "ping")
                self.assertEqual(len(daemon.stderr.copy().splitlines()), 1)
                daemon.stop()

    def test_metrics_out_of_descriptors(self):
        """Whoever asks for figures waits too, and nothing spins."""
        path = self.path("metrics.sock")
        daemon = self.faulty("--udp-idle-timeout", "1", f"--metrics=unix:{path}",
                             "udp://127.0.0.1:0?reply=echo")
        self.faults.set("accept4", errno.EMFILE)
        one = self.unix(path)
        one.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
        self.udp(daemon.port).send(b"x")
        self.check_quiet(daemon, lambda: daemon.wait("close", reason="timeout"))
        self.hit("accept4")
        self.assertLess(self.faults.hits("accept4"), 100)
        self.faults.clear("accept4")
        self.assertIn(b"telex_udp_opened_total 1\n", self.receive_all(one))
        self.assertEqual(daemon.stderr.copy(), b"")

    def test_connection_that_is_gone(self):
        """What accept(2) says of one connection does not hurt the next."""
        for error in (errno.ECONNABORTED, errno.EINTR, errno.EAGAIN, errno.EPROTO):
            with self.subTest(error=os.strerror(error)):
                daemon = self.faulty("tcp://127.0.0.1:0?reply=echo")
                before = self.faults.hits("accept4")
                self.faults.set("accept4", error, left=70)
                self.check_echo(self.tcp(daemon.port))
                self.check_echo(self.tcp(daemon.port))
                self.assertEqual(self.faults.hits("accept4"), before + 70)
                self.assertEqual(daemon.stderr.copy(), b"")
                daemon.stop()


class SendTest(FaultsCase):
    """Streams: what does not go at once goes later, whole and in order."""

    DATA = random.Random(3).randbytes(700_001)

    def check_counts(self, daemon, peer, size):
        closed = daemon.wait("close", peer=peer, reason="eof")
        self.assertEqual((closed["received"], closed["sent"], closed["unsent"]), (size, size, 0))

    def check_whole(self, endpoint):
        daemon = self.faulty(endpoint, "--view", "none")
        one = self.unix(self.path("a")) if "unix" in endpoint else self.tcp(daemon.port)
        self.check_exchange(one, self.DATA)
        one.shutdown(socket.SHUT_WR)
        self.expect_end(one)
        self.check_counts(daemon, 1, len(self.DATA))
        daemon.stop()

    def test_kernel_takes_nothing_at_once(self):
        self.faults.set("send", errno.EAGAIN)
        self.check_whole("tcp://127.0.0.1:0?reply=echo")
        self.hit("send")

    def test_interrupted(self):
        self.faults.set("send", errno.EINTR)
        self.check_whole(f"unix:{self.path('a')}?reply=echo")
        self.hit("send")

    def test_kernel_takes_little(self):
        for limit in (1, 1000):
            self.faults.set("send", limit=limit)
            self.faults.set("writev", limit=limit * 13)
            self.check_whole("tcp://127.0.0.1:0?reply=echo")
        self.hit("send")
        self.hit("writev")

    def test_kernel_hesitates(self):
        self.faults.set("send", limit=100)
        self.faults.set("writev", errno.EAGAIN, left=50, skip=1)
        self.check_whole("tcp://127.0.0.1:0?reply=echo")
        self.hit("writev", 50)

    def test_kernel_hands_over_little(self):
        for limit in (1, 13):
            self.faults.set("recv", limit=limit, left=20000)
            self.check_whole("tcp://127.0.0.1:0?reply=echo")
        self.hit("recv", 20000)

    def test_reading_is_interrupted(self):
        for error in (errno.EINTR, errno.EAGAIN):
            self.faults.set("recv", error, left=40, skip=2)
            self.check_whole("tcp://127.0.0.1:0?reply=echo")
        self.hit("recv", 80)

    def test_operator(self):
        daemon = self.faulty("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.open()
        self.faults.set("send", errno.EAGAIN, left=3)
        self.faults.set("writev", limit=7)
        for number in range(6):
            daemon.command(f"@1 text number {number}")
        for number in range(6):
            self.expect(one, f"text number {number}\n")
        self.hit("send")  # once at least: it is not tried while something is queued
        self.hit("writev")
        self.assertEqual(daemon.data(1, "sent"), b"".join(b"text number %d\n" % number
                                                          for number in range(6)))

    def test_file(self):
        data = self.DATA
        daemon = self.faulty("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.open()
        self.faults.set("pread", limit=1000, left=100)
        self.faults.set("send", errno.EAGAIN, left=5)
        self.faults.set("writev", limit=3000, left=50)
        daemon.command(f"/file 1 {self.file('data', data)}")
        self.assertTrue(self.receive(one, len(data)) == data, "the file differs")
        daemon.wait("file", peer=1, bytes=len(data), size=len(data), error=None)
        self.hit("pread", 100)
        self.hit("send", 5)
        daemon.command("@1 after")
        self.expect(one, "after\n")

    def test_file_that_cannot_be_read(self):
        daemon = self.faulty("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.open()
        self.faults.set("pread", errno.EIO, left=1, skip=2)
        daemon.command(f"/file 1 {self.file('data', self.DATA)}")
        event = daemon.wait("file", peer=1)
        self.assertIn(os.strerror(errno.EIO), event["error"])
        self.assertEqual(event["size"], len(self.DATA))
        self.assertTrue(self.receive(one, event["bytes"]) == self.DATA[:event["bytes"]])
        daemon.command("@1 after")
        self.expect(one, "after\n")

    def check_broken(self, error, reason, calls=("send", "writev")):
        """The line breaks while something is on its way: the close event adds up."""
        daemon = self.faulty("tcp://127.0.0.1:0", "tcp://127.0.0.1:0?reply=echo")
        one, other = self.tcp(daemon.ports[0]), self.tcp(daemon.ports[1])
        peer = daemon.open(listener=1)
        self.check_echo(other)
        daemon.command(f"@{peer} fine")
        self.expect(one, "fine\n")
        for call in calls:
            self.faults.set(call, error, left=1)
        answer = daemon.ask(f"@{peer} broken")
        if calls == ("recv",):
            one.sendall(b"x")
        closed = daemon.wait("close", peer=peer)
        self.assertEqual(closed["reason"], reason)
        if reason == "error":
            self.assertEqual(closed["error"], os.strerror(error))
        if calls != ("recv",):
            self.assertEqual(answer["event"], "result")  # it was queued
            self.assertEqual((closed["sent"], closed["unsent"]), (5, 7))
        self.check_echo(other)
        daemon.stop()

    def test_line_breaks_while_sending(self):
        self.check_broken(errno.EPIPE, "reset")
        self.check_broken(errno.ECONNRESET, "reset")
        self.check_broken(errno.ETIMEDOUT, "timeout")
        self.check_broken(errno.EHOSTUNREACH, "error")

    def test_line_breaks_while_reading(self):
        self.check_broken(errno.ECONNRESET, "reset", ("recv",))
        self.check_broken(errno.ETIMEDOUT, "timeout", ("recv",))
        self.check_broken(errno.EHOSTUNREACH, "error", ("recv",))


class CallTest(FaultsCase):
    def test_no_socket(self):
        server = self.listener()
        daemon = self.faulty("tcp://127.0.0.1:0")
        for scheme in ("tcp", "udp"):
            for call, error in (("socket", errno.EMFILE), ("connect", errno.ENETUNREACH)):
                hits = self.faults.hits(call)
                self.faults.set(call, error, left=1)
                endpoint = f"{scheme}://127.0.0.1:{server.getsockname()[1]}"
                answer = daemon.ask(f"/connect {endpoint}")
                if answer["event"] == "error":
                    self.assertIn(os.strerror(error), answer["error"])
                else:
                    closed = daemon.wait("close", peer=answer["peer"], reason="error")
                    self.assertIn(os.strerror(error), closed["error"])
                self.assertEqual(self.faults.hits(call), hits + 1)
        answer = daemon.ask(f"/connect tcp://127.0.0.1:{server.getsockname()[1]}")
        far = self.accept(server)
        daemon.wait("open", peer=answer["peer"])
        daemon.command(f"@{answer['peer']} hi")
        self.expect(far, "hi\n")

    def test_no_socket_for_a_listener(self):
        daemon = self.faulty("tcp://127.0.0.1:0")
        for scheme in ("tcp", "udp"):
            self.faults.set("socket", errno.EMFILE, left=1)
            daemon.refused(f"/listen {scheme}://127.0.0.1:0", os.strerror(errno.EMFILE))
            daemon.command(f"/listen {scheme}://127.0.0.1:0")
        self.hit("socket", 2)

    def test_no_socket_at_the_start(self):
        self.faults.set("socket", errno.EMFILE)
        text = self.refuse_daemon(["tcp://127.0.0.1:0"], 1, os.strerror(errno.EMFILE),
                                  env=self.env)
        self.assertIn("cannot listen on tcp://127.0.0.1:0", text)


class DatagramTest(FaultsCase):
    def senders(self, daemon, count):
        """Sockets that are peers already: opened one after the other."""
        ones = [self.udp(daemon.port) for _ in range(count)]
        for one in ones:
            self.check_echo(one, b"hello")
        return ones

    def burst(self, ones):
        """Sends so that the daemon reads several at once, as far as that can be."""
        for one in ones:
            one.send(b"burst %d" % one.getsockname()[1])

    def check_burst(self, ones):
        for one in ones:
            self.expect(one, b"burst %d" % one.getsockname()[1])

    def test_one_at_a_time(self):
        """The kernel takes, or hands over, fewer than it was asked to."""
        daemon = self.faulty("udp://127.0.0.1:0?reply=echo")
        ones = self.senders(daemon, 40)
        for call in ("sendmmsg", "recvmmsg"):
            self.faults.set(call, limit=1)
            self.burst(ones)
            self.check_burst(ones)
            self.hit(call, 2)
            self.faults.clear(call)

    def test_reading_is_interrupted(self):
        daemon = self.faulty("udp://127.0.0.1:0?reply=echo")
        ones = self.senders(daemon, 5)
        for error in (errno.EAGAIN, errno.EINTR, errno.ECONNREFUSED, errno.ENOMEM):
            before = self.faults.hits("recvmmsg")
            self.faults.set("recvmmsg", error, left=20)
            self.burst(ones)
            self.check_burst(ones)
            self.assertEqual(self.faults.hits("recvmmsg"), before + 20)

    def test_no_room_for_a_reply(self):
        """A datagram that the kernel does not take is a drop, and counted as such."""
        daemon = self.faulty("udp://127.0.0.1:0?reply=echo")
        ones = self.senders(daemon, 3)
        self.faults.set("sendmmsg", errno.EAGAIN)
        for count, one in enumerate(ones, 1):
            one.send(b"lost")
            daemon.wait_count(count, "message", text="lost")
        daemon.command("/stats")  # the batch is through
        self.faults.clear("sendmmsg")
        self.burst(ones)
        self.check_burst(ones)
        stats = daemon.command("/stats")["stats"]
        self.assertEqual(stats["dropped_send"], 3)
        self.assertEqual(stats["bytes_out"], sum(5 + len("burst %d" % one.getsockname()[1])
                                                 for one in ones))
        for peer, one in enumerate(ones, 1):
            daemon.command(f"/close {peer}")
            daemon.wait("close", peer=peer, unsent=0, received=9 + len("burst 12345"),
                        sent=5 + len("burst 12345"))

    def test_another_peers_error(self):
        """An error that another peer has caused is told once, and must not cost a datagram."""
        daemon = self.faulty("udp://127.0.0.1:0?reply=echo")
        ones = self.senders(daemon, 5)
        for _ in range(10):
            self.faults.set("sendmmsg", errno.ECONNREFUSED, left=1)
            self.burst(ones)
            self.check_burst(ones)
        self.hit("sendmmsg", 10)
        self.faults.set("sendmsg", errno.ECONNREFUSED, left=1)
        daemon.command("@1 by hand")
        self.expect(ones[0], "by hand")
        self.hit("sendmsg")
        self.assertEqual(daemon.command("/stats")["stats"]["dropped_send"], 0)

    def test_trains_are_refused(self):
        """Replies that the route does not take as one train go one by one, then and later."""
        for error in (errno.EIO, errno.EINVAL, errno.EMSGSIZE):
            daemon = self.faulty("udp://127.0.0.1:0?reply=echo")
            one, other = self.senders(daemon, 2)
            for first in (0, 1):
                self.faults.set("sendmmsg", error, left=1)
                daemon.signal(signal.SIGSTOP)
                for number in range(30):
                    one.send(b"%03d" % number)
                other.send(b"too")
                daemon.signal(signal.SIGCONT)
                for number in range(first, 30):
                    self.expect(one, b"%03d" % number)
                self.expect(other, "too")
                # The second time it is one datagram that is refused, and so lost.
                self.assertEqual(daemon.command("/stats")["stats"]["dropped_send"], first)
            self.hit("sendmmsg", 2)

    def test_operator_is_told(self):
        daemon = self.faulty("udp://127.0.0.1:0?reply=none")
        one = self.udp(daemon.port)
        one.send(b"x")
        daemon.open()
        for error in (errno.EAGAIN, errno.ENOBUFS, errno.EPERM, errno.EHOSTUNREACH):
            self.faults.set("sendmsg", error, left=1)
            daemon.refused("@1 lost", "#1", os.strerror(error))
            daemon.command(f"@1 after {error}")
            self.expect(one, f"after {error}")
        self.assertEqual([event["text"] for event in daemon.seen("sent")],
                         [f"after {error}" for error in (errno.EAGAIN, errno.ENOBUFS, errno.EPERM,
                                                         errno.EHOSTUNREACH)])

    def test_file(self):
        daemon = self.faulty("udp://127.0.0.1:0?reply=none")
        one = self.udp(daemon.port)
        one.send(b"x")
        daemon.open()
        path = self.file("data", b"d" * 60000)
        self.faults.set("sendmsg", errno.ENOBUFS, left=1)
        daemon.command(f"/file 1 {path}")
        event = daemon.wait("file", peer=1)
        self.assertEqual((event["bytes"], event["error"]), (0, os.strerror(errno.ENOBUFS)))
        daemon.command(f"/file 1 {path}")
        self.expect(one, b"d" * 60000)
        daemon.wait("file", peer=1, bytes=60000, error=None)


class DiskTest(FaultsCase):
    """The file that stdout is lies on a disk that is full, or stands still."""

    def start(self, *args):
        self.output = self.path("events")
        with open(self.output, "wb") as file:
            run = Program(self, [program("TELEXD"), "--json", *args,
                                 f"unix:{self.path('a')}?reply=echo"], stdout=file, env=self.env)
        return run

    def events(self):
        with open(self.output, "rb") as file:
            text = file.read()
        return [json.loads(line) for line in text[:text.rfind(b"\n") + 1].splitlines()]

    def meet(self):
        """A peer, once the daemon listens."""
        one = self.wait_unix(self.path("a"))
        self.check_echo(one)
        return one

    def wait_written(self, count, event, **fields):
        """Waits until the file has so many such events."""
        wanted = {"event": event, **fields}.items()
        end = time.monotonic() + DEADLINE
        while sum(wanted <= one.items() for one in self.events()) < count:
            self.assertLess(time.monotonic(), end, f"no {event} is written")

    def test_is_full_for_a_while(self):
        """It is tried again, and what was skipped meanwhile is counted."""
        run = self.start()
        one = self.meet()
        self.wait_written(1, "sent")
        for count, error in enumerate((errno.ENOSPC, errno.EIO), 1):
            self.faults.set("write", error)
            self.check_echo(one, b"kept %d" % count)
            run.wait_diagnostic(f"cannot write to stdout: {os.strerror(error)}; ")
            for number in range(100):
                self.check_echo(one, b"skipped %d" % number)
            run.line(f"@1 typed {error}")
            self.expect(one, f"typed {error}\n")
            self.faults.clear("write")
            self.wait_written(count, "lost")
            self.check_echo(one, b"seen %d" % count)
            self.wait_written(1, "sent", text=f"seen {count}")
        run.stop()
        self.assertEqual(run.stderr.copy().count(b"\n"), 2)
        events = self.events()
        texts = [event["text"] for event in events if event["event"] == "message"]
        self.assertEqual(texts, ["ping", "kept 1", "seen 1", "kept 2", "seen 2"])
        lost = [event["messages"] for event in events if event["event"] == "lost"]
        self.assertEqual(lost, [201, 201])  # each echo, and what was typed

    def test_is_full_up_to_the_end(self):
        run = self.start()
        one = self.meet()
        self.faults.set("write", errno.ENOSPC)
        self.check_echo(one)
        run.wait_diagnostic("cannot write to stdout: ")
        self.check_echo(one)
        run.stop()
        self.assertRegex(run.stderr.copy(), rb"telexd: \d+ bytes of output ")

    def test_stands_still(self):
        run = self.start()
        one = self.meet()
        self.faults.set("write", STALL)
        for number in range(100):
            self.check_echo(one, b"number %d" % number)
        run.line("@1 typed")
        self.expect(one, "typed\n")
        self.faults.clear("write")
        run.stop()
        events = self.events()
        texts = [event["text"] for event in events if event["event"] == "message"]
        self.assertEqual(texts, ["ping"] + [f"number {number}" for number in range(100)])
        self.assertIn("close", [event["event"] for event in events])
        self.assertEqual(run.stderr.copy(), b"")

    def test_stands_still_for_ever(self):
        """Memory has a bound, and the end comes within --drain."""
        run = self.start("--drain", "0.3")
        one = self.meet()
        self.faults.set("write", STALL)
        for _ in range(600):
            self.check_echo(one, b"m" * 60000)
        with open(f"/proc/{run.pid}/statm", encoding="ascii") as file:
            before = int(file.read().split()[1])
        for _ in range(600):
            self.check_echo(one, b"m" * 60000)
        with open(f"/proc/{run.pid}/statm", encoding="ascii") as file:
            more = (int(file.read().split()[1]) - before) * os.sysconf("SC_PAGE_SIZE")
        self.assertLess(more, 16 << 20)
        run.signal(signal.SIGTERM)
        run.wait_end(0)
        self.assertIn(b"bytes of output", run.stderr.copy())


class MemoryTest(FaultsCase):
    """An allocation that fails ends the program, with a message and status 1, until it listens; from
    then on there is a ballast."""

    def setUp(self):
        super().setUp()
        self.env["ASAN_OPTIONS"] += ":detect_leaks=0"  # the C library's, when it finds no memory

    def talk(self, daemon):
        """A little of everything; stops where the daemon is no longer there."""
        one = self.tcp(daemon.ports[0])
        daemon.wait("open", peer=1)
        two = self.unix(self.path("a"))
        daemon.wait("open", peer=2)
        three = self.udp(daemon.ports[1])
        three.send(b"datagram")
        daemon.wait("open", peer=3)
        daemon.line("/name 1 boiler")
        daemon.line("/connect tcp://127.0.0.1:%d" % daemon.ports[0])
        daemon.wait("open", peer=5)
        daemon.line("/listen tcp://127.0.0.1:0")
        for number in range(6):
            one.sendall(b"line %d\n" * 50 % ((number,) * 50))
            two.sendall(b"half a line")
            three.send(b"datagram")
            daemon.line(f"@* text {number}")
            daemon.line("/bytes boiler 00 ff")
            daemon.line("/peers")
        daemon.line(f"/file 2 {self.path('data')}")
        daemon.line("/stats")
        daemon.line("/nonsense")
        daemon.wait_count(300, "message", peer=1)
        daemon.wait_count(7, "message", peer=3)
        daemon.wait("file", peer=2)
        daemon.line("/close 1")
        self.receive_all(one)
        daemon.line("/shutdown")
        self.receive_all(two)

    def start(self):
        return Daemon(self, "tcp://127.0.0.1:0?reply=stamp&framing=line", "udp://127.0.0.1:0",
                      f"unix:{self.path('a')}?reply=echo", env=self.env, wait=False)

    def check_end(self, daemon):
        """Out of memory, said in one line; or a refusal for that reason; or a clean end."""
        daemon.wait_end(None)
        status, said = daemon.process.returncode, daemon.stderr.copy().decode()
        self.assertIn(status, (0, 1), daemon.transcript())
        if status == 1:
            self.assertRegex(said, r"(?i)\Atelexd: [^\n]*(memory|make an event loop)[^\n]*\n\Z")
        return status

    def run_once(self, call, skip):
        """Returns whether the call failed, which it does at most once."""
        for name in ("malloc", "calloc", "realloc"):
            self.faults.clear(name)
        before = self.faults.hits(call)
        self.faults.set(call, errno.ENOMEM, left=1, skip=skip)
        daemon = self.start()
        try:
            daemon.listening = daemon.wait_count(3, "listening")
            daemon.ports = [daemon.endpoint_port(event["endpoint"]) for event in daemon.listening]
            self.talk(daemon)
        except (OSError, self.failureException):
            pass  # it has ended; check_end says how
        status = self.check_end(daemon)
        if daemon.seen("listening"):
            self.assertEqual(status, 0, daemon.transcript())
        happened = self.faults.hits(call) > before
        self.assertTrue(happened or status == 0, daemon.transcript())
        return happened

    def check(self, call, step):
        """Every step-th call fails, one in each run, up to the last that a run makes."""
        self.file("data", b"d" * 200_000)
        skip = 0
        while self.run_once(call, skip):
            skip += step
        if skip == 0:
            self.skipTest("the program has a malloc of its own")
        self.assertGreater(skip, 4 * step)

    def test_malloc(self):
        self.check("malloc", 3)

    def test_calloc(self):
        self.check("calloc", 1)

    def test_realloc(self):
        self.check("realloc", 1)


if __name__ == "__main__":
    main()
