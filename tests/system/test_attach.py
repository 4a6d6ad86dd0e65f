# SPDX-License-Identifier: GPL-3.0-or-later
"""telex attach: the console of a daemon that runs elsewhere, as if it were the local one."""

import json
import os
import re
import signal
import socket
import time

from telex_test import Console, DEADLINE, Program, Terminal, TestCase, main, name_of, program

TIME = re.compile(r"^\d\d:\d\d:\d\d ")


class AttachCase(TestCase):
    def setUp(self):
        super().setUp()
        self.control = self.path("control")

    def controlled(self, *args, **keywords):
        keywords.setdefault("count", 1)
        return self.daemon("tcp://127.0.0.1:0", *args, f"--control={self.control}", **keywords)

    def on_terminal(self, *args, **keywords):
        """telex attach on a terminal, with its prompt shown."""
        terminal = Terminal(self, [program("TELEX"), "attach", *args, self.control], **keywords)
        terminal.wait_seen("attached to telexd")
        terminal.wait_prompt()
        return terminal

    def on_pipes(self, *args, **keywords):
        return self.telex("attach", *args, self.control, **keywords)

    def kill(self, daemon):
        daemon.signal(signal.SIGKILL)
        daemon.wait_end(-signal.SIGKILL)

    def wait_attached(self, count):
        """Until so many consoles have come: what happens from then on, they are told."""
        tries = 0

        def judge():
            nonlocal tries
            tries += 1
            console = self.attach(self.control)
            console.close()
            return console.hello["console"] - 1 - tries >= count or None

        deadline = time.monotonic() + DEADLINE
        while not judge():
            self.assertLess(time.monotonic(), deadline)

    def peer(self, daemon, port=0):
        """A TCP peer, and its number."""
        one = self.tcp(daemon.ports[port])
        return one, daemon.open()


class WordsTest(AttachCase):
    def test_the_daemon_says_what_it_does(self):
        """The second /close is sent before the first is answered."""
        daemon = self.controlled("--drain", "60")
        one, _ = self.peer(daemon)
        daemon.command(f"/file 1 {self.file('much', bytes(16 << 20))}")
        console = self.on_pipes()
        console.write("/close 1\n/close 1\n/view hex\n/reply 1 echo\n")
        console.wait_output("closing #1\n")
        console.wait_output("closing #1 at once\n")
        console.wait_output("view hex\nlistener 1 replies with echo\n")
        one.close()


    def test_how_far_a_file_is(self):
        daemon = self.controlled()
        one, _ = self.peer(daemon)
        path = self.file("much", bytes(64 << 20))
        console = self.on_pipes()
        console.line(f"/file 1 {path}")
        console.wait_output(f"sending '{path}' to #1: {64 << 20} bytes\n")
        console.line("/peers")
        console.line("/info 1")
        output = console.wait_output(" of 67,108,864 bytes (")
        self.assertRegex(output, rb"\n  #1 .*  file \d+ %  ")
        self.assertRegex(output, rb"\n  file  +\S+/much: [\d,]+ of 67,")
        one.close()


