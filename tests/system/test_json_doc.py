# SPDX-License-Identifier: GPL-3.0-or-later
"""telex-json(7) against real runs: each event and answer has the fields that the page says."""

import json
import os
import re
import socket
import ssl
import termios

from devices import Device, Modem
from telex_test import HERE, TestCase, has_tls, main
from web_peer import CLOSE, WebPeer, code

PAGE = os.path.join(HERE, "..", "..", "doc", "telex-json.7.scd")


def read_page():
    """The sections of the page: title, text. What stands in a literal block is unescaped."""
    with open(PAGE, encoding="utf-8") as file:
        pieces = re.split(r"^#+ (.+)\n", file.read(), flags=re.M)
    return dict(zip(pieces[1::2], pieces[2::2]))


def blocks(text):
    """The literal blocks of a section."""
    return [block.replace("\\\\", "\\")
            for block in re.findall(r"^```\n(.*?)^```\n", text, re.M | re.S)]


def read_table(block):
    """A table of "name  field, [optional field]": name, list of (field, optional)."""
    rows = re.sub(r"\n +", " ", block).splitlines()
    table = {}
    for name, fields in (row.split(None, 1) for row in rows):
        table[name] = [(field.strip("[]"), field.startswith("["))
                       for field in fields.split(", ")]
    return table


