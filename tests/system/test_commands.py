# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command of the console: its forms, what it answers, what it does, what it refuses."""

import os
import re
import signal
import socket
import time

from telex_test import DEADLINE, STAMP, TestCase, event_bytes, main, name_of

MIB = 1 << 20
DATAGRAM_MAX = 65507

# The commands, whether a read-only console may run them, and a line that each could run with
# peer 1, listener 1 and a free port at hand.
COMMANDS = {
    "send": (False, "/send 1 x"),
    "to": (True, "/to 1"),
    "time": (True, "/time ms"),
    "show": (True, "/show"),
    "find": (True, "/find x"),
    "replay": (True, "/replay 0"),
    "bytes": (False, "/bytes 1 78"),
    "fault": (False, "/fault 1 latency=5"),
    "file": (False, "/file 1 /etc/hostname"),
    "join": (False, "/join 1 2"),
    "part": (False, "/part 1"),
    "only": (True, "/only 1"),
    "mute": (True, "/mute 1"),
    "grep": (True, "/grep x"),
    "set": (False, "/set 1 eol=lf"),
    "line": (True, "/line 1"),
    "peers": (True, "/peers"),
    "info": (True, "/info 1"),
    "name": (False, "/name 1 word"),
    "every": (False, "/every 1 @1 x"),
    "close": (False, "/close 1"),
    "listeners": (True, "/listeners"),
    "listen": (False, "/listen tcp://127.0.0.1:0"),
    "unlisten": (False, "/unlisten 1"),
    "connect": (False, "/connect tcp://127.0.0.1:9"),
    "reply": (False, "/reply 1 echo"),
    "view": (True, "/view size"),
    "stats": (True, "/stats"),
    "read-only": (True, "/read-only"),
    "restrict": (False, "/restrict"),
    "consoles": (True, "/consoles"),
    "say": (True, "/say a word"),
    "help": (True, "/help"),
    "quit": (True, "/quit"),
    "shutdown": (False, "/shutdown"),
}


class CommandCase(TestCase):
    def stream_peers(self, daemon, count, port=None, **keywords):
        """That many TCP peers, in the order of their numbers."""
        peers = []
        for _ in range(count):
            peers.append(self.tcp(port or daemon.ports[0], **keywords))
            daemon.open(transport="tcp")
        return peers

    def udp_peer(self, daemon, port):
        one = self.udp(port)
        one.send(b"here")
        peer = daemon.open(transport="udp")
        daemon.wait("message", peer=peer, text="here")
        return peer, one

    def stuck(self, daemon, port=None):
        """A TCP peer that does not read, with something waiting for it; number, socket, bytes."""
        one = self.tcp(port or daemon.ports[0], receive_buffer=4096)
        peer = daemon.open(transport="tcp")
        queued = 0
        while not daemon.command(f"/info {peer}")["peer"]["queued"]:
            daemon.command(f"@{peer} " + "s" * 500_000)
            queued += 500_001
        return peer, one, queued

    def sparse(self, name, size):
        path = self.path(name)
        with open(path, "wb") as file:
            file.truncate(size)
        return path

    def one_error(self, daemon, line, peer):
        """The line gets one answer, an error that names this peer and none of the others."""
        answer = daemon.refused(line)
        daemon.command("/stats")
        self.assertEqual(len(daemon.seen(None, input=answer["input"])), 1)
        named = {int(number) for number in re.findall(r"#(\d+)", answer["error"])}
        self.assertEqual(named, {peer}, answer)
        return answer