class StartTest(AttachCase):
    def test_says_where_it_is(self):
        daemon = self.controlled()
        terminal = self.on_terminal()
        seen = terminal.wait_seen("attached")
        self.assertRegex(seen, r"attached to telexd [\d.]+ as console 2: 0 peers on the line")
        terminal.wait_seen("type /help")
        self.peer(daemon)
        self.assertIn("as console 3: 1 peer on", self.on_terminal().wait_seen("attached"))

    def test_nobody_there(self):
        self.refuse_telex(["attach", self.control], 1, f"cannot attach to {self.control}",
                          "No such file or directory", "telexd with --control?")
        stale = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stale.bind(self.control)
        stale.close()
        self.refuse_telex(["attach", self.control], 1, f"cannot attach to {self.control}",
                          "Connection refused", "telexd with --control?")

    def test_usage(self):
        self.refuse_telex(["attach", "/a", "/b"], 2, "one PATH")
        self.refuse_telex(["attach", "--raw", "/a"], 2, "--raw")
        self.refuse_telex(["attach", "--only", "a;b", "/a"], 2, "--only", "'a;b' is no peer")
        self.refuse_telex(["attach", "--view", "blue", "/a"], 2, "--view", "text, hex, size")
        self.refuse_telex(["attach", "--grep", "", "/a"], 2, "--grep", "empty")
        self.refuse_telex(["attach", "/" + "x" * 108], 2, "attach", "107")
        self.refuse_telex(["attach", "/a?reply=echo"], 2, "'reply'")
        self.assertIn(b"telex attach [--read-only] [PATH]", self.run_telex("attach", "--help"))
        self.assertRegex(self.run_telex("attach", "--version"), rb"\Atelex [\d.]+\n\Z")

    def test_a_host_of_that_name_needs_a_scheme(self):
        self.refuse_telex(["tcp://attach.invalid:1"], 1, "cannot connect to tcp://attach.invalid")

    def serve(self, data):
        """Somebody who listens there and says data to the first who comes."""
        one = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        one.bind(self.control)
        one.listen()
        client = self.on_pipes()
        peer = self.accept(one)
        try:
            peer.sendall(data)
        except BrokenPipeError:
            pass  # it has seen enough
        return client, peer

    HELLO = (b'{"time":"2026-01-02T03:04:05.000006Z","event":"hello","protocol":1,"version":"9",'
             b'"access":"write","console":2}\n')

    def test_what_is_no_telexd(self):
        for data, part in ((b"SSH-2.0-x\r\n", "no telexd"), (b"{}\n", "no telexd"),
                           (b'{"event":"open"}\n', "no telexd"), (b"\n", "no telexd"),
                           (b'{"event":"error","error":"too many"}\n', "too many"),
                           (self.HELLO.replace(b":1,", b":2,"), "protocol 2"),
                           (self.HELLO + b"{\n", "no JSON object"),
                           (self.HELLO + b'{"event":"open","peer":0}\n', "open"),
                           (self.HELLO + b'{"event":"message","peer":1,"size":1}\n', "message"),
                           (b"x" * (17 << 20), "closed the connection")):
            with self.subTest(data=data[-50:]):
                client, _ = self.serve(data)
                client.wait_end(1)
                self.assertRegex(client.stderr.copy().decode(), rf"\Atelex: [^\n]*{part}[^\n]*\n\Z")
                os.unlink(self.control)

    def test_it_closes_at_once(self):
        client, peer = self.serve(b"")
        peer.close()
        client.wait_end(1)
        self.assertIn(b"closed the connection", client.stderr.copy())

    def test_a_newer_daemon(self):
        """What it adds is shown by its own words."""
        client, peer = self.serve(
            self.HELLO.replace(b"}", b',"new":[1,{"a":null}]}') +
            b'{"time":"2026-01-02T03:04:05Z","event":"weather","degrees":3}\n'
            b'{"time":"2026-01-02T03:04:05Z","event":"open","peer":4,"transport":"quic",'
            b'"remote":"192.0.2.1:5","local":"192.0.2.2:6","listener":1,"alpn":"x"}\n'
            b'{"time":"2026-01-02T03:04:05Z","event":"close","peer":4,"reason":"bored",'
            b'"received":0,"sent":0,"unsent":0,"seconds":1.5}\n'
            b'{"time":"2026-01-02T03:04:05Z","event":"refused","remote":"192.0.2.9:1",'
            b'"why":"full \\u001b moon","count":3}\n')
        client.wait_output("#4 connected: quic 192.0.2.1:5")
        client.wait_output("#4 closed (bored)")
        self.assertIn(b' weather {"degrees":3}\n', client.stdout.copy())
        client.wait_output("refused 192.0.2.9:1: full \\x1b moon, and 2 others")
        peer.close()
        client.wait_end(1)


