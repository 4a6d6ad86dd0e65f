# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs in contrib/examples, as somebody would run them."""

import glob
import json
import os
import re
import signal
import socket
import stat
import sys
import time

from telex_test import DEADLINE, HERE, Program, TestCase, main

EXAMPLES = os.path.join(HERE, "..", "..", "contrib", "examples")

HELLO = {"event": "hello", "protocol": 1, "version": "9", "access": "write", "console": 2}


class Example(Program):
    stop_signal = signal.SIGTERM
    stop_status = 0

    def __init__(self, case, name, *arguments):
        path = os.path.join(EXAMPLES, name)
        argv = [path] if name.endswith(".sh") else [sys.executable, "-B", path]
        super().__init__(case, [*argv, *arguments])


class ExampleCase(TestCase):
    def setUp(self):
        super().setUp()
        self.control = self.path("control")

    def controlled(self, *endpoints, keys=""):
        """A daemon with a control socket."""
        endpoints = endpoints or ("tcp://127.0.0.1:0?framing=line",)
        return self.daemon(f"--control={self.control}{keys}", *endpoints)

    def example(self, name, *arguments):
        return Example(self, name, *arguments)

    def wait_until(self, daemon, judge, what):
        """Waits, by the daemon's own answers, until judge() is true."""
        end = time.monotonic() + DEADLINE
        while not judge():
            if time.monotonic() > end:
                daemon.fail(f"waited for {what}")
            daemon.command("/stats")

    @staticmethod
    def descriptors(daemon):
        return len(os.listdir(f"/proc/{daemon.pid}/fd"))

    def attached(self, daemon, name, *arguments):
        """An example that is attached to the daemon."""
        before = self.descriptors(daemon)
        run = self.example(name, *arguments)
        self.wait_until(daemon, lambda: self.descriptors(daemon) > before or
                        run.process.poll() is not None, f"{name} to attach")
        daemon.command("/stats")  # its hello went out before this was answered
        return run

    def pretend(self):
        """A control socket of the test's own, for what no telexd says."""
        one = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        one.bind(self.control)
        one.listen()
        return one

    def tell(self, one, *events):
        """One more console of that socket, and what it is told. A str goes as it is."""
        line = self.accept(one)
        for event in events:
            if not isinstance(event, str):
                event = json.dumps({"time": "2026-11-25T23:11:47.095332Z", **event})
            line.sendall(event.encode() + b"\n")
        return line

    def check_failure(self, run, status, *parts):
        """It ends with that status and one line on stderr with these parts."""
        run.wait_end(status)
        text = run.stderr.copy().decode()
        self.assertRegex(text, r"\A[a-z]+\.(py|sh): [^\n]+\n\Z", run.transcript())
        for part in parts:
            self.assertIn(part, text)

    def check_strangers(self, name, *arguments):
        """What is no telexd, or one of another time, is told in one line."""
        listener = self.pretend()
        for text in ("", "HTTP/1.0 400 Bad Request", "{}", "[1]", '{"event":"hello"}',
                     json.dumps({**HELLO, "protocol": 2})):
            with self.subTest(text=text):
                run = self.example(name, *arguments)
                self.tell(listener, text).shutdown(socket.SHUT_WR)
                self.check_failure(run, 1)

    def check_awake(self, daemon, run):
        """It has not only connected, but has begun to read."""

    def check_ends(self, name, *arguments):
        """With the daemon, however that ends, and when told to; always with status 0."""
        daemon = self.controlled()
        before = self.descriptors(daemon)
        run = self.attached(daemon, name, *arguments)
        run.signal(signal.SIGTERM)
        run.wait_end(0)
        self.wait_until(daemon, lambda: self.descriptors(daemon) == before, "it to be gone")
        run = self.attached(daemon, name, *arguments)
        self.check_awake(daemon, run)
        daemon.stop()
        run.wait_end(0)
        daemon = self.controlled()
        run = self.attached(daemon, name, *arguments)
        self.check_awake(daemon, run)
        daemon.signal(signal.SIGKILL)
        daemon.wait_end(-signal.SIGKILL)
        run.wait_end(0)
        self.assertEqual(run.stderr.copy(), b"")


