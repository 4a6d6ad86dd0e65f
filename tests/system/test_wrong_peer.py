# SPDX-License-Identifier: GPL-3.0-or-later
"""A reply never goes to the wrong peer: several consoles and many peers at once, in random order.

Each text is unique. Whom it was meant for is worked out from what the console that typed it was told
until it was sent; what each socket got is held against that, byte for byte.
"""

import random
import socket

from telex_test import DEADLINE, TestCase, main, name_of

NAMES = ("boiler", "kettle", "pump")
KNOWN = ("127.0.0.7 boiler", "127.0.0.8 kettle", "127.0.0.9 boiler")
HOSTS = ("127.0.0.7", "127.0.0.7", "127.0.0.8", "127.0.0.9", "127.0.0.10")


class Far:
    """The far end of a line, and all that it got."""

    def __init__(self, one, end, datagram=False):
        self.one, self.end, self.datagram = one, end, datagram
        self.got = []
        self.rest = b""
        self.open = True
        self.whole = False  # it was there until its line was closed
        one.setblocking(False)

    def take(self):
        """What is there; whether more may come."""
        while self.open:
            try:
                data = self.one.recv(65536)
            except BlockingIOError:
                return
            except ConnectionError:
                data = b""
            if self.datagram:
                self.got.append(data.decode().rstrip("\n"))
            elif data:
                *whole, self.rest = (self.rest + data).split(b"\n")
                self.got += [line.decode() for line in whole]
            else:
                self.close()

    def close(self):
        self.open = False
        self.one.close()


class Meaning:
    """Whom one console's lines are meant for, as far as it was told."""

    def __init__(self, case, console, lines):
        self.case, self.console, self.lines = case, console, lines
        self.number = self.name = None
        self.names = {}  # by peer, of those on the line
        self.sent = {}   # by peer: texts of this console

    def find(self, word):
        if word.lstrip("#").isdigit():
            number = int(word.lstrip("#"))
            return number if number in self.names else None
        return next((peer for peer, name in self.names.items() if name == word), None)

    def target(self):
        return self.find(self.name) if self.name else self.number

    def check_sent(self, event):
        line = self.lines[event["text"].rstrip("\n")]
        peer = event["peer"]
        if line[0] not in "/@":
            self.case.assertEqual(peer, self.target(), (line, event))
        else:
            words = line.lstrip("@").removeprefix("/send ").split()[0]
            meant = list(self.names) if words == "*" else [self.find(word) for word in words.split(",")]
            self.case.assertIn(peer, meant, (line, event))
        self.sent.setdefault(peer, []).append(event["text"].rstrip("\n"))

    def take(self, event, chosen):
        """One event of the console's; chosen: the word of the line that it answers, of a /to."""
        kind, peer = event["event"], event.get("peer")
        if kind == "open":
            self.names[peer] = None
        elif kind == "close":
            self.names.pop(peer, None)
        elif kind == "name":
            if self.name and event["name"] and self.names[peer] == self.name:
                self.name = event["name"]  # the same line
            self.names[peer] = event["name"]
        elif kind == "sent" and event["console"] == self.console:
            self.check_sent(event)
        elif kind == "result" and chosen:
            by_number = chosen.lstrip("#").isdigit()
            self.number = int(chosen.lstrip("#")) if by_number else None
            self.name = None if by_number or chosen == "-" else chosen