class SameTest(AttachCase):
    """It looks as the local console does."""

    def lives(self, daemon):
        """Peers of all kinds come, talk and go."""
        one, two = self.tcp(daemon.ports[0]), self.tcp(daemon.ports[1])
        datagram = self.udp(daemon.ports[2])
        daemon.wait_seen("#2")
        one.sendall("grüß \x1b[2J\\ 电".encode() + b"\xff\x00")
        daemon.wait_seen("grüß")
        one.sendall(b"\xe7\x94")
        two.sendall(b"a line\nand a piece")
        daemon.wait_seen("a line")
        one.sendall(b"\xb5!")
        daemon.wait_seen("电!")
        two.shutdown(socket.SHUT_WR)
        daemon.wait_seen("(partial)")
        datagram.send(b"")
        datagram.recv(100)
        datagram.send(b"x" * 3000)
        datagram.recv(4000)
        local = self.unix(self.path("line"))
        daemon.wait_seen("pid ")
        daemon.line("/name 1 boiler")
        daemon.line("/name 1 -")
        daemon.line("/listen tcp://127.0.0.1:0?name=new")
        daemon.wait_seen("listener 5 (new)")
        daemon.line("/unlisten new")
        daemon.wait_seen("no longer")
        denied = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
        denied.bind(("127.0.0.66", 0))
        denied.connect(("127.0.0.1", daemon.ports[0]))
        daemon.wait_seen("access list")
        daemon.line(f"/connect tcp://127.0.0.1:{self.free_port()}")
        daemon.wait_seen("Connection refused")
        data = self.file("data", "x" * 100)
        daemon.line(f"/file 1 {data}")
        daemon.wait_seen("file ")
        one.close()
        local.close()
        daemon.line("/close *")
        daemon.wait_seen("#2 closed")

    def events(self, terminal):
        """What is said of the lines; not what is typed, nor whose target is what."""
        return [TIME.sub("", line) for line in terminal.lines() if TIME.match(line)
                and "attached" not in line and "typed now" not in line
                and "no target" not in line]

    def test_events(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0?half-close=0",
                                      "tcp://127.0.0.1:0?framing=line", "udp://127.0.0.1:0",
                                      f"unix:{self.path('line')}", f"--control={self.control}",
                                      "--deny=127.0.0.66", rows=100)
        start = len(self.events(daemon))
        terminal = self.on_terminal(rows=100)
        self.lives(daemon)
        barrier = self.tcp(daemon.ports[0])
        barrier.sendall(b"barrier")
        daemon.wait_seen("← barrier")
        terminal.wait_seen("← barrier")
        self.assertEqual(self.events(terminal), self.events(daemon)[start:])
        self.assertGreater(len(self.events(terminal)), 20)

    ANSWERS = ("/peers", "/listeners", "/help", "/help send", "/name 1 boiler", "/nonsense",
               "/view size", "/view text", "/reply 1 echo", "/reply 1 none", "/to 2", "/to -",
               "/close 9", "/send", "/view colour", "text for nobody", "/re", "/unlisten 7",
               "/read-only", "@1 x")

    def test_answers(self):
        daemon = self.controlled("udp://127.0.0.1:0?name=meters&reply=echo", count=2)
        self.peer(daemon)
        self.peer(daemon)
        local = TextAnswers(self, self.text_daemon("tcp://127.0.0.1:0",
                                                   "udp://127.0.0.1:0?name=meters&reply=echo"))
        for _ in range(2):
            self.tcp(local.program.ports[0])
        local.program.wait_output("#2 connected")
        local.program.line("/to -")
        local.program.wait_output("no target")
        attached = TextAnswers(self, self.on_pipes())
        for line in self.ANSWERS:
            with self.subTest(line=line):
                self.assertEqual(attached.ask(line), local.ask(line))

    def test_info(self):
        daemon = self.controlled()
        one, _ = self.peer(daemon)
        client = self.on_pipes()
        client.line("/info 1")
        client.wait_output("idle")
        output = client.stdout.copy().decode()
        for label, value in (("transport", "tcp"), ("remote", name_of(one)), ("reply", "none"),
                             ("listener", "listener 1"), ("eol", "lf"), ("framing", "raw")):
            self.assertRegex(output, rf"(?m)^  {label} +{re.escape(value)}$")
        daemon.command("/reply 1 echo")
        client.line("/info 1")
        client.wait_output("echo")

    def test_stats(self):
        daemon = self.controlled()
        self.peer(daemon)
        client = self.on_pipes()
        client.line("/stats")
        client.wait_output("longest turn")
        self.assertRegex(client.stdout.copy().decode(), r"(?m)^since .*\n +1  TCP peers now$")

    def test_long_lists(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=none", f"--control={self.control}",
                             "--view=none")
        client = self.on_pipes()
        for _ in range(1100):
            self.udp(daemon.port).send(b"x")
        daemon.wait_count(1100, "open")
        client.line("/peers")
        client.close_stdin()
        client.wait_end(0)
        output = client.stdout.copy().decode()
        self.assertEqual(len(re.findall(r"(?m)^ *PEER +NAME", output)), 1)
        self.assertEqual(re.findall(r"(?m)^  #(\d+) ", output),
                         [str(number) for number in range(1, 1101)])


class TextAnswers:
    """Asks a text console, and puts away what differs from run to run."""

    def __init__(self, case, program_):
        self.case = case
        self.program = program_
        self.asked = 0

    def ask(self, line):
        """What is written from the line on until an error that comes after its answer."""
        self.asked += 1
        start = len(self.program.stdout.copy())
        mark = f"'#{77000 + self.asked}'"
        self.program.line(line)
        self.program.line(f"/info #{77000 + self.asked}")
        output = self.program.wait_output(mark)[start:]
        output = output[:output.index(b"error: no peer " + mark.encode())].decode()
        output = re.sub(r"\d\d:\d\d:\d\d ", "TIME ", output)
        output = re.sub(r"127\.0\.0\.1:\d+ *", "ADDRESS ", output)
        return re.sub(r"[\d.]+ s\b| {2,}", " ", output)


