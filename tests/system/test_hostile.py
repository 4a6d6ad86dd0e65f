# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything at once: peers that do what they can to hurt, and a console that types nonsense.

What happens is drawn from a seed, which is named where a test fails; HOSTILE_SEED and
HOSTILE_STEPS in the environment try others. Bounded by counts, not by time.
"""

import collections
import errno
import os
import random
import re
import socket
import time

from telex_test import TestCase, main

SEED = int(os.environ.get("HOSTILE_SEED", "1"))
STEPS = int(os.environ.get("HOSTILE_STEPS", "1500"))

LARGEST = 65507

UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")

PIECES = [b"\x1b[2J", b"\x1b]0;title\x07", b"\r", b"\n", b"\x00", b"\xff\xfe", b"\xc3",
          "\u202e".encode(), "\u2028".encode(), "你好".encode(), b"plain text", b"\\x41\\",
          b"\"}{\"event\":\"close\"", b"a" * 3000, b"\x9b31m", b"\xed\xa0\x80", b"/close *"]


class Swarm:
    """The peers of one test, and what they do. Nothing of it waits for the daemon."""

    def __init__(self, case, rng, streams, path, datagrams):
        self.case = case
        self.rng = rng
        self.streams = streams      # ports
        self.path = path            # of a Unix socket
        self.datagrams = datagrams  # ports
        self.peers = []
        self.senders = []
        self.connects = collections.Counter()

    def garbage(self, most=8):
        return b"".join(self.rng.choices(PIECES, k=self.rng.randint(1, most)))

    def pick(self):
        return self.rng.choice(self.peers) if self.peers else None

    def drop(self, one):
        self.peers.remove(one)

    # Streams

    def connect(self):
        if len(self.peers) >= 120:
            self.drop_some()
        port = self.rng.choice([*self.streams, None])
        family = socket.AF_UNIX if port is None else socket.AF_INET
        one = self.case.make_socket(family, socket.SOCK_STREAM)
        if self.rng.random() < 0.5:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect(self.path if port is None else ("127.0.0.1", port))
        one.setblocking(False)
        self.peers.append(one)
        self.connects["unix" if port is None else "tcp"] += 1

    def attempt(self, act, one):
        """What may fail because the daemon has closed the line; then the peer is dropped."""
        try:
            act(one)
        except BlockingIOError:
            pass
        except OSError as error:
            if error.errno not in (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN):
                raise
            one.close()
            self.drop(one)

    def say(self):
        if one := self.pick():
            self.attempt(lambda one: one.send(self.garbage()), one)

    def trickle(self):
        """A byte at a time, as slow-loris does, from every third of them."""
        for one in self.peers[::3]:
            self.attempt(lambda one: one.send(self.rng.randbytes(1)), one)

    def pour(self):
        """As much as goes, and nothing of what comes back is read."""
        if one := self.pick():
            def act(one):
                for _ in range(5):
                    one.send(b"p" * 65536)
            self.attempt(act, one)

    def read(self):
        if one := self.pick():
            self.attempt(lambda one: one.recv(self.rng.choice((1, 100, 65536))), one)

    def half_close(self):
        if one := self.pick():
            self.attempt(lambda one: one.shutdown(socket.SHUT_WR), one)

    def deafen(self):
        if one := self.pick():
            self.attempt(lambda one: one.shutdown(socket.SHUT_RD), one)

    def close(self):
        if one := self.pick():
            one.close()
            self.drop(one)

    def reset(self):
        if one := self.pick():
            if one.family == socket.AF_INET:
                self.case.reset(one)
            one.close()
            self.drop(one)

    def drop_some(self):
        for _ in range(40):
            self.rng.choice((self.close, self.reset))()

    def rush(self):
        """Forty connects at once, most of them gone again before they are looked at."""
        for _ in range(40):
            self.connect()
            self.rng.choice((self.close, self.reset, self.say, self.half_close))()

    # Datagrams

    def sender(self):
        if len(self.senders) < 100:
            one = self.case.udp()
            one.setblocking(False)
            self.senders.append(one)
        return self.rng.choice(self.senders)

    def datagram(self):
        size = self.rng.choice((0, 1, 1025, 16385, LARGEST))
        data = (self.garbage() * (size // 4 + 1))[:size]
        try:
            self.sender().sendto(data, ("127.0.0.1", self.rng.choice(self.datagrams)))
        except BlockingIOError:
            pass

    def flood(self):
        for _ in range(300):
            try:
                self.sender().sendto(b"f" * self.rng.randrange(100),
                                     ("127.0.0.1", self.rng.choice(self.datagrams)))
            except BlockingIOError:
                pass

    DEEDS = {"connect": 12, "say": 20, "trickle": 4, "pour": 3, "read": 15, "half_close": 5,
             "deafen": 2, "close": 4, "reset": 6, "rush": 1, "datagram": 10, "flood": 1}

    def act(self):
        name = self.rng.choices(list(self.DEEDS), weights=list(self.DEEDS.values()))[0]
        getattr(self, name)()

    def end(self):
        for one in self.peers + self.senders:
            one.close()
        self.peers, self.senders = [], []


class Nonsense:
    """Lines for a console: good ones, broken ones, and noise."""

    GOOD = ["@{p} hello", "@{p},{p} twice", "@* all of you", "/send {p} text", "/to {p}", "/to -",
            "plain text", "//slash", "/@at", "", "/bytes {p} de ad \"AT\\r\\n\"", "/bytes * 00",
            "/file {p} {file}", "/peers", "/info {p}", "/name {p} n{p}", "/name {p} -",
            "/close {p}", "/close {p},{p}", "/listeners", "/reply {l} echo", "/reply {l} none",
            "/reply {l} stamp", "/stats", "/help", "/help send", "/connect tcp://127.0.0.1:{port}",
            "/connect udp://127.0.0.1:{port}", "/connect udp://127.0.0.1:{port}?from=udp",
            "/connect unix:{path}", "/listen tcp://127.0.0.1:0", "/listen udp://127.0.0.1:0",
            "/unlisten 8", "/view text", "/view hex", "/view size"]
    BROKEN = ["@", "@ x", "@99999999999999999999 x", "@-1 x", "@1,,2 x", "/send", "/to", "/to * 1",
              "/bytes {p} zz", "/bytes {p} \"", "/file {p} /", "/file {p} /nowhere", "/info",
              "/name {p} 9x", "/name {p}", "/close", "/reply 1 loud", "/connect", "/connect x y",
              "/connect tcp://127.0.0.1:70000", "/connect unix:/nowhere", "/listen tcp://[::1",
              "/listen unix:", "/unlisten x", "/view colour", "/nothing", "/", "/p", "/peers x",
              "/connect tcp://no.such.host.invalid:1", "/help x y"]

    def __init__(self, rng, **words):
        self.rng = rng
        self.words = words
        self.peers = [1, 2, 3]  # numbers that lately were on the line

    def peer(self, _):
        return str(self.rng.choice(self.peers) + self.rng.choice((0, 0, 0, 0, 1, 100)))

    def line(self):
        kind = self.rng.random()
        if kind < 0.1:
            noise = bytes(self.rng.choices(range(256), k=self.rng.randrange(1, 200)))
            return b"@" * self.rng.randrange(2) + noise.replace(b"\n", b"") + b"."
        text = self.rng.choice(self.GOOD if kind < 0.75 else self.BROKEN)
        text = re.sub(r"\{p\}", self.peer, text)
        return text.format(l=self.rng.randrange(1, 5), port=self.rng.choice(self.words["ports"]),
                           path=self.words["path"], file=self.words["file"]).encode()


class HostileTest(TestCase):
    OPTIONS = ["--max-queue", "128k", "--max-udp-peers", "50", "--udp-idle-timeout", "0.7",
               "--idle-timeout", "3", "--half-close", "0.5", "--drain", "0.5", "--max-peers", "400",
               "--connect-timeout", "0.5"]

    def endpoints(self):
        self.socket_path = self.path("hostile.sock")
        return ["tcp://127.0.0.1:0", "tcp://127.0.0.1:0?reply=echo",
                "tcp://127.0.0.1:0?reply=stamp&framing=line", f"unix:{self.socket_path}?reply=echo",
                "udp://127.0.0.1:0?name=udp", "udp://127.0.0.1:0?reply=echo",
                "tcp://127.0.0.1:0?name=quiet"]  # the last one is for check_alive

    def setUp(self):
        super().setUp()
        self.seed = f"HOSTILE_SEED={SEED} HOSTILE_STEPS={STEPS}"
        self.rng = random.Random(SEED)
        self.data = self.file("data", b"d" * 300_000)

    def crowd(self, daemon):
        ports = [port for port in daemon.ports if port]  # the Unix socket has none
        swarm = Swarm(self, self.rng, ports[:3], self.socket_path, ports[3:5])
        nonsense = Nonsense(self.rng, ports=ports[:5], path=self.socket_path, file=self.data)
        return swarm, nonsense

    def check_order(self, events):
        """Each peer opens once, first, and closes once, last; but for calls that fail."""
        state = {}
        calls = {event["peer"] for event in events
                 if event["event"] == "result" and event.get("command") == "connect"}
        for event in events:
            peer = event.get("peer")
            if not isinstance(peer, int) or event["event"] in ("result", "target"):
                continue
            before = state.get(peer)
            self.assertNotEqual(before, "close", f"{event} comes after its close")
            if event["event"] == "open":
                self.assertIsNone(before, f"{event} is its second")
            elif before is None:
                self.assertTrue(event["event"] == "close" and peer in calls,
                                f"{event} comes before its open")
            state[peer] = event["event"]
        return state

    def check_sums(self, events):
        """What the close events count is what the message and sent events tell."""
        received, sent = collections.Counter(), collections.Counter()
        transport, files = {}, set()
        for event in events:
            if event["event"] == "open":
                transport[event["peer"]] = event["transport"]
            elif event["event"] == "message":
                received[event["peer"]] += event["size"]
            elif event["event"] == "sent":
                sent[event["peer"]] += event["size"]
            elif event["event"] == "file":
                files.add(event["peer"])
        lost = any(event["event"] == "lost" for event in events)
        for event in events:
            peer = event.get("peer")
            if event["event"] != "close" or peer not in transport:
                continue
            if transport[peer] == "udp" and lost:
                continue  # of streams nothing is ever lost here
            self.assertEqual(event["received"], received[peer], event)
            if transport[peer] == "udp":  # one may be dropped after it was told
                self.assertLessEqual(event["sent"], sent[peer], event)
            elif peer not in files:
                self.assertEqual(event["sent"] + event["unsent"], sent[peer], event)

    def check_answers(self, daemon, typed):
        """Exactly one answer for each line that is not empty, in their order."""
        answers = [event["input"] for event in daemon.seen()
                   if event["event"] in ("result", "error") and "input" in event
                   and not event.get("more")]
        wanted = [number for number, line in enumerate(typed, 1) if line]
        # An empty line that cannot be sent gets an error.
        self.assertEqual([number for number in answers if typed[number - 1]], wanted)
        self.assertEqual(answers, sorted(answers))

    def settle(self, daemon):
        """Waits until nobody is left: all peers are gone or forgotten."""
        while peers := daemon.command("/peers")["peers"]:
            for peer in peers:
                daemon.wait("close", peer=peer["peer"])

    def test_json_console(self):
        daemon = self.daemon(*self.OPTIONS, *self.endpoints())
        swarm, nonsense = self.crowd(daemon)
        typed = []
        with self.subTest(self.seed):
            for step in range(STEPS):
                swarm.act()
                if step % 2:
                    typed.append(nonsense.line())
                    daemon.line(typed[-1])
                if step % 50 == 49:  # neither runs away from the other
                    typed.append(b"/peers")
                    daemon.line(typed[-1])
                    daemon.inputs = len(typed)
                    present = daemon.answer(len(typed))["peers"]
                    nonsense.peers = [peer["peer"] for peer in present] or [1]
            swarm.end()
            daemon.inputs = len(typed)
            before = len(typed)
            self.settle(daemon)
            typed += [b"/peers"] * (daemon.inputs - before)
            daemon.command("/view text")
            typed.append(b"/view text")
            stats = daemon.command("/stats")["stats"]
            typed.append(b"/stats")
            self.check_answers(daemon, typed)
            events = daemon.parse()
            state = self.check_order(events)
            self.assertEqual(set(state.values()), {"close"})
            self.check_sums(events)
            opened = collections.Counter(event["transport"] for event in daemon.seen("open"))
            for transport in ("tcp", "udp", "unix"):
                self.assertEqual(stats[f"{transport}_opened"], opened[transport])
                self.assertEqual(stats[f"{transport}_peers"], 0)
            self.assertEqual(stats["queued_bytes"], 0)
            one = self.tcp(daemon.ports[-1])
            one.sendall(b"ping")
            number = daemon.wait("message", text="ping")["peer"]
            daemon.command(f"@{number} pong")
            self.expect(one, "pong\n")
            daemon.stop()

    def test_text_console(self):
        daemon = self.text_daemon(*self.OPTIONS, *self.endpoints())
        with self.subTest(self.seed):
            swarm, nonsense = self.crowd(daemon)
            for step in range(STEPS):
                swarm.act()
                if step % 2:
                    daemon.line(nonsense.line())
                if step % 100 == 99:
                    self.check_alive(daemon, f"step-{step}")
                    shown = re.findall(rb"#(\d+)", daemon.stdout.copy()[-20000:])
                    nonsense.peers = [int(number) for number in shown[-60:]] or [1]
            swarm.end()
            self.check_alive(daemon, "the-end")
            daemon.stop()
            text = daemon.stdout.copy().decode()  # strictly
            found = UNSAFE.search(text)
            self.assertIsNone(found, found and ascii(text[max(0, found.start() - 200):
                                                          found.end() + 50]))

    def say_until_shown(self, daemon, one, text):
        """What a peer says may be skipped while much is waiting to be shown: then it says so
        again. Returns its number."""
        for _ in range(20):
            one.sendall(text.encode() + b"\n")
            end = time.monotonic() + 1
            while time.monotonic() < end:
                size = len(daemon.stdout.data)
                found = re.search(rb"#(\d+)[^\n]*" + re.escape(text.encode()),
                                  daemon.stdout.data)
                if found:
                    return int(found.group(1))
                daemon.stdout.wait_more(size, 0.1)
        daemon.fail(f"{text} was not shown")

    def check_alive(self, daemon, text):
        """A peer of good manners is shown, and answered by hand."""
        daemon.line("/view text")
        daemon.line(f"/no-{text}")
        daemon.wait_output(f"/no-{text}")  # the lines before it, some of them cruel, are through
        one = self.tcp(daemon.ports[-1])
        number = self.say_until_shown(daemon, one, f"{text}-shown")
        daemon.line(f"@{number} you are #{number}")
        self.expect(one, f"you are #{number}\n")
        one.close()


if __name__ == "__main__":
    main()
