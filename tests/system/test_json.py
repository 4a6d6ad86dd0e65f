# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON Lines: the form of every event, and one answer for every line."""

import base64
import datetime
import random
import re
import select
import socket
import threading
import time

from telex_test import TestCase, main

MIB = 1 << 20


class EventTest(TestCase):
    def test_form(self):
        daemon = self.daemon("tcp://127.0.0.1:0?half-close=0", "udp://127.0.0.1:0")
        before = time.time()
        one, two = self.tcp(daemon.ports[0]), self.udp(daemon.ports[1])
        one.sendall(b"hello")
        daemon.wait("message", text="hello")
        two.send(b"hi")
        two.recv(100)
        daemon.wait("sent", by="auto")
        daemon.command("@* x")
        daemon.command("/name 1 one")
        daemon.command("/to 1")
        daemon.refused("/nonsense")
        self.expect(one, "x\n")
        one.close()
        daemon.wait("close", peer=1)
        daemon.stop()
        output = daemon.stdout.copy()
        self.assertTrue(output.endswith(b"\n"))
        self.assertEqual(daemon.stderr.copy(), b"")
        for line, event in zip(output.splitlines(), daemon.parse(), strict=True):
            self.assertEqual(list(event)[:2], ["time", "event"], line)
            self.assertRegex(event["time"], r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z")
        events = daemon.parse()
        self.assertEqual(daemon.seen("hello"), [], "hello is for attached consoles")
        self.assertTrue({"listening", "open", "message", "sent", "half-close", "close", "target",
                         "name", "result", "error"} <= {event["event"] for event in events})
        said = datetime.datetime.fromisoformat(daemon.seen("message")[0]["time"]).timestamp()
        self.assertLess(abs(said - before), 60)

    def test_time_does_not_go_back(self):
        daemon = self.daemon("tcp://127.0.0.1:0?half-close=0&reply=echo", "udp://127.0.0.1:0")
        for _ in range(20):
            one, two = self.tcp(daemon.ports[0]), self.udp(daemon.ports[1])
            one.sendall(b"x")
            self.expect(one, "x")
            two.send(b"x")
            two.recv(100)
            daemon.command("/stats")
            one.close()
        daemon.stop()
        times = [event["time"] for event in daemon.parse()]
        self.assertEqual(times, sorted(times))

    def test_order_of_events(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo")
        for number in range(1, 31):
            one = self.tcp(daemon.port)
            one.sendall(b"question")
            one.shutdown(socket.SHUT_WR)
            self.assertEqual(self.receive_all(one), b"question")
            daemon.wait("close", peer=number)
            names = [event["event"] for event in daemon.seen(peer=number)]
            self.assertEqual((names[0], names[-1]), ("open", "close"))
            self.assertLess(names.index("message"), names.index("sent"))
            self.assertEqual(names.count("half-close"), 1)

    def test_text_and_base64(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none")
        one = self.udp(daemon.port)
        texts = ["plain", "电话 插口 ☎ 🎉", "\x01\x1b[31m\r\n\t\x7f\x85\u202e\u2028\u2066\ufeff",
                 '"quoted" \\ back', "e\u0301", "\U0010ffff"]
        for text in texts:
            data = text.encode()
            one.send(data)
            event = daemon.wait("message", peer=1)
            self.assertEqual((event["text"], event["size"]), (text, len(data)))
            self.assertNotIn("base64", event)
        binaries = [bytes(range(256)), b"a\0b", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf",
                    b"\xf4\x90\x80\x80", b"ok\x80", b"\xe9\x9b"]
        for data in binaries:
            one.send(data)
            event = daemon.wait("message", peer=1)
            self.assertEqual((base64.b64decode(event["base64"], validate=True), event["size"]),
                             (data, len(data)))
            self.assertNotIn("text", event)

    def test_lines_are_safe_to_show(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        text = "".join(map(chr, range(1, 160))) + "\u200e\u200f\u202a\u202e\u2028\u2029\u2066\u2069"
        one.sendall(text.encode())
        daemon.wait_data(1, text)
        daemon.command(f"@1 {text.replace(chr(10), '')}")
        daemon.refused("/\x1b[31m\u202e")
        daemon.refused("@\x1b[31m\u202e x")
        daemon.refused("/send 1,\x9b x")
        for line in daemon.stdout.copy().decode().split("\n"):
            found = re.search("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029"
                              "\u2066-\u2069]", line)
            self.assertIsNone(found, repr(line))

    def test_every_byte_survives(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        data = bytes(range(256)) * 512
        one.sendall(data)
        daemon.wait_data(1, data)
        items = " ".join(f"{byte:02x}" for byte in range(256))
        daemon.command(f"/bytes 1 {items}")
        self.assertEqual(self.receive(one, 256), bytes(range(256)))
        sent = daemon.wait("sent", peer=1)
        self.assertEqual(base64.b64decode(sent["base64"]), bytes(range(256)))

    def test_sent(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "tcp://127.0.0.1:0?reply=echo&eol=crlf")
        one, two = self.tcp(daemon.ports[0]), self.tcp(daemon.ports[1])
        daemon.wait_count(2, "open")
        numbers = {event["listener"]: event["peer"] for event in daemon.seen("open")}
        daemon.command("@* hi")
        sent = daemon.wait("sent", peer=numbers[1])
        self.assertEqual((sent["text"], sent["size"], sent["by"], sent["console"]),
                         ("hi\n", 3, "operator", 1))
        sent = daemon.wait("sent", peer=numbers[2])
        self.assertEqual((sent["text"], sent["size"], sent["by"]), ("hi\r\n", 4, "operator"))
        two.sendall(b"echo")
        sent = daemon.wait("sent", peer=numbers[2])
        self.assertEqual((sent["text"], sent["by"]), ("echo", "auto"))
        self.assertNotIn("console", sent)
        self.expect(one, "hi\n")
        self.expect(two, "hi\r\necho")

    def test_views(self):
        for by_option in (True, False):
            for view in ("none", "size"):
                with self.subTest(view=view, by_option=by_option):
                    option = ["--view", view] if by_option else []
                    daemon = self.daemon("tcp://127.0.0.1:0?reply=echo", *option)
                    if not by_option:
                        daemon.command(f"/view {view}")
                    one = self.tcp(daemon.port)
                    daemon.wait("open", peer=1)
                    one.sendall(b"hello")
                    self.expect(one, "hello")
                    if view == "size":
                        for event in (daemon.wait("message", peer=1), daemon.wait("sent", peer=1)):
                            self.assertEqual(event["size"], 5)
                            self.assertFalse({"text", "base64"} & set(event))
                    else:
                        daemon.command("/stats")
                        self.assertEqual(daemon.seen("message") + daemon.seen("sent"), [])
                    daemon.command("/view text")
                    one.sendall(b"again")
                    daemon.wait("message", peer=1, text="again")

    def test_view_hex_keeps_the_data(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "--view", "hex")
        one = self.tcp(daemon.port)
        one.sendall(b"hello")
        event = daemon.wait("message", peer=1)
        self.assertEqual(event["text"], "hello")
        daemon.refused("/view colour", "colour")


class AnswerTest(TestCase):
    def test_one_answer_for_each_line(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        lines = ["/listeners", "", "/nonsense", "text without a target", "", "", "/stats",
                 "/peers", "@9 x", "/help", "/to -", "/view text", "/info", "/info 9", "@", "/",
                 "/send", "/send 1", "@*", "//", "/@", "/bytes 1", "/name", "/close", "/file 1",
                 "/to", "/reply", "/listen", "/unlisten", "/connect", "/view"]
        daemon.write("".join(line + "\n" for line in lines))
        daemon.inputs = len(lines)
        daemon.command("/listeners")
        answers = [event for event in daemon.parse() if event["event"] in ("result", "error")]
        wanted = [number for number, line in enumerate(lines, 1) if line] + [len(lines) + 1]
        self.assertEqual([event["input"] for event in answers], wanted)
        commands = {event["input"]: event for event in answers}
        for number, name in ((1, "listeners"), (7, "stats"), (8, "peers"), (10, "help"),
                             (11, "to"), (12, "view")):
            self.assertEqual((commands[number]["event"], commands[number]["command"]),
                             ("result", name))
        for number in (3, 4, 9, *range(13, 32)):
            self.assertEqual(commands[number]["event"], "error", lines[number - 1])
            self.assertTrue(commands[number]["error"])
        for number in (4, 9):
            self.assertEqual(commands[number]["command"], "send")

    def test_unknown_command(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        daemon.refused("/nonsense 1 2 3", "nonsense")

    def test_prefix(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        for typed, full in (("/pee", "peers"), ("/stat", "stats"), ("/listeners", "listeners"),
                            ("/v none", "view"), ("/he", "help")):
            self.assertEqual(daemon.command(typed)["command"], full)
        daemon.refused("/l", "listen", "listeners")
        daemon.refused("/listen")  # the command itself, which lacks its endpoint
        daemon.refused("/peersx", "peersx")

    def test_results(self):
        daemon = self.daemon("tcp://127.0.0.1:0?name=front", "udp://127.0.0.1:0")
        listeners = daemon.command("/listeners")["listeners"]
        self.assertEqual([(one["listener"], one["endpoint"], one.get("name")) for one in listeners],
                         [(event["listener"], event["endpoint"], event.get("name"))
                          for event in daemon.listening])
        one, two = self.tcp(daemon.ports[0]), self.udp(daemon.ports[1])
        one.sendall(b"12345")
        two.send(b"123")
        stamp = two.recv(100)
        daemon.wait("message", text="12345")
        stats = daemon.command("/stats")["stats"]
        self.assertEqual((stats["tcp_opened"], stats["udp_opened"], stats["messages_in"],
                          stats["bytes_in"], stats["replies"], stats["bytes_out"]),
                         (1, 1, 2, 8, 1, len(stamp)))
        self.assertIn("send", str(daemon.command("/help")["help"]))
        self.assertIn("PEERS", str(daemon.command("/help send")["help"]))
        daemon.refused("/help nonsense", "nonsense")

    def test_long_lists_come_in_parts(self):
        daemon = self.daemon("udp://127.0.0.1:0", "--view", "none")
        senders = []
        for number in range(1500):
            sender = self.udp(daemon.port)
            sender.send(b"x")
            sender.recv(100)
            senders.append(sender)
        daemon.wait_count(1500, "open")
        number = daemon.input("/peers")
        peers = daemon.answer(number)["peers"]
        self.assertEqual([peer["peer"] for peer in peers], list(range(1, 1501)))
        parts = daemon.seen("result", input=number)
        self.assertEqual([len(part["peers"]) for part in parts], [1000, 500])
        self.assertIs(parts[0]["more"], True)
        self.assertFalse(parts[1].get("more"))

    def test_line_too_long(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.open()
        daemon.command("/to 1")
        text = "x" * 1_000_000
        daemon.command(text)
        self.assertEqual(self.receive(one, len(text) + 1), text.encode() + b"\n")
        answer = daemon.refused("y" * (MIB + 1))
        self.assertEqual(answer["input"], 3)
        self.assertEqual(daemon.refused("z" * (5 * MIB))["input"], 4)
        self.assertEqual(daemon.command("after")["input"], 5)
        self.expect(one, "after\n")

    def test_quit_and_shutdown(self):
        for line in ("/quit", "/shutdown"):
            daemon = self.daemon("tcp://127.0.0.1:0")
            one = self.tcp(daemon.port)
            daemon.open()
            answer = daemon.command(line)
            self.assertEqual(answer["command"], line[1:])
            self.expect_end(one)
            daemon.wait_end()
            daemon.wait("close", peer=1, reason="shutdown")

    def test_read_only(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.open()
        daemon.command("/read-only")
        for line in ("text", "@1 x", "/send 1 x", "/bytes 1 00", "/file 1 /etc/hostname",
                     "/name 1 x", "/close 1", "/listen tcp://127.0.0.1:0", "/unlisten 1",
                     "/connect tcp://127.0.0.1:1", "/reply 1 echo", "/shutdown", "//x", "/@x"):
            with self.subTest(line=line):
                daemon.refused(line)
        for line in ("/peers", "/info 1", "/listeners", "/stats", "/help", "/to 1", "/to -",
                     "/view text"):
            daemon.command(line)
        self.check_silent(one)


class NonsenseTest(TestCase):
    WORDS = ("/send", "/bytes", "/to", "/name", "/info", "/view", "/reply", "/peers", "/help",
             "/stats", "/listeners", "/unlisten", "/connect", "/listen", "/file", "/close", "/l",
             "/", "@", "@1", "@*", "//", "/@", "1", "2", "*", "#1", "#", ",", "1,2", "1,,2", "-",
             "-1", "0", "99999999999999999999", "de", "0xff", "0x", '"', '"a\\x4"', '"\\"', "\\",
             "tcp://", "udp://", "tcp://[", "tcp://[::1", "unix:", "?", "?reply=", "name=x", "::1",
             "%", "none", "echo", "text", "\0", "\x1b[2J", "\u202e", "\xff", "x" * 300, " ", "  ",
             "\t", "\r", "")

    def test_random_lines(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0")
        chance = random.Random(1)
        self.tcp(daemon.port)
        daemon.open()
        lines = []
        for _ in range(3000):
            words = [chance.choice(self.WORDS) for _ in range(chance.randrange(1, 5))]
            lines.append((" " if chance.random() < 0.8 else "").join(words))
        daemon.write("".join(line + "\n" for line in lines).encode("utf-8", "surrogateescape"))
        daemon.inputs = len(lines)
        daemon.command("/stats")
        answers = [event for event in daemon.parse() if event["event"] in ("result", "error")]
        for event in answers:  # an empty line is the target's eol, which may find it closing
            if event["input"] <= len(lines) and not lines[event["input"] - 1]:
                self.assertIn("not sent to #1", event["error"])
        answers = [event["input"] for event in answers if not event.get("more")]
        self.assertEqual([number for number in answers if number > len(lines)
                          or lines[number - 1]],
                         [number for number, line in enumerate([*lines, "/stats"], 1) if line])
        self.assertEqual(answers, sorted(set(answers)))

    def test_many_lines(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.open()
        lines = b"".join(b"@1 line %d\n" % number for number in range(20_000))
        daemon.write(lines)
        daemon.inputs = 20_000
        wanted = lines.replace(b"@1 ", b"")
        self.assertTrue(self.receive(one, len(wanted)) == wanted)
        daemon.command("/stats")
        self.assertEqual(daemon.seen("error"), [])


class BacklogTest(TestCase):
    """A console that is not read."""

    def pour(self, one, data, echo):
        """Sends data until nothing moves for a second; returns how much went."""
        one.setblocking(False)
        sent = received = 0
        while sent < len(data) or (echo and received < sent):
            readable, writable, _ = select.select([one], [one] if sent < len(data) else [], [], 1)
            if not readable and not writable:
                break
            if readable:
                received += len(one.recv(1 << 16))
            if writable:
                sent += one.send(data[sent:sent + 65536])
        one.settimeout(20)
        return sent, received

    def test_json_holds_back_and_misses_nothing(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0?reply=none")
        one, two = self.tcp(daemon.ports[0]), self.udp(daemon.ports[1])
        daemon.wait("open", peer=1)
        daemon.stdout.pause()
        data = b"0123456789abcdef" * (4 << 20)
        sent, _ = self.pour(one, data, echo=False)
        self.assertLess(sent, len(data), "peers are read while nobody reads the events")
        for _ in range(2000):
            two.send(b"d" * 1000)
        daemon.stdout.resume()
        daemon.wait_data(1, data[:sent])
        daemon.command("@1 goes on")
        self.expect(one, "goes on\n")
        one.sendall(b"more")
        daemon.wait("message", peer=1, text="more")
        stats = daemon.command("/stats")["stats"]
        shown = len(daemon.seen("message"))
        lost = sum(event["messages"] for event in daemon.seen("lost"))
        self.assertEqual(shown + lost, stats["messages_in"])
        self.assertGreater(lost, 0)

    def test_text_never_stalls_the_peers(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?reply=echo")
        one = self.tcp(daemon.port)
        one.sendall(b"BEGIN")
        self.expect(one, "BEGIN")
        daemon.wait_output("BEGIN")
        daemon.stdout.pause()
        data = b"0123456789abcdef" * (1 << 20)
        self.assertEqual(self.pour(one, data, echo=True), (len(data), len(data)))
        daemon.stdout.resume()
        daemon.line("/help stats")  # answers are never dropped
        daemon.wait_output("/stats")
        one.sendall(b"END OF IT")
        output = daemon.wait_output("END OF IT")
        self.assertLess(len(output), 2 * len(data))
        self.assertRegex(output, rb"(?i)lost|skipped|not shown")

    def test_answers_are_never_dropped(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none", "tcp://127.0.0.1:0")
        for index in range(50):
            one = self.udp(daemon.ports[0])
            one.send(b"x")
        daemon.wait_count(50, "open")
        daemon.stdout.pause()
        asker = threading.Thread(target=daemon.write, args=(b"/peers\n" * 1000,))
        asker.start()
        two = self.tcp(daemon.ports[1])  # while that goes on, or stands still
        two.sendall(b"x")
        daemon.stdout.resume()
        asker.join()
        daemon.inputs = 1000
        daemon.command("/stats")
        self.assertEqual([event["input"] for event in daemon.seen("result")],
                         list(range(1, 1002)))


class LineTest(TestCase):
    """What of a line is data, and what of the data is sent."""

    def setUp(self):
        super().setUp()
        self.console = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0?reply=none")
        self.one = self.tcp(self.console.ports[0])
        self.console.wait("open", peer=1)

    def check(self, line, wanted):
        self.console.command(line)
        self.expect(self.one, wanted)

    def test_text(self):
        self.console.command("/to 1")
        for line, wanted in (
                ("plain", "plain\n"),
                ("  spaces  kept  ", "  spaces  kept  \n"),
                ("//slash", "/slash\n"),
                ("/@at", "@at\n"),
                ("///", "//\n"),
                ("#1 hash", "#1 hash\n"),
                ("tab\tand \\n kept", "tab\tand \\n kept\n"),
                ("carriage return\r", "carriage return\r\n"),
                ("电话", "电话\n"),
                ("@1 one space", "one space\n"),
                ("@1  two spaces ", " two spaces \n"),
                ("@1 /quit", "/quit\n"),
                ("@1 @1 x", "@1 x\n"),
                ("/send 1 by send", "by send\n"),
                ("/send 1  two", " two\n")):
            with self.subTest(line=line):
                self.check(line, wanted)

    def test_bytes_that_are_no_text(self):
        self.console.command("/to 1")
        self.check(b"\xff\xfe raw \x80".decode("latin-1"), "ÿþ raw \x80\n")
        self.console.line(b"\xff\xfe raw \x80")
        self.console.inputs += 1
        self.assertEqual(self.console.answer(self.console.inputs)["event"], "result")
        self.expect(self.one, b"\xff\xfe raw \x80\n")

    def test_nul_is_data(self):
        self.console.line(b"@1 a\0b")
        self.console.inputs += 1
        self.assertEqual(self.console.answer(1)["event"], "result")
        self.expect(self.one, b"a\0b\n")

    def test_same_peer_twice_in_a_list(self):
        self.console.command("/name 1 one")
        self.console.command("@1,one,#1 x")
        self.console.command("@1 y")
        self.expect(self.one, "x\ny\n")

    def test_empty_line_sends_the_eol(self):
        self.console.command("/to 1")
        self.console.input("")
        self.console.command("x")
        self.expect(self.one, "\nx\n")

    def test_empty_line_without_eol_sends_nothing(self):
        two = self.udp(self.console.ports[1])
        two.send(b"x")
        self.console.wait("message", peer=2)
        self.console.command("/to 2")
        self.console.input("")
        self.console.command("x")
        self.expect(two, "x")

    def test_empty_line_without_target(self):
        number = self.console.input("")
        self.console.command("/peers")
        self.assertEqual(self.console.seen(input=number), [])

    def test_bytes(self):
        for line, wanted in (
                ("/bytes 1 de ad", b"\xde\xad"),
                ("/bytes 1 deadBEEF", b"\xde\xad\xbe\xef"),
                ("/bytes 1 0xff 0x00", b"\xff\0"),
                ('/bytes 1 "AT\\r\\n"', b"AT\r\n"),
                ('/bytes 1 01 "a b" 02 "\\x41\\x4242" 03', b"\x01a b\x02AB42\x03"),
                ('/bytes 1 "\\\\ \\" \\t \\0"', b"\\ \" \t \0"),
                ('/bytes 1 "电"', "电".encode())):
            with self.subTest(line=line):
                self.check(line, wanted)

    def test_bad_bytes(self):
        for line in ("/bytes 1 d", "/bytes 1 de ag", "/bytes 1 0x", '/bytes 1 "open',
                     '/bytes 1 "\\q"', '/bytes 1 "\\x4"', "/bytes 1", "/bytes 1 ", "/bytes"):
            with self.subTest(line=line):
                self.console.refused(line)
        self.check("/bytes 1 00", b"\0")
        self.assertEqual(len(self.console.seen("sent")), 1)

    def test_datagram_too_long(self):
        two = self.udp(self.console.ports[1])
        two.send(b"x")
        self.console.wait("message", peer=2)
        self.console.refused("@2 " + "x" * 65508)
        self.console.refused("/bytes 2 " + "00" * 65508)
        self.console.refused("@1,2 " + "x" * 65508)  # nothing is sent to anyone
        self.check("@1 barrier", "barrier\n")
        self.console.command("@2 " + "x" * 65507)
        self.expect(two, "x" * 65507)

    def test_file(self):
        data = bytes(range(256)) * 4096
        path = self.file("data with space", data)
        answer = self.console.command(f"/file 1 {path}")
        self.assertEqual(answer["command"], "file")
        self.assertEqual(self.receive(self.one, len(data)), data)
        event = self.console.wait("file", peer=1)
        self.assertEqual((event["path"], event["size"], event["bytes"], event.get("error")),
                         (path, len(data), len(data), None))
        self.assertEqual(self.console.seen("sent"), [], "file comes instead of sent")
        self.check("@1 after", "after\n")

    def test_file_is_busy_and_close_waits(self):
        data = b"f" * 8_000_000
        path = self.file("data", data)
        self.console.command(f"/file 1 {path}")
        self.console.refused("@1 not now", "1")
        self.console.command("/close 1")
        self.assertTrue(self.receive_all(self.one) == data)
        self.console.wait("file", peer=1, bytes=len(data))
        self.console.wait("close", peer=1, reason="operator", sent=len(data), unsent=0)

    def test_file_broken_off(self):
        path = self.file("data", b"f" * 20_000_000)
        self.console.command(f"/file 1 {path}")
        self.receive(self.one, 1000)
        self.reset(self.one)
        event = self.console.wait("file", peer=1)
        self.assertTrue(event["error"])
        self.assertEqual(event["size"], 20_000_000)
        self.assertLess(event["bytes"], 20_000_000)
        self.console.wait("close", peer=1, reason="reset")
        self.assertEqual(self.console.seen(peer=1)[-1]["event"], "close")

    def test_file_by_udp(self):
        two = self.udp(self.console.ports[1])
        two.send(b"x")
        self.console.wait("message", peer=2)
        self.console.command("/file 2 " + self.file("small", b"s" * 65507))
        self.expect(two, b"s" * 65507)
        self.console.wait("file", peer=2, bytes=65507)
        answer = self.console.ask("/file 2 " + self.file("big", b"s" * 65508))
        if answer["event"] == "result":
            self.assertTrue(self.console.wait("file", peer=2)["error"])
        self.check("@1 barrier", "barrier\n")
        self.check_silent(two)

    def test_no_regular_file(self):
        for path in (self.path("missing"), self.directory, "/dev/zero"):
            self.assertIn(path, self.console.refused(f"/file 1 {path}")["error"])


if __name__ == "__main__":
    main()