class TypingTest(AttachCase):
    def test_two_operators(self):
        daemon = self.controlled()
        one, _ = self.peer(daemon)
        two, _ = self.peer(daemon)
        first, second = self.on_terminal(), self.on_terminal()
        first.line("/to 1")
        first.wait_prompt("#1")
        second.line("/to 2")
        second.wait_prompt("#2")
        first.line("from the first")
        self.expect(one, "from the first\n")
        second.line("from the second")
        self.expect(two, "from the second\n")
        second.wait_seen("#1 (console 2) → from the first")
        first.wait_seen("#2 (console 3) → from the second")
        first.wait_seen("#1 → from the first")
        first.line("/name 2 boiler")
        second.wait_prompt("#2 boiler")
        one.close()
        first.wait_seen("no target: choose one with /to PEER")
        first.wait_prompt()
        second.line("still here")
        self.expect(two, "still here\n")

    def test_typing_while_events_arrive(self):
        daemon = self.controlled()
        one, _ = self.peer(daemon)
        terminal = self.on_terminal()
        terminal.line("/to 1")
        terminal.wait_prompt("#1")
        typed = ""
        for number in range(10):
            terminal.write(f"word{number} ")
            typed += f"word{number} "
            one.sendall(b"event%d\n" % number)
            terminal.wait_seen(f"event{number}")
            terminal.wait_input(typed.rstrip())
        terminal.line("done")
        self.expect(one, typed + "done\n")

    def test_text_for_nobody_is_refused_and_stays_in_the_history(self):
        daemon = self.controlled()
        one, _ = self.peer(daemon)
        terminal = self.on_terminal()
        terminal.line("to nobody")
        terminal.wait_seen("error: no target")
        terminal.line("/to 1")
        terminal.wait_prompt("#1")
        terminal.write("\x1b[A\x1b[A")
        terminal.wait_input("to nobody")
        terminal.write("\r")
        self.expect(one, "to nobody\n")

    def test_completion(self):
        daemon = self.controlled("tcp://127.0.0.1:0?name=meters", count=2)
        self.peer(daemon)
        daemon.command("/name 1 boiler")
        terminal = self.on_terminal()
        for typed, completed in (("/listene\t", "/listeners"), ("/info boi\t", "/info boiler"),
                                 ("@boi\t", "@boiler"), ("/unlisten met\t", "/unlisten meters")):
            terminal.write(typed)
            terminal.wait_input(completed)
            terminal.write("\x15")
            terminal.wait_prompt()
        self.peer(daemon)
        daemon.command("/name 2 kettle")
        terminal.wait_seen("kettle")
        terminal.write("/info ket\t")
        terminal.wait_input("/info kettle")

    def test_views(self):
        daemon = self.controlled()
        one, _ = self.peer(daemon)
        client = self.on_pipes()
        for view, shown in (("hex", "68 65 78"), ("size", "4 bytes"), ("text", "← text")):
            client.line(f"/view {view}")
            client.wait_output(f"view {view}\n")
            one.sendall(view.encode())
            client.wait_output(shown)
        client.line("/view none")
        client.wait_output("view none\n")
        one.sendall(b"unseen")
        daemon.wait("message", text="unseen")
        one.close()
        client.wait_output("#1 closed")
        self.assertNotIn(b"unseen", client.stdout.copy())

    def test_attacks(self):
        daemon = self.controlled()
        one, _ = self.peer(daemon)
        terminal = self.on_terminal(env={"NO_COLOR": "1"})
        one.sendall(b"\x1b[2J\x1b]0;owned\x07\xff\x9b31m\r#1 forged " + "\u202e".encode() + b"end.")
        seen = terminal.wait_seen("end.")
        self.assertIn("\\x1b[2J\\x1b]0;owned\\x07\\xff\\x9b31m\\r#1 forged \\u202eend.", seen)
        self.assertNotIn(b"\x1b[2J", terminal.stdout.copy())

    def test_colours(self):
        daemon = self.controlled()
        for env, wanted in (({}, True), ({"NO_COLOR": "1"}, False)):
            terminal = self.on_terminal(env=env)
            _, number = self.peer(daemon)
            terminal.wait_seen(f"#{number} connected")
            self.assertEqual(b"\x1b[2m" in terminal.stdout.copy(), wanted)

    def test_paths_are_relative_to_here(self):
        daemon = self.controlled(preexec=lambda: os.chdir("/"))
        one, _ = self.peer(daemon)
        self.file("data", "of a file")
        client = self.on_pipes()
        client.line("/file 1   data ")
        self.expect(one, "of a file")
        client.wait_output("9 bytes")

    def test_read_only(self):
        daemon = self.controlled()
        one, _ = self.peer(daemon)
        terminal = self.on_terminal("--read-only")
        self.assertIn("read-only", terminal.wait_seen("attached"))
        terminal.line("@1 hello")
        terminal.wait_seen("error: this console is read-only, and /send is not for it")
        one.sendall(b"but sees everything")
        terminal.wait_seen("but sees everything")
        self.assertEqual(daemon.seen("sent"), [])
        terminal.write("/shu\t")
        terminal.wait_input("/shu")
        terminal.line("tdown")
        terminal.wait_seen("/shutdown is not for it")
        daemon.command("/peers")

    def test_a_read_only_socket(self):
        daemon = self.daemon("tcp://127.0.0.1:0", f"--control={self.control}?access=read", count=1)
        self.peer(daemon)
        terminal = self.on_terminal()
        self.assertIn("read-only", terminal.wait_seen("attached"))
        terminal.line("/close 1")
        terminal.wait_seen("error: this console is read-only")


