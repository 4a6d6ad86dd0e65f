# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of each part of a fleet, at random, under load: what is in the hub's stream at the end is
whole, once, and in order. TELEX_KILLS says how often each is killed; tools/fleet-kills does it for
long, and prints what it counted. TELEX_SEED makes the same moments come again."""

import os
import random
import socket
import sys
import threading

from fleet_test import FleetTestCase, Node
from telex_test import DEADLINE, main

KILLS = int(os.environ.get("TELEX_KILLS", "2"))
TALKERS = 3
DEPTH = 8     # lines that a talker has under way


class Talker(threading.Thread):
    """A peer that says numbered lines and compares what comes back, each time its line ends on a
    new one. The lines that came back, of each of its lines, are in heard."""

    def __init__(self, name, port, load):
        super().__init__(daemon=True)
        self.name = name
        self.port = port
        self.load = load
        self.heard = {}
        self.wrong = None

    def run(self):
        line = 0
        while not self.load.over.is_set():
            try:
                with socket.create_connection(("127.0.0.1", self.port), DEADLINE) as one:
                    line += 1
                    self.talk(one, f"{self.name}.{line}")
            except (ConnectionError, socket.timeout):
                pass  # a telexd that was killed; the next call waits for the next one

    def talk(self, one, line):
        heard = self.heard[line] = []
        answers = one.makefile("rb")
        said = 0
        while not self.load.over.is_set() or len(heard) < said:
            while said < len(heard) + DEPTH and not self.load.over.is_set():
                one.sendall(f"{line} {said}\n".encode())
                said += 1
            answer = answers.readline().decode()
            if not answer.endswith("\n"):
                raise ConnectionError("the line ended")
            if answer != f"{line} {len(heard)}\n":
                self.wrong = f"{answer!r}, not {line} {len(heard)}"
            heard.append(answer[:-1])
            self.load.count()


class Load:
    """Talkers that go on until the end, and somebody who waits for so much of it."""

    def __init__(self, port):
        self.over = threading.Event()
        self.echoes = 0
        self.changed = threading.Condition()
        self.talkers = [Talker(f"talker{number}", port, self) for number in range(TALKERS)]
        for one in self.talkers:
            one.start()

    def count(self):
        with self.changed:
            self.echoes += 1
            self.changed.notify_all()

    def wait(self, more):
        """Waits for so many more echoes."""
        with self.changed:
            wanted = self.echoes + more
            if not self.changed.wait_for(lambda: self.echoes >= wanted, DEADLINE):
                raise AssertionError(f"no {more} echoes within {DEADLINE:g} s: a line is held up")

    def end(self):
        self.over.set()
        for one in self.talkers:
            one.join(DEADLINE)


class KillsTest(FleetTestCase):
    def setUp(self):
        super().setUp()
        self.seed = int(os.environ.get("TELEX_SEED", random.randrange(1 << 32)))
        self.random = random.Random(self.seed)

    def run_kills(self, what, hub, node, kill, start):
        """Kills under load, each time after some echoes, and begins it anew after some more."""
        self.consume(hub.client()).next()  # all of it is there
        load = Load(node.port)
        self.addCleanup(load.end)
        for _ in range(KILLS):
            load.wait(self.random.randint(20, 500))
            kill()
            if what != "telexd":
                load.wait(self.random.randint(1, 500))
            start()
        load.wait(100)
        load.end()
        for one in load.talkers:
            self.assertIsNone(one.wrong)
        return load

    def check_told(self, what, hub, node, load):
        """All that the talkers heard was told; but of a telexd that was killed, its last moment."""
        with node.peer() as last:
            last.sendall(b"the end\n")
            self.expect(last, b"the end\n")
        client = hub.client()
        records = self.records(client, lambda records: any(record.has_said("the end") for record in records),
                               timeout=3 * DEADLINE)
        self.assertEqual(len(records), KILLS + 1 if what == "telexd" else 1)
        told = {}
        for record in records:
            self.assertEqual(record.events[0]["seq"], 1, record.run)
            for text in record.texts():
                told.setdefault(text.rpartition(" ")[0], []).append(text)
        self.compare(what, told, load.talkers)
        events = sum(len(record.events) for record in records)
        print(f"{what}: {KILLS} kills, {len(records)} runs, {events} events, none missing, twice or "
              f"out of order (seed {self.seed})", file=sys.stderr)

    def compare(self, what, told, talkers):
        """What a telexd had not written when it was killed is gone with it: the last that a line
        said, and none before that. How much it is is a matter of the machine's load."""
        for talker in talkers:
            *cut, last = talker.heard.items()
            for line, texts in (*cut, last):
                mine = told.get(line, [])
                self.assertEqual(mine, [f"{line} {number}" for number in range(len(mine))])
                if what != "telexd" or line == last[0]:
                    self.assertGreaterEqual(len(mine), len(texts), line)

    def test_hub(self):
        hub = self.broker()
        node = self.node("berlin", hub)
        load = self.run_kills("hub", hub, node, hub.kill, hub.start)
        self.check_told("hub", hub, node, load)

    def test_connector(self):
        hub = self.broker()
        node = self.node("berlin", hub)
        load = self.run_kills("connector", hub, node, node.kill_connector,
                              node.start_connector)
        self.check_told("connector", hub, node, load)

    def test_telexd(self):
        hub = self.broker()
        node = self.node("berlin", hub)
        told = hub.client().subscribe("telex.e.berlin.*")

        def start():
            """A run that ends before the connector has found it leaves nothing behind."""
            node.start_telexd()
            run = self.attach(node.control).hello["run"]
            told.find(lambda message: f"-{run}-" in message.headers["Nats-Msg-Id"])

        load = self.run_kills("telexd", hub, node, node.kill_telexd, start)
        self.check_told("telexd", hub, node, load)

    def fleet_with_leaf(self):
        hub = self.broker(domain="hub")
        leaf = self.leaf("berlin", hub)
        node = Node(self, "berlin", leaf, "--leaf").start()
        return hub, leaf, node

    def test_leaf(self):
        hub, leaf, node = self.fleet_with_leaf()
        load = self.run_kills("leaf", hub, node, leaf.kill, leaf.start)
        self.check_told("leaf", hub, node, load)

    def test_hub_of_a_leaf(self):
        hub, _, node = self.fleet_with_leaf()
        load = self.run_kills("hub behind a leaf", hub, node, hub.kill, hub.start)
        self.check_told("hub behind a leaf", hub, node, load)


if __name__ == "__main__":
    main()
