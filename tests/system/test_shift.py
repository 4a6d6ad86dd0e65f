# SPDX-License-Identifier: GPL-3.0-or-later
"""A shift at the desk, compressed: mixed peers talk all the time, slowly, briskly and fast, several
operators look on, and every command there is gets used. Nothing goes to whom it was not meant for,
and nothing that anybody said is missing or told twice."""

import os
import select
import socket
import threading
import time

from telex_test import Terminal, TestCase, event_bytes, main, program

RATES = (5, 50, 500)  # messages a second of all peers together


class Talker:
    """A peer that says numbered lines, and keeps what it is told."""

    def __init__(self, name, one):
        self.name, self.socket = name, one
        self.said, self.heard, self.wanted = [], bytearray(), bytearray()
        self.eol = b"" if one.type == socket.SOCK_DGRAM else b"\n"
        self.peer = None

    def talk(self):
        text = f"{self.name} says {len(self.said)}\n"
        self.said.append(text)
        self.socket.sendall(text.encode())

    def hear(self):
        self.heard += self.socket.recv(65536)


class Crowd:
    """All talkers, and the thread in which they talk and listen."""

    def __init__(self, talkers):
        self.talkers = talkers
        self.by_socket = {one.socket: one for one in talkers}
        self.rate = None
        self.ends = False
        self.failure = None
        self.thread = threading.Thread(target=self._run, daemon=True)

    def talk_at(self, rate):
        self.rate = rate
        if not self.thread.is_alive():
            self.thread.start()

    def _run(self):
        try:
            self._talk()
        except OSError as error:
            self.failure = error

    def _talk(self):
        """One after the other; what a busy machine makes late is not made up for."""
        due, turn = time.monotonic(), 0
        while not self.ends:
            wait = max(0.0, due - time.monotonic())
            for one in select.select(list(self.by_socket), [], [], wait)[0]:
                self.by_socket[one].hear()
            if time.monotonic() >= due:
                self.talkers[turn % len(self.talkers)].talk()
                turn += 1
                due = max(due + 1 / self.rate, time.monotonic())
        self._hear_the_rest()

    def _hear_the_rest(self):
        while ready := select.select(list(self.by_socket), [], [], 0.5)[0]:
            for one in ready:
                self.by_socket[one].hear()

    def stop(self):
        self.ends = True
        if self.thread.is_alive():
            self.thread.join()