class AnswerTest(ExampleCase):
    def answer(self, daemon, *words):
        return self.attached(daemon, "answer.py", "--control", self.control, *words)

    def test_by_rule(self):
        daemon = self.controlled()
        self.answer(daemon, "^ping", r"pong\n", r"^my name is (\w+)", r"good day, \1\n",
                    "name", r"never: an earlier rule matches\n")
        one, two = self.tcp(daemon.port), self.tcp(daemon.port)
        one.sendall(b"nothing to say to this\nping\nmy name is boiler\n")
        self.expect(one, "pong\ngood day, boiler\n")
        two.sendall(b"ping\n")
        self.expect(two, "pong\n")
        self.check_silent(one)

    def test_rules_from_a_file(self):
        daemon = self.controlled("udp://127.0.0.1:0?reply=none")
        self.answer(daemon, "--rules", os.path.join(EXAMPLES, "answer.rules"))
        peer = self.udp(daemon.port)
        for said, wanted in ((b"ping", b"pong\n"), (b"my name is bo", b"good day, bo\n"),
                             (b"\x02any\xff\0thing\x03", b"any\xff\0thing"),
                             (b"\n", b"say something\n")):
            peer.send(said)
            self.expect(peer, wanted)

    def test_what_a_peer_says_never_becomes_a_command(self):
        daemon = self.controlled("tcp://127.0.0.1:0")
        self.answer(daemon, "(?s)^say (.*)", r"\1")
        other, peer = self.tcp(daemon.port), self.tcp(daemon.port)
        said = b'x\n/close *\n@* forged\n"\\x41" \r\0\n/shutdown\n'
        peer.sendall(b"say " + said)
        self.expect(peer, said)
        daemon.command("/peers")
        self.assertEqual(len(daemon.seen("sent")), 1)
        self.check_silent(other)

    def test_what_operators_say_is_not_answered(self):
        daemon = self.controlled()
        self.answer(daemon, "p.ng", r"pong\n")
        peer = self.tcp(daemon.port)
        daemon.open()
        daemon.command("@1 ping")
        peer.sendall(b"ping\n")
        self.expect(peer, "ping\npong\n")
        peer.sendall(b"ping\n")
        self.expect(peer, "pong\n")
        self.assertEqual(len(daemon.wait_count(2, "sent", console=2)), 2)

    def test_no_loop_runs_away(self):
        daemon = self.controlled()
        self.answer(daemon, "^loop", "again\n", "^marker", r"done\n")
        noisy, other = self.tcp(daemon.port), self.tcp(daemon.port)
        noisy.sendall(b"loop\n" * 5000)
        daemon.wait_count(5000, "message")
        other.sendall(b"marker\n")
        self.expect(other, "done\n")
        answers = len(daemon.seen("sent", text="again\n"))
        self.assertGreaterEqual(answers, 100)
        self.assertLess(answers, 2000)

    def test_a_peer_that_is_gone(self):
        listener = self.pretend()
        run = self.example("answer.py", "--control", self.control, "^ping", "pong")
        line = self.tell(listener, HELLO, {"event": "of another time"},
                         {"event": "message", "peer": 7, "size": 4, "base64": "cGluZw=="})
        self.expect(line, b"/bytes 7 706f6e67\n")
        for event in ({"event": "error", "error": "no peer \x1b[2J", "input": 1},
                      {"event": "lost", "messages": 3, "events": 4},
                      {"event": "message", "peer": 8, "size": 4, "text": "ping"}):
            line.sendall(json.dumps(event).encode() + b"\n")
        self.expect(line, b"/bytes 8 706f6e67\n")
        line.sendall(b'{"event":"message","peer":"x","text":"ping"}\n')
        run.wait_end(1)
        said = run.stderr.copy().decode().splitlines()
        self.assertEqual(said[:2], [r"answer.py: telexd says: 'no peer \x1b[2J'",
                                    "answer.py: too slow, 3 messages missed"])
        self.assertIn("no event", said[2])

    def test_stays_for_the_next(self):
        daemon = self.controlled()
        self.answer(daemon, "--stay", "^ping", r"pong\n")
        daemon.stop()
        daemon = self.controlled()
        before = self.descriptors(daemon)
        self.wait_until(daemon, lambda: self.descriptors(daemon) > before, "it to come back")
        peer = self.tcp(daemon.port)
        peer.sendall(b"ping\n")
        self.expect(peer, "pong\n")

    def test_a_console_that_only_looks_on(self):
        self.controlled(keys="?access=read")
        self.check_failure(self.example("answer.py", "--control", self.control, "a", "b"), 1,
                           "only look on")

    def test_refusals(self):
        rules = self.file("rules", "# fine\n\nping = pong\n")
        for words, status, part in (([], 2, "PATTERN"), (["one"], 2, "pairs"),
                                    (["(", "x"], 2, "missing )"), (["x", r"\1"], 2, "group"),
                                    (["--rules", rules], 2, f"{rules}:3:"),
                                    (["--rules", "/nothing/here"], 2, "/nothing/here"),
                                    (["--nonsense"], 2, "--nonsense"),
                                    (["x", "y"], 1, "No such file or directory")):
            with self.subTest(words=words):
                run = self.example("answer.py", *words, "--control", self.control)
                self.check_failure(run, status, part)

    def test_strangers(self):
        self.check_strangers("answer.py", "--control", self.control, "a", "b")

    def test_ends(self):
        self.check_ends("answer.py", "--control", self.control, "a", "b")