class JsonTest(AttachCase):
    """--json: what the daemon says as it is, and the lines of stdin, whatever that is."""

    def talk(self, *args, data=b"", status=0):
        output = self.run_telex("attach", "--json", *args, self.control, data=data, status=status)
        return [json.loads(line) for line in output.splitlines()]

    def test_a_script_gets_its_answers(self):
        daemon = self.controlled()
        self.peer(daemon)
        for data in (b"/peers", b"/peers\n", b"/peers\n\n\n"):
            events = self.talk(data=data)
            self.assertEqual([event["event"] for event in events], ["hello", "result"])
            self.assertEqual((events[1]["input"], events[1]["command"]), (1, "peers"))
            self.assertEqual([each["peer"] for each in events[1]["peers"]], [1])
        self.assertEqual([event["event"] for event in self.talk()], ["hello"])

    def test_answers_bear_the_numbers_of_the_input(self):
        daemon = self.controlled()
        one, _ = self.peer(daemon)
        events = self.talk("--only=1", "--grep=x", "--view=size", "--read-only",
                           data=b"/to 1\n\n@1 hi\n/info 1\n")
        self.assertEqual([(event["event"], event["input"], event["command"])
                          for event in events if "input" in event],
                         [("result", 1, "to"), ("error", 3, "send"), ("result", 4, "info")])
        self.assertIn("read-only", events[-2]["error"])
        one.close()

    def test_events_while_it_lasts(self):
        daemon = self.controlled("tcp://127.0.0.1:0?framing=line", count=2)
        one, _ = self.peer(daemon)
        two, _ = self.peer(daemon, 1)
        console = Console(self, [program("TELEX"), "attach", "--json", "--only=2", "--grep=WARM",
                                 self.control])
        console.command("/to 2")
        one.sendall(b"warm")
        two.sendall(b"cold\nwarm\n")
        self.assertEqual(console.wait("message")["peer"], 2)
        self.assertEqual([event["text"] for event in console.seen("message")], ["warm\n"])
        self.peer(daemon)
        console.wait("open", peer=3)
        console.line("text")
        self.expect(two, "text\n")
        console.close_stdin()
        console.wait_end(0)
        two.close()

    def test_many_lines(self):
        daemon = self.controlled()
        one, _ = self.peer(daemon)
        lines = ["/to 1", *(f"line {number}" for number in range(5000))]
        events = self.talk("--view=none", data="\n".join(lines).encode())
        self.assertEqual([event["input"] for event in events if event["event"] == "result"],
                         list(range(1, 5002)))
        self.expect(one, "".join(f"{line}\n" for line in lines[1:]))

    def test_the_script_leaves_by_itself(self):
        self.controlled()
        events = self.talk(data=b"/quit\n/peers\n", status=1)
        self.assertEqual([event.get("command") for event in events], [None, "quit"])
        self.assertEqual(len(self.talk(data=b"/quit\n")), 2)

    def test_shutdown(self):
        daemon = self.controlled()
        self.peer(daemon)
        events = self.talk(data=b"/shutdown\n")
        daemon.wait_end(0)
        self.assertEqual([(event["input"], event["command"]) for event in events
                          if event["event"] == "result"], [(1, "shutdown")])

    def test_what_cannot_be_set_is_said(self):
        self.controlled()
        run = self.telex("attach", "--json", "--only", "7", self.control)
        run.wait_end(1)
        run.wait_diagnostic("telexd refuses: no peer '7' on the line\n")
        run = self.telex("attach", "--only", "7", self.control)
        run.wait_end(1)
        run.wait_diagnostic("telexd refuses: no peer '7' on the line\n")

    def test_what_is_no_telexd(self):
        self.refuse_telex(["attach", "--json", self.control], 1, "cannot attach")
        listener = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(self.control)
        listener.listen()
        client = self.telex("attach", "--json", self.control)
        self.accept(listener).sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        client.wait_end(1)
        client.wait_diagnostic("what answers there is no telexd")

    def test_the_daemon_is_gone(self):
        daemon = self.controlled()
        idle = Console(self, [program("TELEX"), "attach", "--json", self.control])
        idle.command("/peers")
        daemon.signal(signal.SIGKILL)
        daemon.wait_end(-signal.SIGKILL)
        idle.wait_end(0)