class PeersTest(CommandCase):
    """PEERS: a number, #, a name, a list, a star; wherever it is taken."""

    FORMS = (("1", {1}), ("#1", {1}), ("boiler", {2}), ("1,2", {1, 2}), ("#1,#3", {1, 3}),
             ("boiler,3", {2, 3}), ("3,boiler,#1", {1, 2, 3}), ("2,2,boiler,#2", {2}),
             ("*", {1, 2, 3}))
    BAD = ("4", "#4", "pump", "1,4", "4,1", "1,pump,2", "1,", ",1", "1,,2", "#", "##1", "1#", "0",
           "-1", "+1", "1.0", "0x1", "*,1", "1,*", "**", "Boiler-", "#boiler", "1;2", "1-2",
           "18446744073709551617", "電話")

    def setUp(self):
        super().setUp()
        self.console = self.daemon("tcp://127.0.0.1:0?eol=crlf")
        self.peers = self.stream_peers(self.console, 3)
        self.console.command("/name 2 boiler")

    def check_forms(self, line, wanted):
        """line has PEERS in it; it makes exactly those peers get the bytes wanted."""
        for form, numbers in self.FORMS:
            with self.subTest(form=form):
                self.console.command(line.replace("PEERS", form))
                for number, peer in enumerate(self.peers, 1):
                    if number in numbers:
                        self.expect(peer, wanted)
                self.console.command("/bytes * 2e")
                for peer in self.peers:
                    self.expect(peer, ".")

    def check_bad(self, line):
        for form in self.BAD:
            with self.subTest(form=form):
                self.console.refused(line.replace("PEERS", form))
        self.assertEqual(self.console.seen("sent") + self.console.seen("file"), [])
        self.assertEqual(len(self.console.command("/peers")["peers"]), 3)
        for peer in self.peers:
            self.check_silent(peer)

    def test_at(self):
        self.check_forms("@PEERS some text", "some text\r\n")

    def test_send(self):
        self.check_forms("/send PEERS some text", "some text\r\n")

    def test_bytes(self):
        self.check_forms("/bytes PEERS 00 \"x\" ff", b"\0x\xff")

    def test_file(self):
        path = self.file("small", "content")
        for form, numbers in self.FORMS:
            with self.subTest(form=form):
                self.console.command(f"/file {form} {path}")
                for number in numbers:
                    self.expect(self.peers[number - 1], "content")
                    self.console.wait("file", peer=number, size=7, bytes=7, error=None)

    def test_close(self):
        self.console.command("/close boiler,#3,3")
        for number in (2, 3):
            self.expect_end(self.peers[number - 1])
            self.console.wait("close", peer=number, reason="operator")
        self.console.command("/close *")
        self.expect_end(self.peers[0])
        self.console.wait("close", peer=1, reason="operator")
        self.console.refused("/close *")

    def test_bad_at(self):
        self.check_bad("@PEERS x")

    def test_bad_send(self):
        self.check_bad("/send PEERS x")

    def test_bad_bytes(self):
        self.check_bad("/bytes PEERS 00")

    def test_bad_file(self):
        self.check_bad("/file PEERS /etc/hostname")

    def test_bad_close(self):
        self.check_bad("/close PEERS")

    def test_the_unknown_one_is_named(self):
        for line in ("@1,77,2 x", "/send 1,77 x", "/bytes 77,1 00", "/close 1,77",
                     "/file 1,77 /etc/hostname"):
            self.assertIn("77", self.console.refused(line)["error"])

    def test_peer(self):
        """PEER: one only."""
        for form, number in (("1", 1), ("#1", 1), ("boiler", 2), ("2", 2), ("#2", 2)):
            with self.subTest(form=form):
                self.assertEqual(self.console.command(f"/info {form}")["peer"]["peer"], number)
                self.console.command("/to -")
                self.console.command(f"/to {form}")
                self.console.wait("target", peer=number)
                self.console.command(f"/name {form} boiler" if number == 2 else
                                     f"/name {form} other")
        for form in self.BAD + ("1,2", "*"):
            with self.subTest(form=form):
                self.console.refused(f"/info {form}")
                self.console.refused(f"/to {form}")
                self.console.refused(f"/name {form} x")

    def test_text_console(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        peers = []
        for number in (1, 2, 3):
            peers.append(self.tcp(daemon.port))
            daemon.wait_output(f"#{number} ")
        daemon.line("/name 2 boiler")
        for form, numbers in self.FORMS:
            daemon.line(f"@{form} {form}")
            for number in numbers:
                self.expect(peers[number - 1], form + "\n")
        for form in self.BAD:
            daemon.line(f"@{form} x")
        daemon.line("@* end")
        for peer in peers:
            self.expect(peer, "end\n")
        output = daemon.wait_output("end\\n").decode()
        self.assertEqual(len(re.findall(r"(?mi)^.*\berror\b", output)), len(self.BAD))


class TextTest(CommandCase):
    """TEXT, //TEXT, /@TEXT, @PEERS TEXT: what is data, and what is added to it."""

    EOLS = {"none": "", "lf": "\n", "crlf": "\r\n", "nul": "\0"}

    def test_eol_is_the_listeners(self):
        daemon = self.daemon(*(f"tcp://127.0.0.1:0?eol={eol}" for eol in self.EOLS),
                             *(f"udp://127.0.0.1:0?reply=none&eol={eol}" for eol in self.EOLS),
                             "tcp://127.0.0.1:0", "udp://127.0.0.1:0?reply=none")
        wanted = list(self.EOLS.values()) * 2 + ["\n", ""]
        peers = []
        for number, port in enumerate(daemon.ports):
            if 4 <= number < 8 or number == 9:
                peers.append(self.udp_peer(daemon, port)[1])
            else:
                peers.append(self.stream_peers(daemon, 1, port)[0])
        daemon.command("@* text")
        for peer, eol in zip(peers, wanted, strict=True):
            self.expect(peer, "text" + eol)
        for number, (peer, eol) in enumerate(zip(peers, wanted), 1):
            daemon.command(f"/to {number}")
            for line, text in (("TEXT", "TEXT"), ("//TEXT", "/TEXT"), ("/@TEXT", "@TEXT"),
                               ("//", "/"), ("/@", "@"), ("///", "//"), ("//@", "/@"),
                               ("/@/", "@/"), ("//quit", "/quit"), ("/@* x", "@* x"), (" ", " "),
                               ("#1 x", "#1 x"), ("*", "*")):
                daemon.command(line)
                self.expect(peer, text + eol)
            daemon.command(f"/bytes {number} \"x\"")
            self.expect(peer, "x")

    def test_eol_option(self):
        daemon = self.daemon("--eol", "crlf", "tcp://127.0.0.1:0", "tcp://127.0.0.1:0?eol=nul",
                             "udp://127.0.0.1:0?reply=none")
        one, = self.stream_peers(daemon, 1, daemon.ports[0])
        two, = self.stream_peers(daemon, 1, daemon.ports[1])
        _, three = self.udp_peer(daemon, daemon.ports[2])
        daemon.command("@* x")
        for peer, wanted in ((one, "x\r\n"), (two, "x\0"), (three, "x\r\n")):
            self.expect(peer, wanted)

    def test_text_console(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?eol=crlf")
        one = self.tcp(daemon.port)
        daemon.wait_output("#1")
        for line, wanted in (("plain", "plain"), ("//x", "/x"), ("/@x", "@x"), ("", ""),
                             (" two  blanks ", " two  blanks "), ("\ttab", "\ttab"),
                             ("back\\slash \\n", "back\\slash \\n"), ("@1 x", "x"),
                             ("@1  x", " x"), ("/send 1 y ", "y "), ("回答", "回答")):
            daemon.line(line)
            self.expect(one, wanted + "\r\n")

    def test_exactly_one_space(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one, = self.stream_peers(daemon, 1)
        for command in ("@1", "/send 1"):
            for text in ("x", " x", "  x  ", "\tx", " ", "   ", " /quit", "@1 x", "\r"):
                with self.subTest(command=command, text=text):
                    daemon.command(f"{command} {text}")
                    self.expect(one, text + "\n")
        for line in ("@1 ", "/send 1", "/send 1 ", "/send", "/send ", "@", "@ "):
            with self.subTest(line=line):
                self.assertEqual(daemon.refused(line)["command"], "send")
        self.check_silent(one)

    def test_a_tab_is_no_space(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one, = self.stream_peers(daemon, 1)
        for line in ("@1\tx", "/send 1\tx", "@ 1 x"):
            with self.subTest(line=line):
                daemon.refused(line)
        self.check_silent(one)

    def test_the_target_stays(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one, two = self.stream_peers(daemon, 2)
        daemon.command("/to 1")
        for line in ("@2 x", "/send 2 x", "/bytes 2 \"x\\n\""):
            daemon.command(line)
            self.expect(two, "x\n")
            daemon.command("to one")
            self.expect(one, "to one\n")
        self.assertEqual([event["peer"] for event in daemon.seen("target")], [1])

    def test_target(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one, two = self.stream_peers(daemon, 2)
        self.assertEqual(daemon.refused("nobody")["command"], "send")
        daemon.refused("//nobody")
        daemon.refused("/@nobody")
        daemon.command("/to 2")
        for line in ("/to 3", "/to", "/to nobody", "/to 1,2", "/to *", "/to 1 2"):
            with self.subTest(line=line):
                daemon.refused(line)
        daemon.command("still two")
        self.expect(two, "still two\n")
        daemon.command("/to -")
        daemon.wait("target", peer=2)
        daemon.wait("target", peer=None)
        daemon.refused("nobody")
        daemon.command("/to 1")
        daemon.command("/close 1")
        self.expect_end(one)
        names = [event["event"] for event in daemon.seen() if event["event"] in ("close", "target")]
        daemon.wait("close", peer=1)
        daemon.wait("target", peer=1)
        daemon.wait("target", peer=None)
        self.assertEqual(names[-2:], ["close", "target"])
        daemon.refused("nobody")
        self.check_silent(two)

    def test_longest_line(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "--max-queue", "4M")
        one, = self.stream_peers(daemon, 1)
        daemon.command("/to 1")
        text = "x" * MIB
        daemon.command(text)
        self.assertEqual(self.receive(one, MIB + 1), text.encode() + b"\n")
        daemon.refused(text + "x")
        daemon.command("y")
        self.expect(one, "y\n")

    def test_too_long_a_line_of_a_text_console(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.wait_output("#1")
        daemon.line("x" * (MIB + 1))
        daemon.line("after")
        self.expect(one, "after\n")
        self.assertRegex(daemon.wait_output("after"), rb"(?i)error")

    def test_text_console_says_what_cannot_be_done(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        for number, line in enumerate((
                "text", "@* x", "/send * x", "@1 x", "/bytes * 00", "/file * /etc/hostname",
                "/close *", "/close 1", "/info 1", "/name 1 x", "/to 1", "/nonsense", "/l",
                "/unlisten 7", "/reply 7 echo", "/view colour", "/help nonsense", "/", "@",
                "/connect ftp://x", "/listen tcp://127.0.0.1:70000"), 1):
            with self.subTest(line=line):
                daemon.line(line)

                def judge():
                    text = bytes(daemon.stdout.data).decode()
                    text = text[:text.rfind("\n") + 1]
                    return text if len(re.findall(r"(?m)\berror\b", text)) >= number else None

                daemon.until(judge, f"error {number}, for {line!r}")


class BytesTest(CommandCase):
    def setUp(self):
        super().setUp()
        self.console = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0?reply=none&eol=lf")
        self.one, = self.stream_peers(self.console, 1)
        _, self.two = self.udp_peer(self.console, self.console.ports[1])

    GOOD = (
        ("00", b"\0"), ("ff", b"\xff"), ("FF fF", b"\xff\xff"), ("de ad", b"\xde\xad"),
        ("deadbeef", b"\xde\xad\xbe\xef"), ("DEADbeef 0", None), ("0xff", b"\xff"),
        ("0xFF 0x00", b"\xff\0"), ("0d0a 0x0a", b"\r\n\n"), ("de  ad ", b"\xde\xad"),
        ('"AT\\r\\n"', b"AT\r\n"), ('"a b  c"', b"a b  c"), ('"de ad"', b"de ad"),
        ('"a" "b"', b"ab"), ('"a"62"c"', b"abc"), ('"\\x41\\x4a"', b"AJ"),
        ('"\\x414"', b"A4"), ('"\\xfff"', b"\xfff"), ('"\\a\\b\\f\\n\\r\\t\\v"', b"\a\b\f\n\r\t\v"),
        ('"\\\\ \\" \\\' \\?"', b"\\ \" ' ?"), ('"\\0"', b"\0"), ('"\\101\\60"', b"A0"),
        ('"\\0601"', b"01"), ('"\\377"', b"\xff"), ('"/quit @1"', b"/quit @1"),
        ('"電話 ☎"', "電話 ☎".encode()), ("02 \"temp?\" 03", b"\x02temp?\x03"),
    )

    def test_items(self):
        for items, wanted in self.GOOD:
            with self.subTest(items=items):
                if wanted is None:
                    self.console.refused(f"/bytes 1,2 {items}")
                    continue
                self.assertEqual(self.console.command(f"/bytes 1,2 {items}")["command"], "bytes")
                self.expect(self.one, wanted)
                self.expect(self.two, wanted)
                for peer in (1, 2):
                    sent = self.console.wait("sent", peer=peer)
                    self.assertEqual((event_bytes(sent), sent["size"], sent["by"],
                                      sent["console"]), (wanted, len(wanted), "operator", 1))

    def test_errors(self):
        for items in ("d", "dea", "de a", "dg", "xyz", "0x", "0xf", "0xfg", "x00", "\\x00", "1,2",
                      '"open', '"', '"a\\"', '"\\"', '"\\q"', '"\\x"', '"\\x4"', '"\\x4g"',
                      '"\\xg4"', '"\\400"', "'a'", "00 zz", 'zz "a"', '"a" zz', "-1",
                      "00,01", "ａｂ", "", " "):
            with self.subTest(items=items):
                self.assertEqual(self.console.refused(f"/bytes 1,2 {items}")["command"], "bytes")
        self.console.refused("/bytes 1,2")
        self.console.refused("/bytes 1")
        self.console.refused("/bytes")
        self.assertEqual(self.console.seen("sent"), [])
        self.console.command("/bytes * 2e")
        self.expect(self.one, ".")
        self.expect(self.two, ".")

    def test_bad_item_is_named(self):
        self.assertIn("zork", self.console.refused("/bytes 1 00 zork")["error"])

    def test_empty_datagram(self):
        self.console.command('/bytes 2 ""')
        self.expect(self.two, b"")
        self.console.wait("sent", peer=2, size=0)

    def test_text_console(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?eol=crlf")
        one = self.tcp(daemon.port)
        daemon.wait_output("#1")
        for items, wanted in self.GOOD:
            if wanted is None:
                continue
            daemon.line(f"/bytes 1 {items}")
            self.expect(one, wanted)

    def test_datagram_too_long(self):
        """Nothing is sent to anyone; the eol counts."""
        for line in ("@1,2 " + "x" * DATAGRAM_MAX, "@* " + "x" * (DATAGRAM_MAX + 1),
                     "/send 2,1 " + "x" * DATAGRAM_MAX,
                     "/bytes 1,2 " + "78" * (DATAGRAM_MAX + 1),
                     "/bytes * \"" + "x" * (DATAGRAM_MAX + 1) + '"'):
            self.console.refused(line)
        self.console.command("/to 2")
        self.console.refused("x" * DATAGRAM_MAX)
        self.console.command("/bytes * 2e")
        self.expect(self.one, ".")
        self.expect(self.two, ".")
        self.console.command("@1,2 " + "x" * (DATAGRAM_MAX - 1))
        self.assertEqual(self.receive(self.one, DATAGRAM_MAX)[-1:], b"\n")
        self.expect(self.two, "x" * (DATAGRAM_MAX - 1) + "\n")
        self.console.command("/bytes 2 " + "78" * DATAGRAM_MAX)
        self.expect(self.two, "x" * DATAGRAM_MAX)


class FileTest(CommandCase):
    LARGE = 300 * MIB

    def setUp(self):
        super().setUp()
        # freed memory that the address sanitizer holds back is not the daemon's
        options = os.environ.get("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=1:exitcode=99")
        self.console = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0?reply=none",
                                   "tcp://127.0.0.1:0?reply=echo",
                                   env={"ASAN_OPTIONS": options + ":quarantine_size_mb=1"})

    def resident(self):
        """The daemon's memory, in bytes."""
        with open(f"/proc/{self.console.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def receive_zeros(self, one, size):
        buffer = bytearray(MIB)
        while size > 0:
            got = one.recv_into(buffer, min(size, MIB))
            self.assertGreater(got, 0, "the file was cut")
            self.assertEqual(buffer.count(0, 0, got), got)
            size -= got

    def test_large_file_slow_reader(self):
        one = self.tcp(self.console.ports[0], receive_buffer=65536)
        self.console.open()
        two, = self.stream_peers(self.console, 1)
        echo, = self.stream_peers(self.console, 1, self.console.ports[2])
        path = self.sparse("large", self.LARGE)
        small = self.file("small", "small")
        before = self.resident()
        answer = self.console.command(f"/file 1 {path}")
        self.assertEqual(answer["command"], "file")
        self.assertEqual(answer["note"], f"sending '{path}' to #1: {self.LARGE} bytes")
        self.console.command("/to 1")
        received, most = 0, 0
        for _ in range(20):
            self.receive_zeros(one, 4 * MIB)
            received += 4 * MIB
            self.one_error(self.console, "text", 1)
            self.one_error(self.console, "//text", 1)
            self.one_error(self.console, "@1,2 text", 1)
            self.one_error(self.console, "/bytes * 00", 1)
            self.one_error(self.console, f"/file 1 {small}", 1)
            self.expect(two, "text\n\0")
            self.expect(echo, "\0")
            echo.sendall(b"ping")
            self.expect(echo, "ping")
            info = self.console.command("/info 1")["peer"]
            self.assertLessEqual(info["queued"], MIB)
            self.assertEqual(info["state"], "open")
            self.assertGreaterEqual(info["sent"], received)
            self.assertEqual(info["file"], {"path": path, "size": self.LARGE,
                                            "bytes": info["sent"]})
            most = max(most, self.resident())
        self.assertLess(most - before, 32 * MIB, "the file stands in memory")
        self.assertEqual(self.console.seen("file"), [])
        self.console.command("/close 1")
        self.assertEqual(self.console.command("/info 1")["peer"]["state"], "closing")
        self.one_error(self.console, "@1 text", 1)
        self.receive_zeros(one, self.LARGE - received)
        self.expect_end(one)
        event = self.console.wait("file", peer=1)
        self.assertEqual((event["path"], event["size"], event["bytes"], event.get("error")),
                         (path, self.LARGE, self.LARGE, None))
        closed = self.console.wait("close", peer=1, reason="operator")
        self.assertEqual((closed["sent"], closed["unsent"]), (self.LARGE, 0))
        self.assertEqual(self.console.seen("sent", peer=1), [])
        self.assertEqual([one["event"] for one in self.console.seen(peer=1)][-2:],
                         ["file", "close"])

    def test_answered_at_once_and_its_end_told(self):
        one, = self.stream_peers(self.console, 1)
        path = self.sparse("large", 20 * MIB)
        answer = self.console.command(f"/file 1 {path}")
        self.assertEqual(self.console.seen("file"), [])
        self.receive_zeros(one, 20 * MIB)
        event = self.console.wait("file", peer=1)
        self.assertNotIn("file", self.console.command("/peers")["peers"][0])
        self.assertLess(self.console.events.index(answer), self.console.events.index(event))
        self.console.command("@1 after")
        self.expect(one, "after\n")

    def test_slow_peer_does_not_hold_up_the_fast(self):
        slow, fast = self.stream_peers(self.console, 2, receive_buffer=65536)
        path = self.sparse("large", 50 * MIB)
        self.console.command(f"/file 1,2 {path}")
        self.receive_zeros(fast, 50 * MIB)
        self.console.wait("file", peer=2, bytes=50 * MIB)
        self.assertEqual(self.console.seen("file", peer=1), [])
        self.receive_zeros(slow, 50 * MIB)
        self.console.wait("file", peer=1, bytes=50 * MIB)

    def test_content(self):
        one, = self.stream_peers(self.console, 1)
        for number, data in enumerate((b"", b"x", os.urandom(65535), os.urandom(65536),
                                       os.urandom(65537), os.urandom(3_000_000))):
            path = self.file(f"data{number}", data)
            self.console.command(f"/file 1 {path}")
            self.assertTrue(self.receive(one, len(data)) == data)
            self.console.wait("file", path=path, size=len(data), bytes=len(data), error=None)
        self.console.command("@1 after")
        self.expect(one, "after\n")

    def test_paths(self):
        """PATH is the rest of the line."""
        one, = self.stream_peers(self.console, 1)
        for name in ("with blank", " two  blanks", "電話", "quote\"s", "@1", "*", "a,b", "a~",
                     "$HOME"):
            self.file(name, name)
            for path in (self.path(name), name):
                if path.startswith(" "):
                    continue
                with self.subTest(path=path):
                    self.console.command(f"/file 1 {path}")
                    self.expect(one, name)
                    self.console.wait("file", peer=1, path=path)

    def test_home(self):
        """~ at the beginning is HOME, here the directory of the test."""
        one, = self.stream_peers(self.console, 1)
        path = self.file("letter", "from home")
        self.console.command("/file 1 ~/letter")
        self.expect(one, "from home")
        self.console.wait("file", peer=1, path=path)
        self.file("~", "no home")
        self.console.command("/file 1 ./~")
        self.expect(one, "no home")
        self.console.refused("/file 1 ~", "not a regular file")
        self.console.refused("/file 1 ~no-such-user-here", "~no-such-user-here")

    def test_datagram(self):
        _, two = self.udp_peer(self.console, self.console.ports[1])
        for number, size in enumerate((0, 1, DATAGRAM_MAX)):
            data = os.urandom(size)
            path = self.file(f"data{number}", data)
            self.console.command(f"/file 1 {path}")
            self.expect(two, data)
            self.console.wait("file", peer=1, path=path, size=size, bytes=size, error=None)
        self.assertEqual(self.console.seen("sent"), [])

    def test_too_long_for_a_datagram(self):
        one, = self.stream_peers(self.console, 1)
        _, two = self.udp_peer(self.console, self.console.ports[1])
        path = self.sparse("long", DATAGRAM_MAX + 1)
        for peers in ("2", "1,2", "*"):
            self.console.refused(f"/file {peers} {path}")
        self.console.command("@* x")
        self.expect(one, "x\n")
        self.expect(two, "x")
        self.assertEqual(self.console.seen("file"), [])

    def test_what_cannot_be_sent(self):
        one, two = self.stream_peers(self.console, 2)
        fifo, link, loop = self.path("fifo"), self.path("link"), self.path("loop")
        os.mkfifo(fifo)
        os.symlink(self.path("nowhere"), link)
        os.symlink(loop, loop)
        listener = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(self.path("socket"))
        for path in (self.directory, fifo, link, loop, self.path("socket"), self.path("missing"),
                     "/dev/zero", "/dev/null", "/dev/tty", self.path("missing") + "/x",
                     self.file("file", "x") + "/x", "x" * 300, "y" * 5000):
            with self.subTest(path=path):
                answer = self.console.refused(f"/file 1,2 {path}")
                self.assertEqual(answer["command"], "file")
                self.assertIn(path[:30], answer["error"])
        for line in ("/file", "/file 1", "/file 1 ", f"/file {self.path('file')}"):
            with self.subTest(line=line):
                self.console.refused(line)
        self.assertEqual(self.console.seen("file"), [])
        self.console.command("@* x")
        for peer in (one, two):
            self.expect(peer, "x\n")

    def test_reset_midway(self):
        one = self.tcp(self.console.ports[0], receive_buffer=65536)
        self.console.open()
        path = self.sparse("large", self.LARGE)
        self.console.command(f"/file 1 {path}")
        self.receive_zeros(one, MIB)
        self.reset(one)
        event = self.console.wait("file", peer=1)
        self.assertEqual((event["path"], event["size"]), (path, self.LARGE))
        self.assertTrue(event["error"])
        self.assertGreaterEqual(event["bytes"], MIB)
        self.assertLess(event["bytes"], self.LARGE)
        closed = self.console.wait("close", peer=1, reason="reset")
        self.assertEqual(event["bytes"], closed["sent"])
        self.assertEqual([one["event"] for one in self.console.seen(peer=1)][-2:],
                         ["file", "close"])

    def test_closed_twice(self):
        self.tcp(self.console.ports[0], receive_buffer=65536)
        self.console.open()
        self.console.command(f"/file 1 {self.sparse('large', self.LARGE)}")
        self.console.command("/close 1")
        self.assertEqual(self.console.seen("close"), [])
        self.console.command("/close 1")
        event = self.console.wait("file", peer=1)
        self.assertTrue(event["error"])
        self.assertLess(event["bytes"], self.LARGE)
        self.console.wait("close", peer=1, reason="operator")

    def test_file_that_shrinks(self):
        one = self.tcp(self.console.ports[0], receive_buffer=65536)
        self.console.open()
        path = self.sparse("large", 50 * MIB)
        self.console.command(f"/file 1 {path}")
        self.receive_zeros(one, MIB)
        os.truncate(path, MIB)
        received = MIB
        one.setblocking(False)
        end = time.monotonic() + DEADLINE
        while not self.console.seen("file"):
            self.assertLess(time.monotonic(), end, "no end of the file is told")
            try:
                received += len(one.recv(MIB))
            except BlockingIOError:
                pass
        event = self.console.wait("file", peer=1)
        self.assertTrue(event["error"])
        self.assertLess(event["bytes"], 50 * MIB)
        one.settimeout(DEADLINE)
        self.receive_zeros(one, event["bytes"] - received)
        self.console.command("@1 after")
        self.expect(one, "after\n")

    def test_automatic_reply_waits(self):
        """The echo lands behind the file, not in its middle."""
        one, = self.stream_peers(self.console, 1, self.console.ports[2])
        path = self.sparse("large", 20 * MIB)
        self.console.command(f"/file 1 {path}")
        self.receive_zeros(one, MIB)
        one.sendall(b"ping")
        self.receive_zeros(one, 19 * MIB)
        self.expect(one, "ping")
        self.console.wait("file", peer=1, bytes=20 * MIB)

    def test_half_closed_peer(self):
        daemon = self.daemon("tcp://127.0.0.1:0?half-close=0")
        one = self.tcp(daemon.port, receive_buffer=65536)
        daemon.open()
        daemon.command(f"/file 1 {self.sparse('large', 30 * MIB)}")
        one.shutdown(socket.SHUT_WR)
        daemon.wait("half-close", peer=1)
        self.receive_zeros(one, 30 * MIB)
        self.expect_end(one)
        daemon.wait("file", peer=1, bytes=30 * MIB, error=None)
        daemon.wait("close", peer=1, reason="eof", sent=30 * MIB, unsent=0)

    def test_half_close_time_runs_out_meanwhile(self):
        daemon = self.daemon("tcp://127.0.0.1:0?half-close=0.2")
        one = self.tcp(daemon.port, receive_buffer=65536)
        daemon.open()
        daemon.command(f"/file 1 {self.sparse('large', 30 * MIB)}")
        one.shutdown(socket.SHUT_WR)
        daemon.wait("half-close", peer=1)
        clock = self.tcp(daemon.port)
        clock.shutdown(socket.SHUT_WR)
        self.expect_end(clock)
        self.receive_zeros(one, 30 * MIB)
        self.expect_end(one)
        daemon.wait("file", peer=1, bytes=30 * MIB, error=None)
        daemon.wait("close", peer=1, reason="eof", sent=30 * MIB, unsent=0)

    def test_shutdown_lets_it_drain(self):
        daemon = self.daemon("--drain", "20", "tcp://127.0.0.1:0")
        one = self.tcp(daemon.port, receive_buffer=65536)
        daemon.open()
        daemon.command(f"/file 1 {self.sparse('large', 20 * MIB)}")
        daemon.command("/shutdown")
        self.receive_zeros(one, 20 * MIB)
        self.expect_end(one)
        daemon.wait_end(0)
        daemon.wait("file", peer=1, bytes=20 * MIB, error=None)
        daemon.wait("close", peer=1, reason="shutdown", unsent=0)

    def test_drain_has_an_end(self):
        daemon = self.daemon("--drain", "0.3", "tcp://127.0.0.1:0")
        self.tcp(daemon.port, receive_buffer=65536)
        daemon.open()
        daemon.command(f"/file 1 {self.sparse('large', 20 * MIB)}")
        daemon.signal(signal.SIGTERM)
        daemon.wait_end(0)
        event = daemon.wait("file", peer=1)
        self.assertTrue(event["error"])
        daemon.wait("close", peer=1, reason="shutdown")

    def test_text_console(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.wait_output("#1")
        path = self.file("data", b"d" * 123456)
        daemon.line(f"/file 1 {path}")
        self.assertEqual(self.receive(one, 123456), b"d" * 123456)
        self.assertRegex(daemon.wait_output(path), rb"123,?456")
        daemon.line(f"/file 1 {self.path('missing')}")
        daemon.wait_output("missing")


class OneOfSeveralTest(CommandCase):
    """One peer that cannot take it: one error that names it, and the others get it."""

    def check(self, daemon, bad, others, lines=None):
        """others: sockets of the remaining peers."""
        path = self.file("small", "x\n")
        for line in lines or ("@* x", "/send * x", "/bytes * \"x\\n\"", f"/file * {path}"):
            with self.subTest(line=line):
                self.one_error(daemon, line, bad)
                for other in others:
                    self.expect(other, "x\n")
                if line.startswith("/file"):
                    for number in range(1, 4):
                        if number != bad:
                            daemon.wait("file", peer=number, bytes=2)

    def test_full(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "--max-queue", "1M")
        one, = self.stream_peers(daemon, 1)
        peer, _, _ = self.stuck(daemon)
        three, = self.stream_peers(daemon, 1)
        text = "f" * 100_000
        while daemon.ask(f"@{peer} {text}")["event"] == "result":
            pass
        for line in (f"@* {text}", f"/send 3,2,1 {text}", f"/bytes * \"{text}\\n\""):
            self.one_error(daemon, line, peer)
            for other in (one, three):
                self.assertEqual(self.receive(other, len(text) + 1), text.encode() + b"\n")

    def test_busy(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one, two, three = self.stream_peers(daemon, 3, receive_buffer=65536)
        daemon.command(f"/file 2 {self.sparse('large', 20 * MIB)}")
        self.check(daemon, 2, (one, three))
        self.assertEqual(len(self.receive(two, 20 * MIB)), 20 * MIB)
        daemon.wait("file", peer=2, bytes=20 * MIB, error=None)

    def test_closing(self):
        daemon = self.daemon("--drain", "60", "tcp://127.0.0.1:0", "--max-queue", "4M")
        one, = self.stream_peers(daemon, 1)
        peer, two, queued = self.stuck(daemon)
        three, = self.stream_peers(daemon, 1)
        daemon.command(f"/close {peer}")
        self.check(daemon, peer, (one, three))
        self.assertEqual(len(self.receive_all(two)), queued)
        daemon.wait("close", peer=peer, reason="operator", sent=queued, unsent=0)

    def test_connecting(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "--connect-timeout", "60")
        one, = self.stream_peers(daemon, 1)
        answer = daemon.command(f"/connect tcp://127.0.0.1:{self.full_listener()}")
        self.assertEqual(answer["peer"], 2)
        three, = self.stream_peers(daemon, 1)
        self.check(daemon, 2, (one, three))

    def test_named_peer(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "--connect-timeout", "60")
        one, = self.stream_peers(daemon, 1)
        daemon.command(f"/connect tcp://127.0.0.1:{self.full_listener()}")
        daemon.command("/name 2 pump")
        answer = daemon.refused("@1,pump x")
        self.assertRegex(answer["error"], r"#2\b|\bpump\b")
        self.assertNotIn("#1", answer["error"])
        self.expect(one, "x\n")

    def test_two_of_them(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "--connect-timeout", "60")
        port = self.full_listener()
        daemon.command(f"/connect tcp://127.0.0.1:{port}")
        daemon.command(f"/connect tcp://127.0.0.1:{port}")
        three, = self.stream_peers(daemon, 1)
        answer = daemon.refused("@* x")
        self.assertIn("#1", answer["error"])
        self.assertIn("#2", answer["error"])
        self.expect(three, "x\n")
        self.assertEqual(len(daemon.seen(None, input=answer["input"])), 1)

    def test_text_console(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0", "--connect-timeout", "60")
        one = self.tcp(daemon.port)
        daemon.wait_output("#1")
        daemon.line(f"/connect tcp://127.0.0.1:{self.full_listener()}")
        daemon.line("@* x")
        self.expect(one, "x\n")
        self.assertRegex(daemon.wait_output("error"), rb"(?m)^.*error.*#2")

    def test_nobody(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        for line in ("@* x", "/send * x", "/bytes * 00", "/file * /etc/hostname", "/close *"):
            with self.subTest(line=line):
                daemon.refused(line)


class PeerTest(CommandCase):
    """/peers, /info, /name, /close."""

    def test_peers_of_each_kind(self):
        path = self.path("a.sock")
        daemon = self.daemon("tcp://127.0.0.1:0?name=front", "udp://127.0.0.1:0?reply=none",
                             f"unix:{path}", "--connect-timeout", "60")
        self.assertEqual(daemon.command("/peers")["peers"], [])
        one, = self.stream_peers(daemon, 1)
        _, two = self.udp_peer(daemon, daemon.ports[1])
        three = self.unix(path)
        opened = daemon.wait("open", transport="unix")
        self.assertEqual((opened["remote"], opened["pid"], opened["uid"]),
                         ("unix:", os.getpid(), os.getuid()))
        self.assertIn(path, opened["local"])
        port = self.full_listener()
        daemon.command(f"/connect tcp://127.0.0.1:{port}")
        one.shutdown(socket.SHUT_WR)
        daemon.wait("half-close", peer=1)
        peers = daemon.command("/peers")["peers"]
        self.assertEqual([(peer["peer"], peer["transport"], peer["state"], peer.get("listener"))
                          for peer in peers],
                         [(1, "tcp", "half-closed", 1), (2, "udp", "open", 2),
                          (3, "unix", "open", 3), (4, "tcp", "connecting", None)])
        for peer, client in zip(peers, (one, two), strict=False):
            self.assertTrue(peer["remote"].endswith(name_of(client)), peer)
        self.assertIn(str(port), peers[3]["remote"])
        self.assertEqual(daemon.command("/info 3")["peer"]["transport"], "unix")
        daemon.refused("/info")
        three.close()

    def test_text(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        daemon.line("/peers")
        one = self.tcp(daemon.port)
        daemon.wait_output("#1")
        daemon.line("/name 1 boiler")
        daemon.line("/peers")
        daemon.line("/info boiler")
        daemon.line("/listeners")
        daemon.line("@1 barrier")
        self.expect(one, "barrier\n")
        output = daemon.wait_output("barrier").decode()
        self.assertGreaterEqual(output.count(name_of(one)), 3)
        self.assertGreaterEqual(output.count("boiler"), 2)

    def test_name(self):
        daemon = self.daemon("tcp://127.0.0.1:0?name=front")
        self.stream_peers(daemon, 2)
        for name in ("a", "Z", "a-", "a_", "boiler-2_A", "x" * 32, "front", "all"):
            daemon.command(f"/name 1 {name}")
            daemon.wait("name", peer=1, name=name)
            self.assertEqual(daemon.command(f"/info {name}")["peer"]["peer"], 1)
            daemon.refused(f"/name 2 {name}", name)
        daemon.command("/name all -")
        daemon.wait("name", peer=1, name=None)
        daemon.refused("/info all")
        daemon.command("/name 2 all")
        for name in ("", "-a", "_a", "1a", "a b", "a,b", "a.b", "#a", "@a", "*", "ä", "x" * 33,
                     "a\x1b", "--"):
            with self.subTest(name=name):
                daemon.refused(f"/name 1 {name}")
        for line in ("/name", "/name 1"):
            daemon.refused(line)
        self.assertIsNone(daemon.command("/info 1")["peer"].get("name"))

    def test_name_by_key(self):
        """name= of an endpoint to call is the peer's."""
        server = self.listener()
        daemon = self.daemon("tcp://127.0.0.1:0?name=front")
        port = server.getsockname()[1]
        daemon.command(f"/connect tcp://127.0.0.1:{port}?name=far")
        daemon.wait("open", peer=1)
        self.assertEqual(daemon.command("/info far")["peer"]["name"], "far")
        daemon.refused(f"/connect tcp://127.0.0.1:{port}?name=far", "far")
        daemon.refused(f"/connect tcp://127.0.0.1:{port}?name=1x", "1x")

    def test_close(self):
        path = self.path("a.sock")
        daemon = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0?reply=none", f"unix:{path}")
        one, = self.stream_peers(daemon, 1)
        _, two = self.udp_peer(daemon, daemon.ports[1])
        three = self.unix(path)
        daemon.open(transport="unix")
        for number, client in enumerate((one, two, three), 1):
            daemon.command(f"@{number} bye")
            answer = daemon.command(f"/close {number}")
            self.assertEqual(answer["command"], "close")
            self.expect(client, "bye" if number == 2 else "bye\n")
            closed = daemon.wait("close", peer=number, reason="operator", unsent=0)
            self.assertEqual(closed["sent"], 3 if number == 2 else 4)
            daemon.refused(f"/close {number}", str(number))
            if number != 2:
                self.expect_end(client)
        two.send(b"again")  # the same address is a new peer
        self.assertEqual(daemon.open(transport="udp"), 4)
        daemon.refused("/close")

    def test_close_twice_one_of_several(self):
        daemon = self.daemon("--drain", "60", "tcp://127.0.0.1:0", "--max-queue", "4M")
        peer, _, queued = self.stuck(daemon)
        two, = self.stream_peers(daemon, 1)
        daemon.command(f"/close {peer}")
        self.assertEqual(daemon.seen("close"), [])
        daemon.command("/close *")
        closed = daemon.wait("close", peer=peer, reason="operator")
        self.assertEqual(closed["sent"] + closed["unsent"], queued)
        self.assertGreater(closed["unsent"], 0)
        self.expect_end(two)
        daemon.wait("close", peer=2, reason="operator")

    def test_close_of_a_call_that_is_not_answered(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "--connect-timeout", "60")
        daemon.command(f"/connect tcp://127.0.0.1:{self.full_listener()}")
        daemon.command("/close 1")
        daemon.wait("close", peer=1, reason="operator", sent=0, received=0)
        self.assertEqual(daemon.seen("open"), [])


class ListenerTest(CommandCase):
    """/listeners, /listen, /unlisten, /reply."""

    def test_listen(self):
        path = self.path("b.sock")
        daemon = self.daemon("tcp://127.0.0.1:0")
        for line, scheme in (("/listen tcp://127.0.0.1:0?name=two&reply=echo", "tcp"),
                             ("/listen udp://127.0.0.1:0", "udp"), (f"/listen unix:{path}", "unix"),
                             ("/listen 127.0.0.1:0", "tcp")):
            self.assertEqual(daemon.command(line)["command"], "listen")
            event = daemon.wait("listening", endpoint=lambda text: text.startswith(scheme),
                                listener=len(daemon.seen("listening")))
            self.assertNotIn(":0", event["endpoint"].partition("?")[0])
        listed = daemon.command("/listeners")["listeners"]
        self.assertEqual([one["listener"] for one in listed], [1, 2, 3, 4, 5])
        self.assertEqual(listed[1]["name"], "two")
        self.assertEqual([one["endpoint"] for one in listed],
                         [event["endpoint"] for event in daemon.seen("listening")])
        two = self.tcp(daemon.endpoint_port(listed[1]["endpoint"]))
        two.sendall(b"x")
        self.expect(two, "x")
        three = self.udp(daemon.endpoint_port(listed[2]["endpoint"]))
        three.send(b"x")
        self.assertRegex(three.recv(100), rb"\A" + STAMP + rb"x\Z")
        four = self.unix(path)
        daemon.open(transport="unix", listener=4)
        daemon.command("/unlisten 4")
        self.assertFalse(os.path.exists(path))
        daemon.command("@4,1 x" if daemon.seen("open", peer=4) else "@1,3 x")
        self.expect(four, "x\n")

    def test_endpoint_can_be_typed_back(self):
        daemon = self.daemon("tcp://127.0.0.1:0?name=front&reply=echo&framing=line&eol=crlf",
                             "udp://127.0.0.1:0?eol=lf", "unix:b%20%25.sock?mode=0600")
        for event in list(daemon.seen("listening")):
            number = event["listener"]
            daemon.command(f"/unlisten {number}")
            daemon.wait("unlistening", listener=number, endpoint=event["endpoint"],
                        name=event.get("name"))
            daemon.command(f"/listen {event['endpoint']}")
            daemon.wait("listening", listener=number + 3, endpoint=event["endpoint"])

    def test_refused(self):
        path = self.file("file", "no socket")
        daemon = self.daemon("tcp://127.0.0.1:0?name=front", "udp://127.0.0.1:0")
        for line, part in (
                ("/listen", ""), ("/listen ", ""), ("/listen tcp://127.0.0.1:70000", "70000"),
                ("/listen tcp://127.0.0.1:-1", "-1"), ("/listen ftp://127.0.0.1:1", "ftp"),
                ("/listen tcp://127.0.0.1:0?colour=red", "colour"),
                ("/listen tcp://127.0.0.1:0?reply=shout", "shout"),
                ("/listen tcp://127.0.0.1:0?name=front", "front"),
                ("/listen udp://127.0.0.1:0?from=1", "from"),
                ("/listen tcp://192.0.2.1:1", "192.0.2.1"),
                (f"/listen tcp://127.0.0.1:{daemon.ports[0]}", "in use"),
                (f"/listen udp://127.0.0.1:{daemon.ports[1]}", "in use"),
                (f"/listen unix:{path}", "file"), ("/listen unix:" + "x" * 120, ""),
                ("/listen tcp://fe80::1:99", "["),
                ("/unlisten", ""), ("/unlisten 3", "3"), ("/unlisten nobody", "nobody"),
                ("/unlisten *", "*"), ("/unlisten 1,2", "1,2"),
                ("/reply", ""), ("/reply 1", ""), ("/reply 3 echo", "3"),
                ("/reply nobody echo", "nobody"), ("/reply 1 shout", "shout")):
            with self.subTest(line=line):
                daemon.refused(line, part)
        self.assertEqual([one["listener"] for one in daemon.command("/listeners")["listeners"]],
                         [1, 2])
        with open(path, encoding="ascii") as file:
            self.assertEqual(file.read(), "no socket")

    def test_unlisten(self):
        daemon = self.daemon("tcp://127.0.0.1:0?name=front&eol=crlf&reply=echo",
                             "udp://127.0.0.1:0?name=sky&reply=none",
                             "udp://127.0.0.1:0?reply=none")
        one, = self.stream_peers(daemon, 1)
        _, two = self.udp_peer(daemon, daemon.ports[1])
        _, three = self.udp_peer(daemon, daemon.ports[2])
        daemon.command("/unlisten sky")
        daemon.wait("close", peer=2, reason="operator")
        daemon.wait("unlistening", listener=2, name="sky")
        daemon.command("/unlisten front")
        daemon.wait("unlistening", listener=1, name="front")
        self.check_refused(daemon.ports[0])
        listed = daemon.command("/listeners")["listeners"]
        self.assertEqual([one["listener"] for one in listed], [3])
        self.assertEqual([one["peer"] for one in daemon.command("/peers")["peers"]], [1, 3])
        self.assertEqual(daemon.command("/info 1")["peer"]["listener"], 1)
        one.sendall(b"ping")  # all as before
        self.expect(one, "ping")
        daemon.command("@1,3 x")
        self.expect(one, "x\r\n")
        self.expect(three, "x")
        for line in ("/unlisten sky", "/unlisten 1", "/reply front echo", "@2 x"):
            daemon.refused(line)
        daemon.command("/listen tcp://127.0.0.1:0?name=front")
        daemon.wait("listening", listener=4, name="front")
        with self.assertRaises(ConnectionRefusedError):
            two.send(b"x")
            two.recv(100)

    def test_reply(self):
        daemon = self.daemon("tcp://127.0.0.1:0?name=front", "udp://127.0.0.1:0")
        one, = self.stream_peers(daemon, 1)
        two = self.udp(daemon.ports[1])
        for mode, pattern in (("echo", rb"x"), ("stamp", STAMP + rb"x"), ("echo", rb"x")):
            daemon.command(f"/reply front {mode}")
            daemon.command(f"/reply 2 {mode}")
            one.sendall(b"x")
            event = daemon.wait("sent", peer=1, by="auto")
            self.assertRegex(self.receive(one, event["size"]), rb"\A" + pattern + rb"\Z")
            two.send(b"x")
            self.assertRegex(two.recv(100), rb"\A" + pattern + rb"\Z")
        daemon.command("/reply 1 none")
        daemon.command("/reply 2 none")
        one.sendall(b"y")
        two.send(b"y")
        daemon.wait("message", peer=1, text="y")
        daemon.wait("message", peer=2, text="y")
        daemon.command("@* barrier")
        self.expect(one, "barrier\n")
        self.expect(two, "barrier")
        self.assertEqual(daemon.command("/listeners")["listeners"][0].get("reply", "none"), "none")


class ConnectTest(CommandCase):
    def far_end(self, kind):
        """A server, and its endpoint."""
        if kind == "unix":
            path = self.path("far.sock")
            server = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
            server.bind(path)
            server.listen()
            return server, f"unix:{path}"
        server = self.listener()
        return server, f"tcp://127.0.0.1:{server.getsockname()[1]}"

    def test_streams(self):
        daemon = self.daemon("--reply", "echo", "tcp://127.0.0.1:0")
        for number, kind in enumerate(("tcp", "unix"), 1):
            server, endpoint = self.far_end(kind)
            answer = daemon.command(f"/connect {endpoint}")
            self.assertEqual((answer["command"], answer["peer"]), ("connect", number))
            far = self.accept(server)
            opened = daemon.wait("open", peer=number, transport=kind)
            self.assertNotIn("listener", opened)
            self.assertLess(daemon.events.index(answer), daemon.events.index(opened))
            far.sendall(b"ping")
            daemon.wait("message", peer=number, text="ping")
            daemon.command(f"@{number} by hand")  # nothing came by itself before it
            self.expect(far, "by hand\n")
            daemon.command(f"/name {number} far")
            daemon.command("/to far")
            daemon.command("to the target")
            self.expect(far, "to the target\n")
            daemon.command("/close far")
            self.expect_end(far)
            daemon.wait("close", peer=number, reason="operator")

    def test_keys(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        server, endpoint = self.far_end("tcp")
        daemon.command(f"/connect {endpoint}?reply=echo&eol=nul&framing=line&name=far")
        far = self.accept(server)
        far.sendall(b"half")
        far.sendall(b" and half\nrest")
        self.expect(far, "half and half\n")
        daemon.wait("message", peer=1, text="half and half\n")
        daemon.command("@far x")
        self.expect(far, "x\0")
        far.shutdown(socket.SHUT_WR)
        daemon.wait("message", peer=1, text="rest", partial=True)
        self.expect(far, "rest")
        self.expect_end(far)

    def test_udp(self):
        daemon = self.daemon("udp://127.0.0.1:0?name=sky", "tcp://127.0.0.1:0", "--reply", "echo")
        far = self.udp(bind=("127.0.0.1", 0))
        answer = daemon.command(f"/connect udp://{name_of(far)}")
        opened = daemon.wait("open", peer=answer["peer"], transport="udp", listener=None)
        self.assertLess(daemon.events.index(answer), daemon.events.index(opened))
        daemon.command("@1 x")
        data, address = far.recvfrom(100)
        self.assertEqual(data, b"x")
        self.assertNotEqual(address[1], daemon.ports[0])
        far.sendto(b"y", address)
        daemon.wait("message", peer=1, text="y")
        daemon.command("@1 z")  # no echo came before it
        self.expect(far, "z")
        daemon.command("/close 1")
        daemon.wait("close", peer=1, reason="operator", sent=2, received=1)

    def test_from_a_listener(self):
        for key in ("1", "sky"):
            daemon = self.daemon("udp://127.0.0.1:0?name=sky&reply=echo", "tcp://127.0.0.1:0")
            far = self.udp(bind=("127.0.0.1", 0))
            daemon.command(f"/connect udp://{name_of(far)}?from={key}")
            daemon.wait("open", peer=1, transport="udp")
            daemon.command("@1 x")
            data, address = far.recvfrom(100)
            self.assertEqual((data, address), (b"x", ("127.0.0.1", daemon.ports[0])))
            far.sendto(b"y", address)
            daemon.wait("message", peer=1, text="y")
            self.assertEqual(len(daemon.seen("open")), 1)
            for bad, part in (("2", "2"), ("3", "3"), ("nobody", "nobody"), ("", "from")):
                with self.subTest(bad=bad):
                    daemon.refused(f"/connect udp://{name_of(far)}?from={bad}", part)
            self.assertEqual(len(daemon.command("/peers")["peers"]), 1)
            daemon.command("/unlisten sky")
            daemon.wait("close", peer=1, reason="operator")

    def test_from_a_listener_replies_only_when_told(self):
        daemon = self.daemon("udp://127.0.0.1:0?name=sky&reply=echo")
        far = self.udp(bind=("127.0.0.1", 0))
        daemon.command(f"/connect udp://{name_of(far)}?from=sky")
        daemon.wait("open", peer=1)
        far.sendto(b"y", ("127.0.0.1", daemon.port))
        daemon.wait("message", peer=1, text="y")
        daemon.command("@1 z")
        self.expect(far, "z")

    def test_refused(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        missing = self.path("missing.sock")
        for endpoint, part in ((f"tcp://127.0.0.1:{self.free_port()}", "refused"),
                               (f"unix:{missing}", "No such file"),
                               ("tcp://no.such.name.invalid:1", "no.such.name.invalid")):
            with self.subTest(endpoint=endpoint):
                answer = daemon.ask(f"/connect {endpoint}")
                if answer["event"] == "result":
                    closed = daemon.wait("close", peer=answer["peer"])
                    self.assertLess(daemon.events.index(answer), daemon.events.index(closed))
                    self.assertEqual((closed["reason"], closed["received"], closed["sent"]),
                                     ("error", 0, 0))
                    answer = closed
                if part != "no.such.name.invalid":
                    self.assertIn(part, answer["error"])
                self.assertTrue(answer["error"])
        self.assertEqual(daemon.seen("open"), [])
        self.assertEqual(daemon.command("/peers")["peers"], [])

    def test_time_out(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "--connect-timeout", "0.3")
        answer = daemon.command(f"/connect tcp://127.0.0.1:{self.full_listener()}?name=far")
        self.assertEqual(daemon.command("/info far")["peer"]["state"], "connecting")
        closed = daemon.wait("close", peer=answer["peer"])
        self.assertEqual((closed["reason"], closed["received"], closed["sent"], closed["unsent"]),
                         ("timeout", 0, 0, 0))
        self.assertEqual(daemon.seen("open"), [])
        daemon.refused("/info far")

    def test_usage(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0")
        for line, part in (
                ("/connect", ""), ("/connect tcp://127.0.0.1:70000", "70000"),
                ("/connect ftp://127.0.0.1:1", "ftp"),
                ("/connect tcp://127.0.0.1:1?colour=red", "colour"),
                ("/connect tcp://127.0.0.1:1?eol=cr", "cr"),
                ("/connect tcp://127.0.0.1:1?from=2", "from"),
                ("/connect unix:x?from=2", "from"),
                ("/connect unix:" + "x" * 108, ""), ("/connect fe80::1:99", "[")):
            with self.subTest(line=line):
                daemon.refused(line, part)
        self.assertEqual(daemon.seen("open") + daemon.seen("close"), [])

    def test_text_console(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        server, endpoint = self.far_end("tcp")
        daemon.line(f"/connect {endpoint}")
        far = self.accept(server)
        daemon.line("to the first that opened")
        self.expect(far, "to the first that opened\n")
        daemon.line(f"/connect tcp://127.0.0.1:{self.free_port()}")
        daemon.wait_output("refused")


class ConsoleTest(CommandCase):
    """/view, /stats, /read-only, /help, /quit, /shutdown; names that are shortened."""

    def test_help_lists_all_commands(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        listed = daemon.command("/help")["help"]
        self.assertEqual({one["command"] for one in listed}, set(COMMANDS))
        for name in COMMANDS:
            self.assertIn(name, str(daemon.command(f"/help {name}")["help"]))
        daemon.refused("/help nonsense", "nonsense")

    def test_help_in_text(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        daemon.line("/help")
        for name in COMMANDS:
            daemon.wait_output(f"/{name}")
        daemon.wait_output("//TEXT")

    def test_read_only(self):
        for name, (allowed, line) in COMMANDS.items():
            if name in ("join", "part", "line"):  # see test_joined, test_serial
                continue
            with self.subTest(command=name):
                daemon = self.daemon("tcp://127.0.0.1:0")
                one, = self.stream_peers(daemon, 1)
                answer = daemon.ask(line)
                self.assertEqual((answer["event"], answer["command"]), ("result", name))
                if name in ("quit", "shutdown"):
                    daemon.wait_end(0)
                    daemon = self.daemon("tcp://127.0.0.1:0")
                    one, = self.stream_peers(daemon, 1)
                elif not allowed:
                    daemon.stop()
                    daemon = self.daemon("tcp://127.0.0.1:0")
                    one, = self.stream_peers(daemon, 1)
                daemon.command("/read-only")
                before = len(daemon.parse())
                answer = daemon.ask(line)
                self.assertEqual((answer["event"], answer["command"]),
                                 ("result" if allowed else "error", name))
                if name == "quit":
                    daemon.wait_end(0)
                    continue
                daemon.command("/peers")
                if not allowed:
                    self.assertEqual(
                        [event["event"] for event in daemon.parse()[before:]], ["error", "result"])
                    self.check_silent(one)
                self.assertEqual(len(daemon.command("/peers")["peers"]), 1)
                self.assertEqual(len(daemon.command("/listeners")["listeners"]), 1)

    def test_read_only_text(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one, = self.stream_peers(daemon, 1)
        daemon.command("/to 1")
        daemon.command("/read-only")
        for line in ("text", "//text", "/@text", "@1 text", "@* text", "/send 1 text", "x"):
            with self.subTest(line=line):
                self.assertEqual(daemon.refused(line)["command"], "send")
        daemon.input("")
        daemon.command("/to -")
        daemon.command("/read-only")
        one.sendall(b"still shown")
        daemon.wait("message", peer=1, text="still shown")
        self.check_silent(one)
        self.assertEqual(daemon.seen("sent"), [])

    def test_read_only_on_a_text_console(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.wait_output("#1")
        daemon.line("/read-only")
        for line in ("text", "@1 text", "", "/close 1", "/shutdown"):
            daemon.line(line)
        daemon.line("/stats")
        one.sendall(b"still there")
        daemon.wait_output("still there")
        self.check_silent(one)
        daemon.line("/quit")
        self.expect_end(one)
        daemon.wait_end(0)

    # What runs without arguments, and changes nothing that the others need.
    HARMLESS = [name for name in COMMANDS if name not in ("quit", "shutdown", "read-only")]

    def test_shortened(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        for name in self.HARMLESS:
            for size in range(1, len(name) + 1):
                prefix = name[:size]
                candidates = [other for other in COMMANDS if other.startswith(prefix)]
                with self.subTest(prefix=prefix):
                    answer = daemon.ask(f"/{prefix}")
                    if prefix in COMMANDS or len(candidates) == 1:
                        self.assertEqual(answer.get("command"),
                                         prefix if prefix in COMMANDS else candidates[0])
                    else:
                        self.assertEqual(answer["event"], "error")
                        for candidate in candidates:
                            self.assertIn(candidate, answer["error"])
        for line in ("/x", "/peersx", "/peers-", "/PEERS", "/Peers", "/-", "/ peers", "/ "):
            with self.subTest(line=line):
                daemon.refused(line)

    def test_shortened_to_the_end(self):
        for prefix in ("q", "qui", "shu", "shutdow"):
            daemon = self.daemon("tcp://127.0.0.1:0")
            daemon.command(f"/{prefix}")
            daemon.wait_end(0)
        daemon = self.daemon("tcp://127.0.0.1:0")
        self.assertEqual(daemon.command("/rea")["command"], "read-only")

    def test_shortened_with_arguments(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one, = self.stream_peers(daemon, 1)
        for line, wanted in (("/sen 1  x", " x\n"), ("/b 1 78", "x"), ("/by 1 \"/l\"", "/l")):
            daemon.command(line)
            self.expect(one, wanted)

    def test_view(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo")
        one, = self.stream_peers(daemon, 1)

        def say(text):
            one.sendall(text.encode())
            self.expect(one, text)

        for view, fields in (("none", None), ("size", set()), ("hex", {"text"}),
                             ("text", {"text"})):
            self.assertEqual(daemon.command(f"/view {view}")["command"], "view")
            before = len(daemon.parse())
            say(view)
            daemon.command("/stats")
            shown = [event for event in daemon.parse()[before:]
                     if event["event"] in ("message", "sent")]
            if fields is None:
                self.assertEqual(shown, [])
                continue
            self.assertEqual([event["event"] for event in shown], ["message", "sent"])
            for event in shown:
                self.assertEqual(event["size"], len(view))
                self.assertEqual(set(event) & {"text", "base64"}, fields)
        for line in ("/view", "/view ", "/view colour", "/view text hex", "/view TEXT"):
            with self.subTest(line=line):
                daemon.refused(line)

    def test_stats(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo", "udp://127.0.0.1:0")
        before = daemon.command("/stats")["stats"]
        one, = self.stream_peers(daemon, 1)
        _, two = self.udp_peer(daemon, daemon.ports[1])
        size = len(two.recv(100))
        one.sendall(b"12345")
        self.expect(one, "12345")
        daemon.command("@1 x")
        self.expect(one, "x\n")
        after = daemon.command("/stats")["stats"]
        grown = {name: after[name] - before[name] for name in after
                 if isinstance(after[name], (int, float))}
        for name, growth in (("messages_in", 2), ("messages_out", 3), ("bytes_in", 9),
                             ("bytes_out", 7 + size), ("replies", 2)):
            self.assertEqual(grown[name], growth, (before, after))
        words = " ".join(after)
        for word in ("tcp", "udp", "unix", "suppressed", "refused", "drop", "queue", "turn",
                     "longest", "start"):
            self.assertIn(word, words)
        daemon.refused("/stats x")

    def test_quit_and_shutdown(self):
        for line in ("/quit", "/shutdown"):
            for make in (self.daemon, self.text_daemon):
                daemon = make("tcp://127.0.0.1:0")
                one = self.tcp(daemon.port)
                daemon.wait_output("open" if make == self.daemon else "#1")
                daemon.line("@1 last words")
                daemon.line(line)
                self.assertEqual(self.receive_all(one), b"last words\n")
                daemon.wait_end(0)


class TelexTest(CommandCase):
    """The commands of telex, which has one peer."""

    COMMANDS = {"bytes", "file", "view", "info", "close", "help", "quit"}

    def call(self, *options, key=""):
        server = self.listener()
        client = self.telex_json(*options, f"tcp://127.0.0.1:{server.getsockname()[1]}{key}")
        far = self.accept(server)
        client.wait("open", peer=1)
        return client, far

    def test_which(self):
        client, far = self.call()
        listed = client.command("/help")["help"]
        self.assertEqual({one["command"] for one in listed}, self.COMMANDS)
        for name in set(COMMANDS) - self.COMMANDS:
            with self.subTest(name=name):
                client.refused(COMMANDS[name][1])
        self.check_silent(far)
        self.assertEqual(client.command("/info")["peer"]["state"], "open")

    def test_text(self):
        for options, key, eol in (((), "", "\n"), (("-e", "crlf"), "", "\r\n"),
                                  ((), "?eol=nul", "\0"), (("--eol", "none"), "", "")):
            client, far = self.call(*options, key=key)
            for line, text in (("text", "text"), ("//text", "/text"), ("/@text", "@text"),
                               (" two  blanks ", " two  blanks ")):
                client.command(line)
                self.expect(far, text + eol)
            client.input("")
            client.command("x")
            self.expect(far, eol + "x" + eol)

    def test_bytes_and_file(self):
        client, far = self.call()
        client.command('/bytes 00 "AT\\r" ff')
        self.expect(far, b"\0AT\r\xff")
        for items in ("0", "zz", '"open', "", "1 00"):
            client.refused(f"/bytes {items}")
        path = self.sparse("large file", 20 * MIB)
        client.command(f"/file {path}")
        client.refused("busy")
        client.refused("/bytes 00")
        client.refused(f"/file {path}")
        self.assertEqual(self.receive(far, 20 * MIB).count(0), 20 * MIB)
        client.wait("file", peer=1, path=path, size=20 * MIB, bytes=20 * MIB, error=None)
        client.refused(f"/file {self.directory}", self.directory)
        client.refused("/file")
        client.command("after")
        self.expect(far, "after\n")

    def test_view_and_info(self):
        client, far = self.call()
        info = client.command("/info")["peer"]
        self.assertEqual((info["peer"], info["transport"], info["state"]), (1, "tcp", "open"))
        client.command("/view size")
        far.sendall(b"hello")
        event = client.wait("message", peer=1, size=5)
        self.assertNotIn("text", event)
        self.assertEqual(client.command("/info")["peer"]["received"], 5)

    def test_close_and_quit(self):
        for line in ("/close", "/quit", "/cl", "/q"):
            client, far = self.call()
            client.command("last words")
            client.command(line)
            self.assertEqual(self.receive_all(far), b"last words\n")
            client.wait_end(0)
            client.wait("close", peer=1, reason="operator", sent=11, unsent=0)

    def test_close_waits_for_a_file(self):
        client, far = self.call()
        path = self.sparse("large", 20 * MIB)
        client.command(f"/file {path}")
        client.command("/close")
        self.assertEqual(len(self.receive_all(far)), 20 * MIB)
        client.wait_end(0)
        client.wait("file", bytes=20 * MIB)


if __name__ == "__main__":
    main()