class ShiftTest(TestCase):
    """One daemon, one crowd, several consoles; the crowd talks while the operator works."""

    def setUp(self):
        super().setUp()
        self.control, self.meters = self.path("control"), self.path("meters")
        self.log = self.daemon(
            "--control", self.control, "--drain", "2", "tcp://127.0.0.1:0?name=raw",
            "tcp://127.0.0.1:0?framing=line&name=lines", "udp://127.0.0.1:0?reply=none&name=air",
            f"unix:{self.meters}?name=meters", count=4)
        self.desk = self.attach(self.control)
        self.screen = Terminal(self, [program("TELEX"), "attach", self.control])
        self.screen.wait_prompt()
        self.used = set()
        self.crowd = Crowd(self.make_talkers())
        self.addCleanup(self.crowd.stop)
        for talker in self.crowd.talkers:
            talker.talk()
            talker.peer = self.desk.wait("message", text=talker.said[0])["peer"]

    def make_talkers(self):
        raw, lines, air = self.log.ports[:3]
        far = self.listener()
        self.does(f"/connect tcp://127.0.0.1:{far.getsockname()[1]}")
        made = [("raw", self.tcp(raw)) for _ in range(3)] + \
            [("line", self.tcp(lines)) for _ in range(3)] + \
            [("air", self.udp(air)) for _ in range(3)] + \
            [("unix", self.unix(self.meters)) for _ in range(2)] + [("call", self.accept(far))]
        return [Talker(f"{kind}{number}", one) for number, (kind, one) in enumerate(made)]

    # What the operator does; each counts the command that it used.

    def does(self, line, console=None):
        answer = (console or self.desk).command(line)
        self.used.add(answer["command"])
        return answer

    def refuses(self, line):
        answer = self.desk.refused(line)
        self.used.add(answer["command"])
        return answer["error"]

    def tells(self, line, text, *talkers):
        """A line by which each of these gets the text, with its listener's eol."""
        for talker in talkers:
            talker.wanted += text.encode() + talker.eol
        self.does(line)

    # What is asked in each round, while all talk.

    def talk_to_some(self, number):
        for turn, talker in enumerate(self.crowd.talkers):
            text = f"{number}.{turn} to you alone"
            self.tells(f"/send {talker.peer} {text}", text, talker)
            self.tells(f"@{talker.peer} again", "again", talker)
        several = self.crowd.talkers[number::4]
        self.tells("@" + ",".join(str(one.peer) for one in several) + " several", "several",
                   *several)
        self.tells("/send * everybody", "everybody", *self.crowd.talkers)

    def send_bytes_and_files(self, number):
        one, other = self.crowd.talkers[number], self.crowd.talkers[4 + number]
        one.wanted += b"\x01\x03\x00\x00\x00\x01\x84\x0a"
        self.does(f"/bytes {one.peer} 01 03 00 00 00 01 crc16")
        content = os.urandom(300000 if other.eol else 60000)  # a datagram has a bound
        other.wanted += content
        self.does(f"/file {other.peer} {self.file(f'file{number}', content)}")
        self.desk.wait("file", peer=other.peer, bytes=len(content))

    def use_names(self, number):
        one, two = self.crowd.talkers[number], self.crowd.talkers[6 + number]
        self.does(f"/name {one.peer} boiler")
        self.tells("@boiler warm?", "warm?", one)
        self.does("/to boiler")
        self.tells("to the target", "to the target", one)
        self.does(f"/name {one.peer} -")
        self.does(f"/name {two.peer} boiler")
        self.tells("/send boiler and you?", "and you?", two)
        self.does("/to -")
        self.assertIn("target", self.desk.refused("to nobody")["error"])
        self.does("/name boiler -")

    def look_around(self, number):
        one = self.crowd.talkers[number]
        self.assertEqual(len(self.does("/peers")["peers"]), len(self.crowd.talkers))
        self.assertEqual(len(self.does("/peers udp")["peers"]), 3)
        self.assertEqual(self.does(f"/info {one.peer}")["peer"]["peer"], one.peer)
        self.assertEqual(len(self.does("/listeners")["listeners"]), 4)
        self.does(f"/show {one.peer} 3")
        self.does(f"/find @{one.peer} says")
        self.does(f"/replay 1 {one.peer}")
        self.does("/stats")
        self.assertGreaterEqual(len(self.does("/consoles")["consoles"]), 3)
        self.does("/say the boiler is warm")
        self.log.wait("console", state="say", text="the boiler is warm")

    def narrow_the_view(self, number):
        one = self.crowd.talkers[number]
        narrow = self.attach(self.control)
        for line in (f"/only {one.peer}", f"/mute {one.peer}", "/grep says", "/view size",
                     f"/view {one.peer} hex", "/time ms", "/only -", "/mute -", "/grep -",
                     "/view text", f"/set {one.peer} view=text", f"/set {one.peer} eol=lf"):
            self.does(line, narrow)
        self.does("/restrict", narrow)
        narrow.refused("/file 1 /etc/hostname")
        self.does("/read-only", narrow)
        narrow.refused("/send * no")
        self.does("/quit", narrow)

    def change_lines(self, number):
        listener = self.does(f"/listen tcp://127.0.0.1:0?name=extra{number}")["listeners"][0]
        one = self.tcp(self.log.endpoint_port(listener["endpoint"]))
        peer = self.desk.wait("open", listener=listener["listener"])["peer"]
        self.does(f"/reply extra{number} echo")
        one.sendall(b"ping")
        self.expect(one, "ping")
        self.does(f"/unlisten extra{number}")
        self.does(f"/close {peer}")
        self.expect_end(one)
        one.close()

    def patch(self, number):
        listener = self.does(f"/listen tcp://127.0.0.1:0?name=patch{number}")["listeners"][0]
        one, other = (self.tcp(self.log.endpoint_port(listener["endpoint"])) for _ in "12")
        peers = [event["peer"] for event in
                 self.desk.wait_count(2, "open", listener=listener["listener"])]
        self.does("/join {} {}".format(*peers))
        self.does(f"/fault {peers[0]} latency=20 slice=7 seed={number + 1}")
        one.sendall(b"from one to the other")
        self.expect(other, "from one to the other")
        self.does(f"/fault {peers[0]} -")
        self.does(f"/part {peers[0]}")
        self.assertIn("line", self.refuses(f"/line {peers[0]}"))
        self.does("/close {},{}".format(*peers))
        self.does(f"/unlisten patch{number}")

    def repeat(self, number):
        one = self.crowd.talkers[number]
        console = self.attach(self.control)
        self.does(f"/every 0.1 @{one.peer} tick", console)
        console.wait_count(3, "sent", peer=one.peer, text="tick" + one.eol.decode())
        self.does("/every -", console)
        for _ in console.seen("sent", peer=one.peer, text="tick" + one.eol.decode()):
            one.wanted += b"tick" + one.eol
        self.does("/quit", console)

    # What must hold afterwards.

    def check_heard(self):
        for talker in self.crowd.talkers:
            self.desk.until(lambda: len(talker.heard) >= len(talker.wanted),  # noqa: B023
                            f"all for {talker.name}")
            self.assertEqual(bytes(talker.heard), bytes(talker.wanted), talker.name)

    def check_said(self, console):
        self.assertEqual(console.seen("lost"), [])
        for talker in self.crowd.talkers:
            wanted = "".join(talker.said).encode()
            told = b"".join(event_bytes(event) for event in console.seen("message")
                            if event["peer"] == talker.peer and not event.get("replayed"))
            self.assertEqual(told, wanted, talker.name)

    def test_a_shift(self):
        duties = (self.talk_to_some, self.send_bytes_and_files, self.use_names, self.look_around,
                  self.narrow_the_view, self.change_lines, self.patch, self.repeat)
        for number, rate in enumerate(RATES):
            self.crowd.talk_at(rate)
            for duty in duties:
                duty(number)
        self.crowd.stop()
        self.assertIsNone(self.crowd.failure)
        last = self.crowd.talkers[-1]
        last.talk()
        self.screen.wait_seen(last.said[-1].strip())
        for console in (self.log, self.desk):
            console.wait("message", text=last.said[-1])
            self.check_said(console)
        self.check_heard()
        self.screen.wait_prompt()
        table = {one["command"] for one in self.does("/help")["help"]}
        self.does("/shutdown")
        self.log.wait_end(0)
        self.assertEqual(table - self.used, set())


if __name__ == "__main__":
    main()