class FollowTest(AttachCase):
    def test_view_and_time(self):
        daemon = self.controlled("--view=none")
        one, _ = self.peer(daemon)
        console = self.on_pipes("--follow", "--view=hex", "--time=iso")
        self.wait_attached(1)
        one.sendall(b"abc")
        output = console.wait_output("61 62 63").decode()
        self.assertRegex(output, r"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* .*#1")

    def test_shows_and_reads_nothing(self):
        daemon = self.controlled("tcp://127.0.0.1:0?framing=line", count=2)
        one, _ = self.peer(daemon)
        two, _ = self.peer(daemon, 1)
        console = self.on_pipes("--follow", "--only", "2", "--grep", "warm")
        console.close_stdin()
        self.wait_attached(1)
        two.sendall(b"cold\n")
        self.attach(self.control).command("@2 warm")
        output = console.wait_output("warm").decode()
        two.sendall(b"luke WARM\n")
        one.sendall(b"warm")
        output = console.wait_output("luke WARM").decode()
        self.assertNotIn("cold", output)
        self.assertNotIn("#1", output)
        console.signal(signal.SIGTERM)
        console.wait_end(-signal.SIGTERM)

    def test_lines_end_with_the_daemon(self):
        daemon = self.controlled()
        lines = self.telex("attach", "--follow", "--json", self.control)
        self.wait_attached(1)
        self.peer(daemon)
        lines.wait_output('"open"')
        daemon.stop()
        lines.wait_end(0)

    def test_comes_back(self):
        """However the daemon ended."""
        daemon = self.controlled()
        text = self.on_pipes("--follow")
        self.wait_attached(1)
        self.peer(daemon)
        text.wait_output("#1")
        for end in (daemon.stop, lambda: self.kill(daemon)):
            end()
            daemon = self.controlled()
            self.wait_attached(1)
            one, _ = self.peer(daemon)
            one.sendall(b"said to " + str(daemon.pid).encode())
            text.wait_output(f"said to {daemon.pid}")
        self.assertEqual(text.stderr.copy().count(b"trying again"), 2)
        self.assertEqual(text.stderr.copy().count(b"attached again"), 2)
        text.signal(signal.SIGTERM)
        text.wait_end(-signal.SIGTERM)

    def test_ends_with_its_reader(self):
        daemon = self.controlled()
        for option in ("--follow", "--json"):
            before = self.attach(self.control).hello["console"] - 1
            reading, writing = os.pipe()
            client = self.on_pipes("--follow", option, stdout=writing)
            os.close(writing)
            self.wait_attached(before + 1)
            self.peer(daemon)
            os.read(reading, 1)
            os.close(reading)
            self.peer(daemon)
            client.wait_end(0)
            self.assertEqual(client.stderr.copy(), b"")

    def test_on_a_terminal(self):
        """There is no prompt, and what is typed is nobody's business."""
        daemon = self.controlled()
        terminal = Terminal(self, [program("TELEX"), "attach", "--follow", self.control])
        self.wait_attached(1)
        self.peer(daemon)
        terminal.wait_seen("#1")
        terminal.write("\x03")
        terminal.wait_end(-signal.SIGINT)