class WhoTest(ExampleCase):
    TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"

    def check_awake(self, daemon, run):
        self.tcp(daemon.port)
        run.wait_output(f"open {daemon.open()} tcp")

    def lines(self, run):
        return run.stdout.copy().decode().splitlines()

    def test_who_comes_and_goes(self):
        daemon = self.controlled()
        early = self.tcp(daemon.port)
        daemon.open()
        run = self.attached(daemon, "who.sh", self.control)
        late = self.tcp(daemon.port)
        early_name, late_name = ("{}:{}".format(*one.getsockname()) for one in (early, late))
        run.wait_output("open 2")
        late.sendall(b"hello\n")
        daemon.command("/name 2 close")
        daemon.command("@2 what is said is not logged")
        self.expect(late, "what is said is not logged\n")
        late.close()
        run.wait_output("close 2")
        daemon.command("/close 1")
        run.wait_output("close 1")
        for line, wanted in zip(self.lines(run), (
                f"open 2 tcp {late_name}",
                f"close 2 {late_name} eof received=6 sent=27 unsent=0",
                f"close 1 {early_name} operator received=0 sent=0 unsent=0"), strict=True):
            self.assertRegex(line, f"\\A{self.TIME} {re.escape(wanted)}\\Z")

    def test_nobody_forges_a_line(self):
        listener = self.pretend()
        run = self.example("who.sh", self.control)
        hostile = "x\n2026 close 1 y\x1b[2J\u202e\u009b\0 z"
        line = self.tell(listener, HELLO, {"event": "of another time"},
                         {"event": "open", "peer": 1, "transport": hostile, "remote": hostile},
                         {"event": "close", "peer": 1, "reason": hostile, "received": 1,
                          "sent": 2, "unsent": 3, "seconds": 4},
                         {"event": "lost", "messages": 0, "events": 5},
                         {"event": "close", "peer": 2, "reason": "eof", "received": 0,
                          "sent": 0, "unsent": 0, "seconds": 1})
        self.assertEqual(self.receive(line, 18), b"/view none\n/peers\n")
        line.shutdown(socket.SHUT_WR)
        run.wait_end(0)
        safe = "x?2026?close?1?y?[2J????z"
        when = "2026-11-25T23:11:47.095332Z"
        self.assertEqual(self.lines(run), [
            f"{when} open 1 {safe} {safe}",
            f"{when} close 1 {safe} {safe} received=1 sent=2 unsent=3",
            f"{when} lost 5",
            f"{when} close 2 - eof received=0 sent=0 unsent=0"])

    def test_a_path_with_what_socat_knows(self):
        self.control = self.path("a,b:c!!d 'e\"(f[{\\")
        daemon = self.daemon("tcp://127.0.0.1:0",
                             "--control=" + self.control.replace("%", "%25"))
        run = self.attached(daemon, "who.sh", self.control)
        self.tcp(daemon.port)
        run.wait_output("open 1")

    def test_refusals(self):
        for words in (["a", "b"], ["--help"], [""]):
            self.check_failure(self.example("who.sh", *words), 2, "usage")
        self.check_failure(self.example("who.sh", self.control), 1, self.control)

    def test_strangers(self):
        self.check_strangers("who.sh", self.control)

    def test_ends(self):
        self.check_ends("who.sh", self.control)