class WrongPeerTest(TestCase):
    def start(self, seed):
        self.random = random.Random(seed)
        self.lines = {}
        self.fars = []
        self.far = self.listener()
        self.daemon_ = self.daemon("tcp://127.0.0.1:0?half-close=0", "udp://127.0.0.1:0?reply=none&eol=lf",
                                   *(f"--known={known}" for known in KNOWN), "--drain", "1",
                                   f"--control={self.path('control')}", count=2)
        self.consoles = [self.attach(self.path("control")) for _ in range(3)]
        self.chosen = [{} for _ in self.consoles]
        self.far.setblocking(False)
        self.consoles[0].command(f"/connect tcp://127.0.0.1:{self.far.getsockname()[1]}?again=0.02&name=pump"
                                 "&half-close=0")
        self.answered = [console.inputs for console in self.consoles]

    # Peers

    def comes(self):
        datagram = self.random.random() < 0.3
        one = self.make_socket(socket.AF_INET, socket.SOCK_DGRAM if datagram else socket.SOCK_STREAM)
        one.bind((self.random.choice(HOSTS), 0))
        one.connect(("127.0.0.1", self.daemon_.ports[datagram]))
        if datagram:
            one.send(b"here")
        self.fars.append(Far(one, ("remote", name_of(one)), datagram))

    def is_called(self):
        try:
            one, address = self.far.accept()
        except BlockingIOError:
            return
        self.addCleanup(one.close)
        self.fars.append(Far(one, ("local", "%s:%d" % address)))

    def goes(self):
        there = [far for far in self.fars if far.open and not far.datagram]
        if there:
            far = self.random.choice(there)
            far.take()
            if far.open:
                (self.reset if self.random.random() < 0.3 else socket.socket.close)(far.one)
                far.open = False

    # Operators

    def word(self):
        if self.random.random() < 0.5:
            return self.random.choice(NAMES)
        return self.random.choice(("", "#")) + str(self.random.randint(1, len(self.fars) + 1))

    def types(self, console, line, text=None):
        if text:
            self.lines[text] = line
        return self.consoles[console].input(line)

    def text(self):
        return f"text-{len(self.lines)}"

    def operates(self):
        console = self.random.randrange(len(self.consoles))
        what = self.random.random()
        if what < 0.2:
            word = self.word() if self.random.random() < 0.9 else "-"
            number = self.types(console, ("@" if word != "-" else "/to ") + word)
            self.chosen[console][number] = word
        elif what < 0.6:
            text = self.text()
            self.types(console, text, text)
        elif what < 0.8:
            words = self.random.choice(("*", self.word(), f"{self.word()},{self.word()}"))
            text = self.text()
            self.types(console, self.random.choice(("@", "/send ")) + f"{words} {text}", text)
        elif what < 0.95:
            name = self.random.choice(NAMES)
            self.types(console, f"/name {self.word()} {name}")
        else:
            self.types(console, f"/close {self.word()}")

    def catch_up(self):
        for index, console in enumerate(self.consoles):
            if console.inputs > self.answered[index]:
                console.answer(console.inputs)
            self.answered[index] = console.inputs
        for far in self.fars:
            far.take()

    def all_open(self):
        ends = {(end, event[end]) for event in self.consoles[0].parse() if event["event"] == "open"
                for end in ("remote", "local")}
        return all(far.end in ends for far in self.fars if far.open) or None

    def end(self):
        """All lines are closed, and whoever is still there has got all of it."""
        self.consoles[0].until(self.all_open, "all peers to be there")
        self.consoles[0].ask("/close *")
        for far in (far for far in self.fars if far.open):
            far.whole = not far.datagram
            far.one.settimeout(DEADLINE if far.whole else 0)
            far.take()
        for console in self.consoles:
            console.command("/listeners")  # what all of them did was told before that

    # Verdict

    def check_console(self, index):
        console = self.consoles[index]
        meaning = Meaning(self, index + 2, self.lines)
        for event in console.parse():
            meaning.take(event, self.chosen[index].get(event.get("input")))
        return meaning.sent

    def check_far(self, far, opened, sent):
        """It got what was sent to it, in order, and nothing else."""
        end, name = far.end
        peers = [event["peer"] for event in opened if event[end] == name]
        said = [text for peer in peers for text in sent.get(peer, [])]
        self.assertEqual(far.got, said if far.whole else said[:len(far.got)], (peers, far.end))

    def play(self, seed):
        self.start(seed)
        for step in range(400):
            if self.random.random() < 0.25:
                self.random.choice((self.comes, self.comes, self.goes, self.is_called))()
            else:
                self.operates()
            if step % 20 == 0:
                self.catch_up()
        self.catch_up()
        self.end()
        by_console = [self.check_console(index) for index in range(len(self.consoles))]
        events = self.consoles[0].parse()
        order = [(event["peer"], event["text"].rstrip("\n")) for event in events if event["event"] == "sent"]
        sent = {}
        for peer, text in order:
            sent.setdefault(peer, []).append(text)
        self.assertEqual(sorted(order), sorted((peer, text) for each in by_console
                                               for peer, texts in each.items() for text in texts))
        self.assertGreater(len(order), 60)
        opened = [event for event in events if event["event"] == "open"]
        for far in self.fars:
            self.check_far(far, opened, sent)
        self.assertGreater(sum(len(far.got) for far in self.fars), 60)

    def test_one_order(self):
        self.play(1)

    def test_another(self):
        self.play(2)

    def test_a_third(self):
        self.play(3)


if __name__ == "__main__":
    main()
