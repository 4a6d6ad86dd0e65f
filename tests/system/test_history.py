# SPDX-License-Identifier: GPL-3.0-or-later
"""What was said, kept and told again: --history, /show, /find, /replay, and who attaches later."""

import os
import random
import re
import socket
import threading

from telex_test import DEADLINE, Program, TestCase, main, program


class HistoryCase(TestCase):
    def setUp(self):
        super().setUp()
        self.needs_option("--history")
        self.control = self.path("control")

    def controlled(self, *args, **keywords):
        keywords.setdefault("count", 1)
        return self.daemon("tcp://127.0.0.1:0?framing=line", *args, f"--control={self.control}",
                           **keywords)

    def say(self, daemon, one, text):
        """The peer says it as a line, and the daemon has told it."""
        one.sendall(text.encode() + b"\n")
        return daemon.wait("message", text=text + "\n")

    def told_again(self, console, line):
        """What the line's answer tells again, and its last result."""
        before = len(console.parse())
        result = console.command(line)
        return [event for event in console.events[before:] if event.get("replayed")], result


class NumberTest(HistoryCase):
    def test_hello_says_what_there_is(self):
        daemon = self.controlled()
        one = self.attach(self.control)
        self.assertRegex(one.hello["run"], "^[0-9a-f]{16}$")
        self.assertEqual(one.hello["history"], 1)
        peer = self.tcp(daemon.port)
        event = self.say(daemon, peer, "x")
        two = self.attach(self.control)
        self.assertEqual(two.hello["run"], one.hello["run"])
        self.assertGreaterEqual(two.hello["seq"], event["seq"])
        daemon.stop()
        self.assertNotEqual(self.controlled() and self.attach(self.control).hello["run"],
                            one.hello["run"])

    def test_all_consoles_have_the_same_numbers(self):
        daemon = self.controlled()
        one, two = self.attach(self.control), self.attach(self.control)
        peer = self.tcp(daemon.port)
        for number in range(10):
            self.say(daemon, peer, str(number))
        for console in (one, two):
            console.wait("message", text="9\n")
        told = [[(event["seq"], event["event"]) for event in console.seen("message")]
                for console in (daemon, one, two)]
        self.assertEqual(told[0], told[1])
        self.assertEqual(told[0], told[2])
        seqs = [event["seq"] for event in daemon.parse() if "seq" in event]
        self.assertEqual(seqs, list(range(1, len(seqs) + 1)))

    def test_a_view_leaves_holes(self):
        daemon = self.controlled("--view", "none")
        one = self.attach(self.control)
        peer = self.tcp(daemon.port)
        daemon.open()
        peer.sendall(b"not shown there\n")
        one.wait("message")
        daemon.command("/name 1 boiler")
        self.assertEqual(daemon.wait("name")["seq"], one.wait("name")["seq"])
        self.assertEqual(daemon.seen("lost") + daemon.seen("message"), [])


