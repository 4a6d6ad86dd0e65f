# SPDX-License-Identifier: GPL-3.0-or-later
"""What one console shows of all that is said: /only, /mute, /grep and views of some lines."""

from telex_test import TestCase, main


class FocusCase(TestCase):
    """Each test talks through one function, on a console of its own kind."""

    def begin(self):
        self.started = self.daemon("tcp://127.0.0.1:0?name=meters&framing=line",
                                   "tcp://127.0.0.1:0?name=doors&framing=line",
                                   f"--control={self.path('control')}", count=2)
        self.peers = [self.peer(0), self.peer(0), self.peer(1)]

    def peer(self, listener):
        one = self.tcp(self.started.ports[listener])
        self.started.open()
        return one

    def say(self, peer, text):
        """Peer number says a line; it is done when the daemon's own console has it."""
        self.peers[peer - 1].sendall(f"{text}\n".encode())
        self.started.wait("message", peer=peer, text=f"{text}\n")


class AttachedJsonTest(FocusCase):
    def setUp(self):
        super().setUp()
        self.begin()
        self.console = self.attach(self.path("control"))

    def heard(self):
        """The messages so far, as (peer, text)."""
        self.console.command("/only")
        return [(event["peer"], event["text"].rstrip())
                for event in self.console.seen("message")]

    def test_only(self):
        answer = self.console.command("/only 1,doors:")
        self.assertEqual(answer["note"], "shown: only 1,doors:")
        for number in (1, 2, 3):
            self.say(number, "a")
        self.assertEqual(self.heard(), [(1, "a"), (3, "a")])
        self.console.command("/only -")
        self.say(2, "b")
        self.assertEqual(self.heard()[2:], [(2, "b")])

    def test_a_name_is_whoever_has_it(self):
        self.console.command("/only boil*")
        self.say(1, "a")
        self.console.command("/name 1 boiler")
        self.say(1, "b")
        self.console.command("/name 1 -")
        self.say(1, "c")
        self.console.command("/name 2 Boiler2")
        self.say(2, "d")
        self.assertEqual(self.heard(), [(1, "b"), (2, "d")])

    def test_mute_and_grep(self):
        self.console.command("/mute 1")
        self.console.command("/mute doors:")
        self.console.command("/grep Warm")
        for number in (1, 2, 3):
            self.say(number, "it is WARM")
            self.say(number, "it is cold")
        self.assertEqual(self.heard(), [(2, "it is WARM")])

    def test_what_it_sends_itself_is_shown(self):
        self.console.command("/only 2")
        self.console.command("/grep warm")
        self.console.command("@1 one")
        self.started.command("@1 two")
        self.started.command("@2 warm")
        self.console.command("/only")
        self.assertEqual([(event["peer"], event["text"], event["console"])
                          for event in self.console.seen("sent")],
                         [(1, "one\n", self.console.hello["console"]), (2, "warm\n", 1)])

    def test_who_comes_and_goes_is_told(self):
        """A program keeps who is on the line by it."""
        self.console.command("/only 2")
        self.peers.append(self.peer(0))
        self.console.wait("open", peer=4)
        self.peers[3].close()
        self.console.wait("close", peer=4)

    def test_others_are_not_concerned(self):
        other = self.attach(self.path("control"))
        self.console.command("/only 2")
        self.say(1, "a")
        other.wait("message", peer=1)
        self.assertEqual(self.heard(), [])

    def test_views_of_some_lines(self):
        self.console.command("/view none")
        self.console.command("/view 1 text")
        self.console.command("/view doors: size")
        for number in (1, 2, 3):
            self.say(number, "a")
        self.console.command("/stats")
        messages = self.console.seen("message")
        self.assertEqual([(event["peer"], event.get("text"), event["size"])
                          for event in messages], [(1, "a\n", 2), (3, None, 2)])

    def test_what_cannot_be_meant(self):
        self.console.refused("/only 9", "no peer '9' on the line")
        self.console.refused("/mute a;b", "'a;b' is no peer", "boil*", "meters:")
        self.console.refused("/view 1 blue", "text, hex, size or none")
        self.console.refused("/only " + ",".join(f"a{i}" for i in range(65)), "64")

    def test_a_console_that_only_looks_on(self):
        self.console.command("/read-only")
        self.console.command("/only 2")
        self.console.command("/mute 1")
        self.console.command("/grep a")
        self.console.command("/view 1 hex")


class KeyTest(TestCase):
    """view= of a listener."""

    def test_is_how_its_messages_are_shown(self):
        control = self.path("control")
        daemon = self.daemon("--control", control, "tcp://127.0.0.1:0?view=size",
                             "tcp://127.0.0.1:0?view=none", "tcp://127.0.0.1:0", count=3)
        attached = self.attach(control)
        peers = [self.tcp(port) for port in daemon.ports]
        for one in peers:
            one.sendall(b"hello")
        for console in (daemon, attached):
            console.wait("message", peer=3, text="hello", view=None)
            console.wait("message", peer=1, size=5, text=None, view="size")
            self.assertEqual(console.seen("message", peer=2), [])
        daemon.command("/view 2 text")
        peers[1].sendall(b"again")
        daemon.wait("message", peer=2, text="again")

    def test_holds_for_text_and_attached_consoles(self):
        control = self.path("control")
        daemon = self.text_daemon("--control", control, "tcp://127.0.0.1:0?view=hex")
        one = self.tcp(daemon.port)
        daemon.wait_output("#1 connected")
        attached = self.telex("attach", control)
        attached.line("/peers")
        attached.wait_output("127.0.0.1")
        one.sendall(b"hello")
        for console in (daemon, attached):
            console.wait_output("68 65 6c 6c 6f")

    def test_is_checked(self):
        self.refuse_daemon(["tcp://127.0.0.1:0?view=big"], 2, "big", "text, hex, size or none")