def read_object(line):
    """One JSON object, in which no name stands twice."""

    def unique(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError(f"a name stands twice in {line}")
        return dict(pairs)

    return json.loads(line, object_pairs_hook=unique)


class PageTest(TestCase):
    def setUp(self):
        super().setUp()
        self.page = read_page()
        self.events = read_table(blocks(self.page["EVENTS"])[0])
        answers = blocks(self.page["ANSWERS"])
        self.answers = {name: fields[0][0] for name, fields in read_table(answers[0]).items()}
        self.objects = read_table(answers[1])
        self.stats = re.findall(r"^(\w+) ", answers[3], re.M)

    def check_fields(self, fields, table, where):
        """The fields, in this order, are those of the table, but for optional ones."""
        wanted = [field for field, optional in table if field in fields or not optional]
        self.assertEqual(list(fields), wanted, where)

    def check_event(self, event):
        """Returns what it has seen: (event, field)."""
        name = event["event"]
        self.assertIn(name, self.events)
        self.assertEqual(list(event)[:2], ["time", "event"])
        fields = list(event)[2:]
        self.check_fields(fields, self.events[name], event)
        if name in ("message", "sent"):
            self.assertLess(("text" in event) + ("base64" in event), 2, event)
        return {(name, field) for field in fields}

    def check_output(self, program):
        seen = set()
        for line in program.stdout.copy().decode().splitlines():
            seen |= self.check_event(read_object(line))
        return seen


class ExampleTest(PageTest):
    def test_every_event_has_an_example(self):
        sections = {name: text for title, text in self.page.items()
                    for name in title.split(", ")}
        for name in self.events:
            with self.subTest(event=name):
                lines = "".join(blocks(sections[name])).splitlines()
                shown = [read_object(line) for line in lines]
                self.assertIn(name, [event["event"] for event in shown])

    def test_examples_are_as_the_tables_say(self):
        lines = [line for text in self.page.values() for block in blocks(text)
                 for line in block.splitlines() if line.startswith('{"time"')]
        self.assertGreater(len(lines), len(self.events))
        for line in lines:
            event = read_object(line)
            self.check_event(event)
            if isinstance(event.get("peer"), dict):
                self.check_fields(event["peer"], self.objects["peer"], line)


class EventTest(PageTest):
    """Each event, provoked."""

    def lives(self):
        """A daemon's life with all that happens to peers; it has ended."""
        modem = Modem(self)
        daemon = self.daemon("tcp://127.0.0.1:0?half-close=0",
                             "tcp://127.0.0.1:0?framing=line&name=meters",
                             "udp://127.0.0.1:0", f"unix:{self.path('telex.sock')}",
                             "--deny", "127.0.0.66", "--max-peers", 3, env=modem.env)
        self.talk(daemon)
        self.send_files(daemon)
        daemon.command("/connect exec:echo no >&2; kill -TERM $$?name=prog")
        daemon.wait("close", status=143)
        self.move_lines(daemon, modem)
        self.turn_away(daemon)
        daemon.command("/unlisten meters")
        daemon.wait("unlistening", name="meters")
        daemon.command("/replay 0")
        daemon.stop()
        return daemon

    def talk(self, daemon):
        raw, lines = self.tcp(daemon.ports[0]), self.tcp(daemon.ports[1])
        daemon.wait_count(2, "open")
        daemon.command("/name 2 lines")
        daemon.command("@2 for somebody with a name")
        raw.sendall(b"text")
        daemon.wait("message", text="text")
        raw.sendall(b"\xff\0")
        daemon.wait("message", base64="/wA=")
        lines.sendall(b"a line\nand a piece")
        lines.shutdown(socket.SHUT_WR)
        daemon.wait("message", partial=True)
        daemon.wait("half-close")
        datagram = self.udp(daemon.ports[2])
        for data in (b"hi", b"\0"):
            datagram.send(data)
            datagram.recv(100)
        daemon.command("/to 1")
        daemon.command("answer")
        daemon.command("/name 1 boiler")
        daemon.command("/name 1 -")
        daemon.command("@1,2 both")
        daemon.command("/view size")
        daemon.command("@1 only its size")
        daemon.command("/view text")
        daemon.refused("/nonsense")
        daemon.refused("/bytes 1 x")
        daemon.command("/every 0.1 @99 x")
        daemon.wait("error", every=1, count=2)
        daemon.command("/every -")
        daemon.command("/close 2")
        daemon.wait("close", peer=2)
        self.expect(raw, "answer\nboth\nonly its size\n")
        raw.close()
        daemon.wait("close", peer=1)
        daemon.wait("target", peer=None)

    def send_files(self, daemon):
        peer = self.unix(self.path("telex.sock"))
        number = daemon.open(transport="unix")
        daemon.command(f"/name {number} box")
        small, large = self.file("small", b"x"), self.file("large", b"x" * (8 << 20))
        daemon.command(f"/file {number} {small}")
        self.expect(peer, "x")
        daemon.wait("file", peer=number)
        daemon.command(f"/file {number} {large}")
        self.check_progress(daemon.command(f"/info {number}")["peer"])
        self.receive(peer, 1000)
        peer.close()
        daemon.wait("file", peer=number, error=lambda error: error)
        daemon.wait("close", peer=number)

    def check_progress(self, peer):
        self.check_fields(peer, self.objects["peer"], peer)
        self.check_fields(peer["file"], self.objects["file"], peer)

    def move_lines(self, daemon, modem):
        device = Device(self)
        daemon.command(f"/connect serial:{device.path}?name=modem")
        number = daemon.open(transport="serial")
        modem.move(termios.TIOCM_CTS)
        daemon.wait("line", peer=number, cts=True)
        daemon.command(f"/close {number}")
        daemon.wait("close", peer=number)

    def turn_away(self, daemon):
        denied = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
        denied.bind(("127.0.0.66", 0))
        denied.connect(("127.0.0.1", daemon.port))
        daemon.wait("refused", why="access")
        called = self.listener()
        daemon.command(f"/connect tcp://127.0.0.1:{called.getsockname()[1]}")
        daemon.open(listener=None)
        number = daemon.command(f"/connect tcp://127.0.0.1:{self.free_port()}")["peer"]
        daemon.wait("close", peer=number, error=lambda error: error)
        for _ in range(4):
            self.tcp(daemon.port)
        daemon.wait("refused", why="limit")

    def attached(self):
        """A console on a control socket, which has seen a peer come, talk and go."""
        path = self.path("control")
        daemon = self.daemon("tcp://127.0.0.1:0", f"--control={path}", count=1)
        console = self.attach(path)
        peer = self.tcp(daemon.port)
        console.wait("open")
        console.command("/name 1 boiler")
        console.command("/to boiler")
        console.command("hello")
        self.attach(path).command("/say hello")
        console.wait("console", text="hello")
        peer.close()
        console.wait("target", peer=None)
        console.command("/replay 0")
        console.command("/quit")
        console.wait_output_end()
        return console

    def not_read(self):
        """A daemon whose console was not read for a while."""
        daemon = self.daemon("udp://127.0.0.1:0?reply=echo")
        daemon.stdout.pause()
        one = self.udp(daemon.port)
        for _ in range(200):
            one.send(b"x" * 8000)
            one.recv(8000)
        daemon.stdout.resume()
        daemon.wait("lost")
        daemon.stop()
        return daemon

    def called_again(self):
        """A daemon that calls somebody who is not there."""
        daemon = self.daemon("tcp://127.0.0.1:0")
        daemon.command(f"/connect tcp://127.0.0.1:{self.free_port()}?again=0.01")
        daemon.wait("close", repeated=True)
        return daemon

    def joined(self):
        """A daemon that has passed on what a peer said, and tells it again."""
        far = self.listener()
        daemon = self.daemon(f"tcp://127.0.0.1:0?to=tcp://127.0.0.1:{far.getsockname()[1]}"
                             "?name=far")
        near = self.tcp(daemon.port)
        near.sendall(b"hello")
        self.expect(self.accept(far), "hello")
        daemon.command("/name 1 near")
        daemon.command("/close 1")
        daemon.wait("close", peer=2)
        daemon.command("/replay 0")
        return daemon

    def web(self):
        """A daemon whose WebSocket has said how it ends."""
        daemon = self.daemon("ws://127.0.0.1:0")
        WebPeer.open(self, daemon.port).say(CLOSE, code(1001))
        daemon.wait("close", code=1001)
        return daemon

    def under_tls(self):
        """A daemon that one comes to under TLS, and one who speaks none."""
        daemon = self.daemon("tls://127.0.0.1:0")
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        line = context.wrap_socket(self.tcp(daemon.port))
        self.addCleanup(line.close)
        told = daemon.wait("open")["tls"]
        self.check_fields(told, self.objects["tls"], told)
        listeners = daemon.command("/listeners")["listeners"]
        self.check_fields(listeners[0], self.objects["listener"], listeners)
        self.tcp(daemon.port).sendall(b"hello\n")
        daemon.wait("refused", why="handshake")
        daemon.command("/unlisten 1")
        return daemon

    def test_each_event_has_its_fields(self):
        lives = [self.lives, self.not_read, self.attached, self.called_again, self.web,
                 self.joined]
        only_tls = {("open", "tls"), ("listening", "fingerprint"), ("unlistening", "fingerprint"),
                    ("refused", "error")}
        if has_tls():
            lives.append(self.under_tls)
            only_tls = set()
        seen = only_tls.union(*(self.check_output(live()) for live in lives))
        documented = {(name, field) for name, fields in self.events.items()
                      for field, _ in fields}
        answers = {("result", field) for field in ["more", *self.answers.values()]}  # see below
        self.assertEqual(documented - answers - seen, set(), "documented, but never seen")

    def test_the_client_says_the_same(self):
        one = self.listener()
        client = self.telex_json(f"tcp://127.0.0.1:{one.getsockname()[1]}?half-close=0")
        peer = self.accept(one)
        client.wait("open")
        client.command("hello")
        self.expect(peer, "hello\n")
        peer.sendall(b"hello")
        client.wait("message")
        client.command("/info")
        peer.close()
        client.wait("close")
        client.wait_end()
        self.check_output(client)


class AnswerTest(PageTest):
    def check_answer(self, answer):
        """Its fields are those of the command."""
        field = self.answers.get(answer["command"])
        wanted = ["time", "event", "input", "command"] + ([field] if field else [])
        self.assertEqual([field for field in answer if field != "note"], wanted)

    def check_objects(self, objects, name):
        for each in objects:
            self.check_fields(each, self.objects[name], each)

    def test_each_answer_has_its_field(self):
        daemon = self.daemon("tcp://127.0.0.1:0", env=Modem(self).env)
        for _ in range(3):
            self.tcp(daemon.port)
        daemon.wait_count(3, "open")
        daemon.command(f"/connect serial:{Device(self).path}")
        daemon.wait_count(4, "open")
        called = self.listener().getsockname()[1]
        arguments = {"send": "1 x", "to": "1", "info": "1", "name": "1 boiler",
                     "bytes": "1 00", "file": f"1 {self.file('empty', '')}", "close": "1",
                     "find": "x", "replay": "0",
                     "say": "hello", "listen": "tcp://127.0.0.1:0", "unlisten": "2", "reply": "1 echo",
                     "connect": f"tcp://127.0.0.1:{called}", "view": "hex", "set": "2 eol=lf",
                     "fault": "2",
                     "time": "ms", "join": "2 3", "part": "2", "line": "4",
                     "help": "send"}
        commands = [each["command"] for each in daemon.command("/help")["help"]]
        self.assertLess(set(self.answers), set(commands))
        for command in commands:
            with self.subTest(command=command):
                last = command in ("read-only", "quit", "shutdown")
                console = self.daemon("tcp://127.0.0.1:0") if last else daemon
                line = f"/{command} {arguments.get(command, '')}".rstrip()
                self.check_answer(console.command(line))
                if command in ("quit", "shutdown"):
                    console.wait_end()

    def test_objects(self):
        daemon = self.daemon("tcp://127.0.0.1:0?name=front", "udp://127.0.0.1:0",
                             "tcp://127.0.0.1:0?half-close=1", env=Modem(self).env)
        self.tcp(daemon.port)
        daemon.open()
        daemon.command("/name 1 boiler")
        daemon.command("/fault 1 latency=1 jitter=1 rate=1 slice=1 corrupt=1 reset=99 stall")
        fault = daemon.command("/fault 1")["peers"][0]["fault"]
        self.check_objects([fault], "fault")
        self.check_objects(daemon.command("/peers")["peers"], "peer")
        self.check_objects([daemon.command("/info boiler")["peer"]], "peer")
        listeners = daemon.command("/listeners")["listeners"]
        self.check_objects(listeners, "listener")
        self.assertEqual([one.get("half_close") for one in listeners], [None, None, 1])
        self.check_objects(daemon.command("/help")["help"], "help")
        self.check_objects(daemon.command("/consoles")["consoles"], "console")
        self.check_objects(daemon.command("/every 9 @1 x")["every"], "every")
        daemon.command(f"/connect serial:{Device(self).path}?name=modem")
        daemon.open(transport="serial")
        self.check_objects([daemon.command("/line modem")["line"]], "line")
        details = daemon.command("/help send")["help"]
        self.check_objects(details, "help")
        self.assertIn("help", details[0])

    def test_stats(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        self.assertEqual(list(daemon.command("/stats")["stats"]), self.stats)

    def test_long_lists_have_more(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none", "--view", "none")
        for _ in range(1001):
            self.udp(daemon.port).send(b"x")
        daemon.wait_count(1001, "open")
        number = daemon.input("/peers")
        self.assertEqual(len(daemon.answer(number)["peers"]), 1001)
        first, last = daemon.seen("result", input=number)
        self.check_event(first)
        self.assertIs(first["more"], True)
        self.check_answer(last)


if __name__ == "__main__":
    main()