class AgainTest(HistoryCase):
    def test_who_comes_later_sees_all(self):
        daemon = self.controlled()
        peer = self.tcp(daemon.port)
        self.say(daemon, peer, "one")
        daemon.command("/name 1 boiler")
        self.say(daemon, peer, "two")
        peer.close()
        daemon.wait("close")
        console = self.attach(self.control)
        again, _ = self.told_again(console, "/replay 0")
        again = [event for event in again if event["event"] != "console"]
        wanted = [event for event in daemon.parse()
                  if "seq" in event and event["event"] != "console"]
        self.assertEqual([event["seq"] for event in again], [event["seq"] for event in wanted])
        for event, first in zip(again, wanted):
            self.assertTrue(event.pop("replayed"))
            if first["event"] != "name":
                event.pop("name", None)
            first = dict(first)
            if first["event"] != "name" and "name" in first:
                event["name"] = first["name"]
            self.assertEqual(event, first)
        for line, texts in (("/show", ["one", "two"]), ("/show boiler", ["one", "two"]),
                            ("/show 1 1", ["two"]), ("/find TW", ["two"]),
                            ("/find @boiler N", ["one"])):
            with self.subTest(line=line):
                again, _ = self.told_again(console, line)
                self.assertEqual([event["text"].strip() for event in again], texts)
        console.refused("/show pump", "pump")
        console.refused("/show 7", "7")

    def test_view(self):
        daemon = self.controlled()
        peer = self.tcp(daemon.port)
        self.say(daemon, peer, "one")
        daemon.command("/view size")
        again, _ = self.told_again(daemon, "/show")
        self.assertNotIn("text", again[0])
        daemon.command("/view none")
        self.assertEqual(self.told_again(daemon, "/show")[0], [])

    def test_focus_does_not_count(self):
        daemon = self.controlled()
        peer = self.tcp(daemon.port)
        self.say(daemon, peer, "one")
        daemon.command("/mute 1")
        self.assertEqual(len(self.told_again(daemon, "/show")[0]), 1)

    def test_text(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        peer = self.tcp(daemon.port)
        peer.sendall("grüß \x1b[2J".encode())
        daemon.wait_output("grüß")
        daemon.line("/show")
        daemon.line("/find nowhere")
        daemon.wait_output("no message in the history\n")
        self.assertEqual(daemon.stdout.copy().count("grüß \\x1b[2J".encode()), 2)

    def test_a_long_answer_holds_nobody_up(self):
        daemon = self.controlled("--view", "none")
        peers = [self.tcp(daemon.port) for _ in range(2)]
        daemon.wait_count(2, "open")
        for _ in range(20):
            peers[1].sendall(b"y" * (1 << 18) + b"\n")
        daemon.command("/reply 1 echo")
        console = self.attach(self.control)
        console.stdout.pause()
        number = console.input("/replay 0")
        peers[0].sendall(b"are you there?\n")
        self.expect(peers[0], "are you there?\n")
        console.stdout.resume()
        result = console.answer(number)
        again = console.seen("message", replayed=True)
        self.assertEqual([event["seq"] for event in again],
                         sorted(event["seq"] for event in again))
        self.assertRegex(result["note"], r"^\d+ events$")


class BoundTest(HistoryCase):
    def test_the_oldest_goes(self):
        daemon = self.controlled("--history", "64k", "--view", "none")
        peer = self.tcp(daemon.port)
        daemon.open()
        for number in range(2000):
            peer.sendall(b"%04d\n" % number)
        peer.close()
        daemon.wait("close")
        console = self.attach(self.control)
        first, last = console.hello["history"], console.hello["seq"]
        self.assertGreater(first, 10)
        again, _ = self.told_again(console, "/replay 5")
        self.assertEqual([event["seq"] for event in again][0], first)
        self.assertGreaterEqual(again[-1]["seq"], last)
        self.assertEqual([event["seq"] for event in again],
                         list(range(first, again[-1]["seq"] + 1)))
        lost = console.seen("lost")[0]
        self.assertEqual(lost["messages"] + lost["events"], first - 1 - 5)
        self.assertLess(console.events.index(lost), console.events.index(again[0]))

    def test_nothing_is_kept(self):
        daemon = self.controlled("--history", "0")
        peer = self.tcp(daemon.port)
        self.say(daemon, peer, "one")
        console = self.attach(self.control)
        self.assertEqual(console.hello["history"], console.hello["seq"] + 1)
        for line in ("/show", "/find one", "/replay 0"):
            console.refused(line, "--history 0")

    def test_a_message_that_is_too_long_to_keep(self):
        daemon = self.controlled("--history", "4k")
        peer = self.tcp(daemon.port)
        daemon.open()
        daemon.command("@1 " + "x" * 10000)
        self.expect(peer, "x" * 10000 + "\n")
        again, _ = self.told_again(daemon, "/show")
        self.assertEqual([event["size"] for event in again], [10001])
        self.assertNotIn("text", again[0])
        attached = self.telex("attach", self.control)
        attached.wait_output("10,001 bytes\n")

    def test_bad_arguments(self):
        self.refuse_daemon(["--history", "much"], 2, "--history", "number of bytes")


class Cutter:
    """Stands between a control socket and who attaches there; cuts all lines when told to."""

    def __init__(self, case, path, control):
        self.control = control
        self.lock = threading.Lock()
        self.lines = []
        self.listener = case.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        self.listener.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                far.connect(self.control)
            except OSError:
                near.close()
                continue
            with self.lock:
                self.lines.append((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(one, other), daemon=True).start()

    @staticmethod
    def pump(one, other):
        try:
            while data := one.recv(4096):
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        """How many lines there were."""
        with self.lock:
            lines, self.lines = self.lines, []
        for near, far in lines:
            for end in (near, far):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        return len(lines)


class AttachTest(HistoryCase):
    def attached(self, *args, path=None):
        return self.telex("attach", *args, path or self.control)

    def numbers(self, program):
        return [int(number) for number in re.findall(rb"\bn(\d+)\b", program.stdout.copy())]

    def talk(self, daemon, one, first, last):
        for number in range(first, last):
            self.say(daemon, one, f"n{number}")

    def test_begins_with_the_last_messages(self):
        daemon = self.controlled()
        one = self.tcp(daemon.port)
        daemon.open()
        self.talk(daemon, one, 0, 30)
        for args, first in (((), 10), (("--history", "5"), 25), (("--history=0",), 30),
                            (("--only", "1", "--history", "1"), 29)):
            with self.subTest(args=args):
                console = self.attached(*args)
                console.line("/listeners")
                console.wait_output(f"127.0.0.1:{daemon.port}")
                self.assertEqual(self.numbers(console), list(range(first, 30)))

    def test_json(self):
        daemon = self.controlled()
        one = self.tcp(daemon.port)
        daemon.open()
        self.talk(daemon, one, 0, 30)
        for args, count in (((), 20), (("--history", "3"), 3), (("--history", "0"), 0)):
            console = self.attached("--json", *args)
            console.line("/stats")
            console.wait_output('"command":"stats"')
            self.assertEqual(console.stdout.copy().count(b'"replayed":true'), count)
            self.assertEqual(console.stdout.copy().count(b'"command":"show"'), 0)

    def test_json_with_a_text(self):
        daemon = self.controlled()
        one = self.tcp(daemon.port)
        daemon.open()
        self.talk(daemon, one, 0, 30)
        for args, count in (((), 2), (("--history", "3"), 1), (("--view", "size"), 0)):
            console = self.attached("--json", "--grep", "8", *args)
            console.line("/stats")
            console.wait_output('"command":"stats"')
            self.assertEqual(console.stdout.copy().count(b'"replayed":true'), count)

    def test_where_nothing_is_kept(self):
        self.controlled("--history", "0")
        for args in ((), ("--json",)):
            console = self.attached(*args)
            console.line("/peers")
            console.wait_output("peers" if args else "nobody")
            self.assertNotIn(b"history", console.stderr.copy())

    def test_no_message_twice_and_none_missing(self):
        """The connection is lost again and again, at any point, while a peer talks."""
        cuts, chance, done = 15, random.Random(12), threading.Event()
        daemon = self.controlled("tcp://127.0.0.1:0?reply=echo", "--view", "none", count=2)
        path = self.path("cut")
        cutter = Cutter(self, path, self.control)
        one, clock = self.tcp(daemon.ports[0]), self.tcp(daemon.ports[1])
        console = self.attached(path=path)
        console.line("/peers")
        console.wait_output("#2")
        said = 0

        def talk():
            nonlocal said
            while not done.is_set():
                one.sendall(b"n%d\n" % said)
                said += 1
                clock.sendall(b"?")  # no faster than the daemon takes it
                clock.recv(100)
                while said % 500 == 0 and not done.is_set() and lag() > 4000:
                    done.wait(0.02)  # nor than the console does: it may skip then

        def lag():
            return said - console.stdout.copy().count(b"\\n")

        talker = threading.Thread(target=talk)
        talker.start()
        for _ in range(cuts):
            shown = len(console.stdout.copy())
            console.stdout.wait_more(shown + chance.randrange(30000), 0.5)
            cutter.cut()
        done.set()
        talker.join()
        console.wait_output(f"n{said - 1}\\n")
        self.assertNotIn(b"not shown", console.stdout.copy())
        self.assertEqual(self.numbers(console), list(range(said)))
        self.assertIn(b"was lost; trying again", console.stderr.copy())

    def test_what_was_missed_is_gone(self):
        daemon = self.controlled("--history", "8k")
        path = self.path("cut")
        cutter = Cutter(self, path, self.control)
        one = self.tcp(daemon.port)
        daemon.open()
        console = self.attached(path=path)
        console.line("/peers")
        console.wait_output("#1")
        cutter.listener.close()
        self.assertEqual(cutter.cut(), 1)
        self.talk(daemon, one, 0, 500)
        console.wait_diagnostic("was lost; trying again")
        os.unlink(path)
        Cutter(self, path, self.control)
        console.wait_output("not in the history any more: ")
        console.wait_output("n499")
        numbers = self.numbers(console)
        self.assertEqual(numbers, list(range(numbers[0], 500)))

    def test_another_run(self):
        daemon = self.controlled()
        console = Program(self, [program("TELEX"), "attach", self.control])
        one = self.tcp(daemon.port)
        daemon.open()
        self.talk(daemon, one, 0, 3)
        console.wait_output("n2")
        daemon.stop()
        daemon = self.controlled()
        one = self.tcp(daemon.port)
        daemon.open()
        self.talk(daemon, one, 3, 5)
        console.wait_diagnostic("started anew")
        console.wait_output("n4")
        self.assertEqual(self.numbers(console), list(range(5)))


if __name__ == "__main__":
    main()