class EndTest(AttachCase):
    def test_ways_to_leave(self):
        daemon = self.controlled()
        for leave in ("/quit\r", "/q\r", "\x04", "\x03"):
            with self.subTest(leave=leave):
                terminal = self.on_terminal()
                terminal.write(leave)
                terminal.wait_end(-signal.SIGINT if leave == "\x03" else 0)
                self.assertEqual(terminal.stderr.copy(), b"")
                daemon.command("/peers")

    def test_signals(self):
        daemon = self.controlled()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            terminal = self.on_terminal()
            terminal.signal(number)
            terminal.wait_end(-number)
        terminal = self.on_terminal()
        terminal.hang_up()
        terminal.wait_end(-signal.SIGHUP)
        daemon.command("/peers")

    def test_signals_that_are_ignored(self):
        daemon = self.controlled()
        console = Program(self, [program("TELEX"), "attach", self.control],
                          preexec=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        console.line("/peers")
        console.wait_output("nobody")
        console.signal(signal.SIGHUP)
        console.line("/listeners")
        console.wait_output("tcp://")
        console.signal(signal.SIGTERM)
        console.wait_end(-signal.SIGTERM)
        daemon.command("/peers")

    def test_interrupt_clears_what_is_typed(self):
        self.controlled()
        terminal = self.on_terminal()
        terminal.write("half a line")
        terminal.wait_input("half a line")
        terminal.write("\x03")
        terminal.wait_prompt()
        terminal.line("/stats")
        terminal.wait_seen("loop")

    def test_shutdown(self):
        daemon = self.controlled()
        one, _ = self.peer(daemon)
        terminal = self.on_terminal()
        terminal.insist(lambda: terminal.line("/shutdown"))
        terminal.wait_seen("#1 closed (shutdown)")
        terminal.wait_seen("telexd has ended")
        terminal.wait_end(0)
        self.expect_end(one)
        daemon.wait_end(0)

    def test_shutdown_from_a_script(self):
        daemon = self.controlled()
        self.run_telex("attach", self.control, data=b"/shutdown\n")
        daemon.wait_end(0)

    def test_a_script_gets_all_its_answers(self):
        daemon = self.controlled()
        one, _ = self.peer(daemon)
        lines = ["/to 1"] + [f"line {number}" for number in range(2000)] + ["", "/nonsense", ""]
        output = self.run_telex("attach", self.control, data="\n".join(lines).encode()).decode()
        wanted = "".join(f"line {number}\n" for number in range(2000)) + "\n"
        self.expect(one, wanted)
        shown = re.findall(r"#1 +→ line (\d+)\\n", output)
        self.assertEqual(shown, [str(number) for number in range(2000)])
        self.assertIn("error: unknown command '/nonsense'", output)
        self.assertTrue(output.rstrip().endswith("sends /TEXT"))

    def test_nobody_reads(self):
        daemon = self.controlled()
        reading, writing = os.pipe()
        client = self.on_pipes(stdout=writing)
        os.close(writing)
        os.close(reading)
        self.peer(daemon)
        client.line("/quit")
        client.wait_end(0)


class LossTest(AttachCase):
    """The daemon goes away under the console, and perhaps comes back."""

    def test_the_daemon_is_restarted(self):
        daemon = self.controlled()
        self.peer(daemon)
        terminal = self.on_terminal()
        terminal.line("/to 1")
        terminal.wait_prompt("#1")
        terminal.line("/view size")
        terminal.wait_seen("view size")
        terminal.write("half a li")
        terminal.wait_input("half a li")
        self.kill(daemon)
        terminal.wait_seen("connection to telexd was lost; trying again")
        terminal.wait_seen("no target")
        terminal.wait_screen(lambda each: each.input_line() == "> half a li", "what was typed")
        again = self.controlled()
        one, _ = self.peer(again)
        terminal.wait_seen("attached again to telexd")
        terminal.wait_screen(lambda each: each.input_line() == "> half a li", "what was typed")
        terminal.line("ne")
        terminal.wait_seen("error: no target")
        terminal.line("@1 hello")
        self.expect(one, "hello\n")
        terminal.wait_seen("#1 → 6 bytes")  # the view is still what was chosen
        again.stop()
        terminal.wait_screen(lambda each: sum("was lost" in line for line in each.lines()) == 2,
                             "the second loss")

    def test_typing_meanwhile_is_refused(self):
        daemon = self.controlled()
        terminal = self.on_terminal()
        self.kill(daemon)
        terminal.wait_seen("trying again")
        terminal.line("to nobody")
        terminal.wait_seen("error: there is no connection to telexd, and nothing was done")
        again = self.controlled()
        terminal.wait_seen("attached again")
        terminal.write("\x1b[A")
        terminal.wait_input("to nobody")
        terminal.write("\x04\x15")
        terminal.wait_prompt()
        again.command("/peers")

    def test_leaving_meanwhile(self):
        for leave in ("/quit\r", "/q\r", "\x04", "\x03"):
            daemon = self.controlled()
            terminal = self.on_terminal()
            self.kill(daemon)
            terminal.wait_seen("trying again")
            terminal.write(leave)
            terminal.wait_end(-signal.SIGINT if leave == "\x03" else 0)

    def test_a_daemon_that_stands_still(self):
        daemon = self.controlled()
        terminal = self.on_terminal()
        daemon.signal(signal.SIGSTOP)
        other = self.on_pipes()
        other.wait_diagnostic("does not answer yet")
        terminal.line("/quit")
        terminal.wait_end(0)
        daemon.signal(signal.SIGCONT)
        other.close_stdin()
        other.wait_end(0)

    def test_what_was_not_answered_is_said(self):
        daemon = self.controlled()
        terminal = self.on_terminal()
        daemon.signal(signal.SIGSTOP)
        terminal.line("/stats")
        terminal.line("/name 1 boiler")
        terminal.wait_prompt()
        self.kill(daemon)
        terminal.wait_seen("before '/stats' was answered")
        terminal.wait_seen("before '/name 1 boiler' was answered")

    def test_what_is_shown_stays_so(self):
        """But for numbers, which are other peers of another daemon."""
        daemon = self.controlled()
        self.peer(daemon)
        console = self.on_pipes()
        console.line("/only 1,boiler")
        console.line("/grep warm")
        console.wait_output("contain 'warm'")
        self.kill(daemon)
        console.wait_diagnostic("trying again")
        again = self.controlled("tcp://127.0.0.1:0?framing=line", count=2)
        console.wait_diagnostic("forgotten them\n")
        console.wait_diagnostic("attached again")
        one, _ = self.peer(again, 1)
        two, _ = self.peer(again, 1)
        again.command("/name 2 boiler")
        one.sendall(b"luke warm\n")
        again.wait("message", peer=1)
        two.sendall(b"cold\nwarm\n")
        output = console.wait_output(" warm\\n").decode()
        self.assertNotIn("luke", output)
        self.assertNotIn("cold", output)

    def test_a_read_only_console_stays_so(self):
        daemon = self.controlled()
        terminal = self.on_terminal()
        terminal.line("/read-only")
        terminal.wait_seen("changes nothing from here on")
        self.kill(daemon)
        terminal.wait_seen("trying again")
        again = self.controlled()
        self.assertIn("read-only", terminal.wait_seen("attached again"))
        terminal.line("/shutdown")
        terminal.wait_seen("error: this console is read-only")
        again.command("/peers")

    def test_a_script_is_refused_until_it_is_back(self):
        """What is meant for peers of one daemon must not reach those of the next."""
        daemon = self.controlled()
        client = self.on_pipes()
        client.line("/view text")
        client.wait_output("view text")
        self.kill(daemon)
        client.wait_diagnostic("trying again")
        client.line("@1 meant for the first")
        client.wait_output("error: there is no connection to telexd, and nothing was done")
        again = self.controlled()
        client.wait_diagnostic("attached again")
        self.peer(again)
        client.wait_output("#1 connected")
        client.line("/peers")
        client.wait_output("PEER  NAME")
        self.assertEqual(again.seen("sent"), [])
        client.close_stdin()
        client.wait_end(1)

    def test_a_script_that_ended_does_not_wait(self):
        daemon = self.controlled()
        client = self.on_pipes()
        client.line("/view text")
        client.wait_output("view text")
        daemon.signal(signal.SIGSTOP)
        client.line("/stats")
        client.close_stdin()
        self.kill(daemon)
        client.wait_end(1)
        # which of the two depends on whether the line was read before the end was
        self.assertRegex(client.stdout.copy(),
                         b"before '/stats' was answered|there is no connection to telexd")

    def complete_in_the_end(self, terminal, typed, completed):
        """Types it and Tab until what it stands for has become known."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            terminal.write(typed + "\t|")
            terminal.wait_input("|")
            if terminal.input_line().endswith((completed + "|", completed + " |")):
                return
            terminal.write("\x15")
            terminal.wait_prompt()
        terminal.fail(f"{typed!r} is not completed to {completed!r}")

    def test_events_that_the_daemon_skipped(self):
        """It is stopped while much happens: it says so, and knows afterwards who is there."""
        daemon = self.daemon("tcp://127.0.0.1:0?framing=line&half-close=0",
                             f"--control={self.control}", count=1)
        one, _ = self.peer(daemon)
        two, _ = self.peer(daemon)
        reading = self.attach(self.control)
        terminal = self.on_terminal()
        terminal.line("/to 2")
        terminal.wait_prompt("#2")
        terminal.signal(signal.SIGSTOP)
        for _ in range(64):
            one.sendall(b"x" * 65535 + b"\n")
            reading.wait("message", size=65536)
        three, _ = self.peer(daemon)
        daemon.command("/name 3 kettle")
        one.close()
        reading.wait("close", peer=1)
        terminal.signal(signal.SIGCONT)
        terminal.wait_seen("not shown, because this console was not read")
        self.complete_in_the_end(terminal, "/info ket", "/info kettle")
        terminal.write("\x15")
        terminal.wait_prompt("#2")
        terminal.line("hello")
        self.expect(two, "hello\n")
        terminal.line("@kettle hello")
        self.expect(three, "hello\n")


if __name__ == "__main__":
    main()