class SetTest(FocusCase):
    def setUp(self):
        super().setUp()
        self.begin()

    def test_eol(self):
        self.started.command("/set 1 eol=crlf")
        self.started.command("@1,2 hi")
        self.expect(self.peers[0], "hi\r\n")
        self.expect(self.peers[1], "hi\n")
        peer = self.started.command("/info 1")["peer"]
        self.assertEqual((peer["eol"], "framing" in peer), ("crlf", False))
        self.assertEqual(self.started.command("/listeners")["listeners"][0]["eol"], "lf")

    def test_framing(self):
        """What is unfinished goes on in the new framing."""
        self.peers[0].sendall(b"begun")
        self.started.until(lambda: self.started.command("/info 1")["peer"]["received"] or True, "")
        self.started.command("/set 1 framing=raw")
        self.started.wait("message", peer=1, text="begun")
        self.started.command("/set 1 framing=line")
        self.peers[0].sendall(b"one\ntwo")
        self.started.wait("message", peer=1, text="one\n")
        self.peers[0].sendall(b"\n")
        self.started.wait("message", peer=1, text="two\n")
        self.started.refused("/set 1 framing=blocks", "raw, line")

    def test_info_at_another_console(self):
        console = self.telex("attach", self.path("control"))
        console.line("/set 1 eol=nul framing=raw view=hex")
        console.wait_output("set for 1 peer\n")
        self.peers[0].sendall(b"abc")
        console.wait_output("61 62 63")
        console.line("/info 1")
        output = console.wait_output("framing").decode()
        self.assertRegex(output, r"eol +nul\n")
        self.assertRegex(console.wait_output("view  ").decode(), r"framing +raw\n")
        console.wait_output("hex\n")


class PeersTest(FocusCase):
    def test_pattern(self):
        self.begin()
        self.started.command("/name 2 boiler")

        def numbers(pattern):
            return [each["peer"] for each in self.started.command(f"/peers {pattern}")["peers"]]

        self.assertEqual(numbers("boil"), [2])
        self.assertEqual(numbers("BOIL*"), [2])
        self.assertEqual(numbers("doors"), [3])
        self.assertEqual(numbers("meters:"), [1, 2])
        self.assertEqual(numbers("tcp"), [1, 2, 3])
        self.assertEqual(numbers("open"), [1, 2, 3])
        self.assertEqual(numbers(f"*:{self.peers[0].getsockname()[1]}"), [1])
        answer = self.started.command("/peers pump")
        self.assertEqual((answer["peers"], answer["note"]),
                         ([], "nobody on the line is like 'pump'"))

    def test_those_not_in_the_list_are_still_there(self):
        """telex attach knows names and peers from what it is told."""
        self.begin()
        console = self.telex("attach", self.path("control"))
        console.line("/name 1 boiler")
        console.line("/peers doors:")
        console.line("/peers pump")
        console.wait_output("nobody on the line is like 'pump'\n")
        self.say(1, "still")
        self.assertRegex(console.wait_output("still\\n").decode(), r"boiler.* still")


class TextTest(FocusCase):
    """The same at telex attach, which is drawn elsewhere."""

    def setUp(self):
        super().setUp()
        self.begin()
        self.console = self.telex("attach", self.path("control"))
        self.console.line("/name 1 boiler")
        self.started.wait("name")

    def barrier(self, word):
        """All before it is shown: what a console is told, it shows in order."""
        self.console.line(f"/{word}")
        return self.console.wait_output(f"'/{word}'").decode()

    def test_only_is_quiet_of_others(self):
        self.console.line("/only boiler")
        self.console.wait_output("shown: only boiler\n")
        self.peers.append(self.peer(0))
        self.say(1, "here")
        for number in (2, 3, 4):
            self.say(number, "elsewhere")
        self.peers[3].close()
        self.started.wait("close", peer=4)
        output = self.barrier("q1")
        self.assertIn("here", output)
        self.assertNotIn("elsewhere", output)
        self.assertNotIn("#4", output)
        self.console.line("/only -")
        self.console.wait_output("shown: everybody\n")
        self.say(2, "now")
        self.assertIn("now", self.barrier("q2"))

    def test_a_line_in_hex(self):
        self.console.line("/view boiler hex")
        self.console.wait_output("view hex: boiler\n")
        self.say(1, "abc")
        self.say(2, "def")
        output = self.barrier("q1")
        self.assertIn("61 62 63 0a", output)
        self.assertIn("def\\n", output)
        self.console.line("/view boiler -")
        self.console.wait_output("no view of their own: boiler\n")
        self.say(1, "ghi")
        self.assertIn("ghi\\n", self.barrier("q2"))


class LocalTextTest(TestCase):
    def test_only(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?framing=line")
        one, two = self.tcp(daemon.port), None
        daemon.wait_output("#1")
        daemon.line("/only 1")
        daemon.wait_output("shown: only 1\n")
        two = self.tcp(daemon.port)
        two.sendall(b"hidden\n")
        daemon.line("@2 mine")
        self.expect(two, "mine\n")
        one.sendall(b"shown\n")
        output = daemon.wait_output("shown\\n").decode()
        self.assertNotIn("hidden", output)
        self.assertIn("mine", output)


if __name__ == "__main__":
    main()
