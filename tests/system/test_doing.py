# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator does at the desk besides talking: bytes with checks, lines typed again,
and a word to the others who sit at other consoles.
"""

import os

from telex_test import Terminal, TestCase, main, program

# Request of Modbus RTU, and the check that the standard gives for it.
MODBUS = bytes.fromhex("01 03 00 00 00 02 c4 0b")


class Bytes(TestCase):
    """Bytes that are spelled out, with checks behind them."""

    def test_checks(self):
        daemon = self.daemon("--control", self.path("control"), "tcp://127.0.0.1:0")
        peer = self.tcp(daemon.ports[0])
        daemon.open()
        for items, wanted in (("01 03 00 00 00 02 crc16", MODBUS),
                              ('"123456789" crc16-ccitt', b"123456789\x29\xb1"),
                              ('"123456789" crc32', b"123456789\x26\x39\xf4\xcb"),
                              ('"123456789" sum8 xor8', b"123456789\xdd\xec")):
            daemon.command(f"/bytes 1 {items}")
            self.expect(peer, wanted)
        daemon.refused("/bytes 1 crc16", "crc16")
        daemon.refused("/bytes 1 00 crc8", "crc8", "crc16-ccitt")

    def test_a_line_full_of_checks_is_no_work(self):
        """Each check is over all before it; a line of 150,000 must not read it as often."""
        daemon = self.daemon("tcp://127.0.0.1:0")
        peer = self.tcp(daemon.ports[0])
        daemon.open()
        daemon.command("/bytes 1 01 " + "sum8 " * 150000)
        self.expect(peer, b"\x01\x01\x02\x04\x08")

    def test_the_client_shows_them(self):
        listener = self.listener()
        port = listener.getsockname()[1]
        client = Terminal(self, [program("TELEX"), f"tcp://127.0.0.1:{port}"])
        peer = self.accept(listener)
        client.wait_seen("connected")
        client.line("/bytes 41 sum8")
        client.wait_seen("41 41")
        self.expect(peer, "AA")
        client.line("quit")
        self.expect(peer, "quit\n")
        client.wait_seen("commands begin with a slash: /quit")

    def test_they_are_shown(self):
        """In hex, to who sent them, at the daemon and attached; a text stays a text."""
        path = self.path("control")
        daemon = self.text_daemon("--control", path, "tcp://127.0.0.1:0")
        peer = self.tcp(daemon.ports[0])
        daemon.wait_output(b"connected")
        daemon.line('/bytes 1 "AT" 0d')
        self.expect(peer, b"AT\r")
        daemon.wait_output(b"41 54 0d")
        attached = Terminal(self, [program("TELEX"), "attach", path])
        attached.wait_seen("attached")
        attached.line('/bytes 1 "BT" 0d')
        attached.wait_seen("42 54 0d")
        self.expect(peer, b"BT\r")
        attached.line("@1 CT")
        attached.wait_seen(r"CT\n")
        daemon.wait_output(b"BT\\r")


class Every(TestCase):
    """Lines that are typed again and again."""

    def test_a_text_again_and_again(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        peer = self.tcp(daemon.ports[0])
        daemon.open()
        answer = daemon.command("/every 0.1 @1 temp?")
        self.assertEqual(answer["every"], [{"every": 1, "seconds": 0.1, "line": "@1 temp?"}])
        self.expect(peer, "temp?\n" * 3)
        first = daemon.wait("result", every=1)
        self.assertEqual(first["command"], "send")
        self.assertNotIn("input", first)
        self.assertEqual(daemon.command("/every")["every"], answer["every"])
        daemon.command("/every - 1")
        self.assertEqual(daemon.command("/every")["every"], [])
        daemon.refused("/every - 1", "/every '1'")
        self.assertNotIn("text", daemon.command("/stats"))  # it goes on as before

    def test_to_the_target(self):
        """Wherever that is by then; an error each time there is none, and only one to read."""
        path = self.path("control")
        daemon = self.text_daemon("--control", path, "tcp://127.0.0.1:0")
        daemon.line("/every 0.1 hello")
        daemon.wait_output(b"error: every 1: no target")
        daemon.wait_output(b"error: every 1, 10 times in a row: no target")
        peer = self.tcp(daemon.ports[0])
        self.expect(peer, "hello\nhello\n")
        self.assertEqual(daemon.stdout.copy().count(b"no target"), 2)

    def test_each_console_has_its_own(self):
        """And they end with it, or when it may change nothing any more."""
        path = self.path("control")
        daemon = self.daemon("--control", path, "tcp://127.0.0.1:0")
        peer = self.tcp(daemon.ports[0])
        daemon.open()
        one, other = self.attach(path), self.attach(path)
        one.command("/every 0.1 @1 one")
        self.assertEqual(other.command("/every")["every"], [])
        other.command("/every 60 @1 other")
        self.assertEqual(other.command("/every")["every"][0]["every"], 1)
        daemon.wait("sent", text="other\n")
        one.command("/read-only")
        self.assertIn("read-only", one.refused("/every")["error"])
        one.close()
        other.close()
        daemon.wait_count(1, "sent", text="other\n")
        self.assertIn(b"other\n", self.receive(peer, 6) + b"other\n")

    def test_a_reader_that_stands_still(self):
        """Runs wait for whoever does not read the answers; none is made up for."""
        path = self.path("control")
        daemon = self.daemon("--control", path, "--view", "none", "tcp://127.0.0.1:0")
        self.tcp(daemon.ports[0])
        daemon.open()
        console = self.attach(path)
        console.stdout.pause()
        console.write("/help\n" * 3000)
        console.write("/every 0.1 /stats\n")
        daemon.command("/peers")
        console.stdout.resume()
        console.wait("result", every=1)
        console.command("/every -")

    def test_attached(self):
        """Two programs away it is the same."""
        path = self.path("control")
        daemon = self.daemon("--control", path, "tcp://127.0.0.1:0")
        peer = self.tcp(daemon.ports[0])
        daemon.open()
        attached = Terminal(self, [program("TELEX"), "attach", path])
        attached.wait_seen("attached")
        attached.line("/every 0.2 /bytes 1 01 sum8")
        attached.wait_seen("/bytes 1 01 sum8")
        self.expect(peer, b"\x01\x01" * 3)
        attached.line("/every 0.1 @7 x")
        attached.wait_seen("error: every 2, 10 times in a row: no peer '7'")
        attached.line("/every -")
        attached.wait_seen("ended 2")

    def test_its_line_is_completed(self):
        """As if it stood alone."""
        daemon = self.terminal_daemon("tcp://127.0.0.1:0")
        peer = self.tcp(daemon.ports[0])
        daemon.wait_prompt("#1")
        daemon.line("/name 1 boiler")
        daemon.wait_prompt("boiler")
        daemon.write("/ever\t60 /byt\tboi\t 41\r")
        self.expect(peer, "A")
        daemon.write("/every 60 @boi\tB\r")
        self.expect(peer, "B\n")
        daemon.write("/faul\tboi\t lat\t5 sli\t7\r")
        daemon.wait_seen("latency=5 slice=7")


class Consoles(TestCase):
    """Who is attached, and a word to them."""

    def test_who_comes_and_goes(self):
        path = self.path("control")
        daemon = self.daemon(f"--control={path}", "tcp://127.0.0.1:0", count=1)
        self.assertEqual(daemon.command("/consoles")["consoles"],
                         [{"console": 1, "uid": os.getuid(), "access": "write", "target": None}])
        one = self.attach(path)
        event = daemon.wait("console")
        self.assertEqual({key: event[key] for key in ("console", "state", "uid", "access")},
                         {"console": 2, "state": "attached", "uid": os.getuid(),
                          "access": "write"})
        self.assertEqual(one.hello["seq"], event["seq"])  # which says as much
        self.tcp(daemon.ports[0])
        one.wait("open")
        self.assertEqual(one.seen("console"), [])
        one.command("/to 1")
        one.command("/read-only")
        listed = one.command("/consoles")["consoles"]
        self.assertEqual([each["console"] for each in listed], [1, 2])
        self.assertEqual(listed[1]["access"], "read")
        self.assertEqual(listed[1]["target"], 1)
        one.close()
        daemon.wait("console", console=2, state="left")
        self.assertEqual(len(daemon.command("/consoles")["consoles"]), 1)

    def test_who_quits_has_left(self):
        path = self.path("control")
        daemon = self.daemon(f"--control={path}", "tcp://127.0.0.1:0", count=1)
        one = self.attach(path)
        one.command("/quit")
        one.wait_output_end()
        daemon.wait("console", console=2, state="left")

    def test_a_word(self):
        """Everybody has it once, also who may change nothing; nobody can forge a line by it."""
        path, looks = self.path("control"), self.path("looks")
        daemon = self.daemon(f"--control={path}", f"--control={looks}?access=read",
                             "tcp://127.0.0.1:0", count=1)
        peer = self.tcp(daemon.ports[0])
        daemon.open()
        one, other = self.attach(path), self.attach(looks)
        answer = other.command("/say \x1b[2J boil it")
        self.assertNotIn("note", answer)
        for console in (daemon, one, other):
            event = console.wait("console", text="\x1b[2J boil it")
            self.assertEqual(event["console"], 3)
            self.assertEqual(len(console.seen("console", text="\x1b[2J boil it")), 1)
        other.refused("/say")
        one.close()
        other.close()
        daemon.wait_count(2, "console", state="left")
        self.assertIn("nobody", daemon.command("/say hello")["note"])
        self.check_silent(peer)

    def test_on_a_screen(self):
        path = self.path("control")
        daemon = self.text_daemon(f"--control={path}", "tcp://127.0.0.1:0")
        attached = Terminal(self, [program("TELEX"), "attach", path])
        attached.wait_seen("attached to telexd")
        daemon.wait_output(b"console 2 has attached (uid %d)" % os.getuid())
        daemon.line("/say lunch?")
        attached.wait_seen("console 1 says: lunch?")
        attached.line("/say \x1b[31m yes")
        daemon.wait_output(b"console 2 says: ")
        attached.line("/consoles")
        attached.wait_seen("* 2")
        attached.line("/quit")
        attached.wait_end()
        daemon.wait_output(b"console 2 has left")


class Hints(TestCase):
    """Whoever does not know yet how it is done is told."""

    def test_a_bare_word(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        daemon.line("help")
        daemon.wait_output(b"error: no target")
        daemon.wait_output(b"commands begin with a slash: /help")
        peer = self.tcp(daemon.ports[0])
        daemon.wait_output(b"connected")
        daemon.line("quit")  # data is data
        self.expect(peer, "quit\n")
        daemon.wait_output(b"commands begin with a slash: /quit")

    def test_the_nearest_command(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        for line, meant in (("/who", "/peers"), ("/list", "/peers"), ("/exit", "/quit"),
                            ("/msg 1 x", "/send"), ("/conect tcp://x", "/connect")):
            daemon.refused(line, f"did you mean {meant}?")


if __name__ == "__main__":
    main()