class RecordTest(ExampleCase):
    def setUp(self):
        super().setUp()
        self.records = self.path("records")

    def record(self, daemon, *words):
        return self.attached(daemon, "record.py", "--control", self.control, *words, self.records)

    def file_of(self, peer):
        """The one file of a peer, or None."""
        found = glob.glob(f"{self.records}/*Z-{peer}")
        self.assertLess(len(found), 2)
        return found[0] if found else None

    def content(self, peer):
        path = self.file_of(peer)
        if not path:
            return b""
        with open(path, "rb") as file:
            return file.read()

    def output(self, *words):
        run = self.example("record.py", *words)
        run.wait_end(0)
        return run.stdout.copy()

    def test_exactly_what_is_said(self):
        daemon = self.controlled("tcp://127.0.0.1:0?framing=line", "udp://127.0.0.1:0?reply=echo")
        run = self.record(daemon)
        peer, sender = self.tcp(daemon.port), self.udp(daemon.ports[1])
        said = b"hello\n# no note\n2026 < 5\n" + bytes(range(256)) + "\u202e\x9b\n".encode()
        peer.sendall(said)
        daemon.wait_data(1, said)
        daemon.command("@1 how warm is it?")
        daemon.command("/bytes 1 00 ff 0a")
        for data in (b"", b"\xff\n\n"):
            sender.send(data)
            self.expect(sender, data)
        daemon.stop()
        run.wait_end(0)
        path = self.file_of(1)
        self.assertEqual(self.output("--bytes", "in", path), said)
        self.assertEqual(self.output("--bytes", "out", path), b"how warm is it?\n\0\xff\n")
        for direction in ("in", "out"):
            self.assertEqual(self.output("--bytes", direction, self.file_of(2)), b"\xff\n\n")
        shown = self.output("--show", path)
        self.assertNotRegex(shown, rb"[^\n -~]")
        self.assertRegex(shown.splitlines()[0], rb"\A# \S+Z open tcp 127\.0\.0\.1:\d+ at 127")
        self.assertRegex(shown, rb"\n\S+Z < hello\\n\n")
        self.assertRegex(shown, rb"\n# \S+Z close shutdown 287 19\n\Z")

    def test_at_once_and_for_its_owner_only(self):
        daemon = self.controlled()
        early = self.tcp(daemon.port)
        daemon.open()
        self.record(daemon)
        self.wait_until(daemon, lambda: b" here tcp " in self.content(1), "who is there")
        early.sendall(b"hello\n")
        self.wait_until(daemon, lambda: b" < 6\nhello\n\n" in self.content(1), "what was said")
        self.assertEqual(stat.S_IMODE(os.stat(self.file_of(1)).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(self.records).st_mode), 0o700)
        self.assertRegex(os.listdir(self.records)[0], r"\A\d{8}T\d{6}\.\d{6}Z-1\Z")

    def test_most_of_one(self):
        daemon = self.controlled()
        run = self.record(daemon, "--most", "20")
        peer = self.tcp(daemon.port)
        peer.sendall(b"ten bytes\n" * 2 + b"too much\n" + b"x\n")
        daemon.wait_count(4, "message")
        daemon.command("@1 too much")
        daemon.stop()
        run.wait_end(0)
        self.assertEqual(self.output("--bytes", "in", self.file_of(1)), b"ten bytes\n" * 2)
        self.assertEqual(self.output("--bytes", "out", self.file_of(1)), b"")
        self.assertIn(b"full: 20 bytes stand here, 20 more do not\n", self.content(1))

    def test_most_of_all(self):
        daemon = self.controlled()
        run = self.record(daemon, "--total", "4k")
        self.check_failure(run, 2, "--total")
        run = self.record(daemon, "--total", "4000")
        for _ in range(5):
            peer = self.tcp(daemon.port)
            peer.sendall(b"x" * 999 + b"\n")
        self.check_failure(run, 1, "--total")
        self.assertLessEqual(sum(len(self.content(peer)) for peer in range(1, 6)), 4000)
        self.assertGreater(len(os.listdir(self.records)), 2)

    def test_after_lost_it_looks_who_is_there(self):
        listener = self.pretend()
        run = self.example("record.py", "--control", self.control, self.records)
        peers = [{"peer": number, "transport": "tcp", "remote": "far\n# x", "local": "near"}
                 for number in (1, 2)]
        line = self.tell(listener, HELLO, {"event": "of another time"},
                         {"event": "result", "input": 1, "command": "peers", "peers": peers[:1],
                          "more": True},
                         {"event": "result", "input": 1, "command": "peers", "peers": peers[1:]},
                         {"event": "lost", "messages": 3, "events": 4},
                         {"event": "result", "input": 2, "command": "peers", "peers": peers[1:]})
        self.assertEqual(self.receive(line, 14), b"/peers\n" * 2)
        line.shutdown(socket.SHUT_WR)
        run.wait_end(0)
        words = [re.sub(rb"# \S+Z ", b"", self.content(peer)).split(b"\n") for peer in (1, 2)]
        here, lost = rb'here tcp "far\n# x" at near', b"lost 3 messages of all peers"
        self.assertEqual(words, [[here, lost, b"gone", b""], [here, lost, here, b""]])

    def test_no_name_leads_elsewhere(self):
        listener = self.pretend()
        for peer in ("../../x", "/x", [1], None, 1.5):
            with self.subTest(peer=peer):
                run = self.example("record.py", "--control", self.control, self.records)
                self.tell(listener, HELLO, {"event": "message", "peer": peer, "size": 1,
                                            "text": "x"})
                self.check_failure(run, 1, "no event")
        self.assertEqual(sorted(os.listdir(self.directory)), ["control", "records"])
        self.assertEqual(os.listdir(self.records), [])

    def test_refusals(self):
        path = self.file("file", "no recording\n")
        for words, status, part in (([], 2, "path"), (["--bytes", "x", path], 2, "--bytes"),
                                    (["--show", path], 1, "no piece"),
                                    (["--show", "/nothing/here"], 1, "/nothing/here"),
                                    (["--control", self.control, self.records], 1, "attach"),
                                    ([path], 1, path)):
            with self.subTest(words=words):
                self.check_failure(self.example("record.py", *words), status, part)

    def test_strangers(self):
        self.check_strangers("record.py", "--control", self.control, self.records)

    def test_ends(self):
        self.check_ends("record.py", "--control", self.control, self.records)


if __name__ == "__main__":
    main()
