# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command that README and the manual pages show is run here, or is known to be run by
.ci/run; what they show as its output is compared, but for times, ports and figures."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import threading
import time
import unittest

import documents
import world
from certificates import Certificates
from telex_test import DEADLINE, Program, Terminal, TestCase, has_tls, main, program
from test_bench import Server
from web_peer import TEXT, WebPeer, request

NODE_WS = "/usr/share/nodejs/ws"

README, TELEXD, CONF, TELEX, BENCH, JSON = documents.PAGES

# What is not run here: who runs it, or why nobody does.
ELSEWHERE = {
    "tools/test": ".ci/run",
    "tools/package": ".ci/run",
    "tools/bench --quick": "a measurement, which needs a quiet machine",
    "tools/bench": "a measurement",
    "tools/bench --list": "test_bench_script",
    "meson setup build --buildtype=release": "test_install",
    "ninja -C build": "test_install",
    "meson install -C build": "test_install",
    "sudo apt install ./build/package/*.deb": "changes the machine",
    "sudo systemctl enable --now telexd": "changes the machine",
    "ssh -t gateway telex attach": "needs another machine",
    "tools/fleet": "builds a release; a fleet of brokers, nodes and operators is in test_fleet",
    "telex fleet --node berlin --nats nats://hub.example.net": "test_fleet_commands",
    "telex attach nats://hub.example.net": "test_fleet_attach",
}

RUN_HERE = set()


def setUpModule():
    world.enter()


def runs(page, *commands):
    """Marks a test as the one that runs these commands of a page."""
    RUN_HERE.update((page, command) for command in commands)
    return lambda test: test


class DocsCase(TestCase):
    """A folder in which the programs are found by their names, as a reader has them."""

    def setUp(self):
        super().setUp()
        for name, variable in (("bin/telexd", "TELEXD"), ("bin/telex", "TELEX"),
                               ("bin/telex-bench", "TELEX_BENCH"), ("tools/run", "TELEXD"),
                               ("build/release/src/telex", "TELEX")):
            os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
            os.symlink(program(variable), self.path(name))
        self.env = {"PATH": self.path("bin") + ":" + os.environ["PATH"], "PS1": "$ ",
                    **self.names("localhost", "127.0.0.1", "www.example.com", "meter7")}

    def names(self, *names):
        """What has these names, and no others, be this machine: see shim/names.c."""
        os.mkdir(self.path("names"))
        for name in names:
            self.file(os.path.join("names", name), "127.0.0.1\n")
        options = os.environ.get("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=1:exitcode=99")
        return {"NAMES": self.path("names"), "LD_PRELOAD": os.environ["TELEX_NAMES"],
                "ASAN_OPTIONS": options + ":verify_asan_link_order=0"}

    def shell(self, command):
        """The command and all that it starts, which end with the test."""
        run = Program(self, ["sh", "-c", "exec " + command], env=self.env, new_session=True)
        self.addCleanup(self.end_session, run.pid)
        return run

    def terminal(self, command, columns=100):
        run = Terminal(self, ["sh", "-c", f"exec {command} 2>&1"], rows=60, columns=columns,
                       env=self.env)
        self.addCleanup(self.end_session, run.pid)
        return run

    @staticmethod
    def end_session(session):
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.getsid(int(pid)) == session:
                    os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                pass

    def wait_for(self, judge, what):
        """Waits for what no output tells of."""
        for _ in range(int(DEADLINE * 50)):
            if judge():
                return
            threading.Event().wait(0.02)
        self.fail(f"waited for {what}")

    def tcp_to(self, port):
        """A connection, as soon as somebody listens there."""
        one = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
        self.wait_for(lambda: one.connect_ex(("127.0.0.1", port)) == 0, f"port {port}")
        return one

    def wait_socket(self, path):
        self.wait_for(lambda: os.path.exists(path), path)

    def serve(self, command, *ports):
        """A daemon by that command, once it takes a call on these ports, and a signal."""
        daemon = self.shell(command)
        try:
            for port in ports:
                self.tcp_to(port).close()
            self.wait_for(lambda: self.catches(daemon.pid, signal.SIGTERM), "a handler")
        except AssertionError as error:
            daemon.fail(str(error))
        return daemon

    @staticmethod
    def catches(pid, number):
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            caught = int(re.search(r"^SigCgt:\t(\w+)", file.read(), re.M)[1], 16)
        return caught >> (number - 1) & 1


class CompletenessTest(TestCase):
    def test_every_command_is_run(self):
        shown = {(page, command) for page in documents.PAGES
                 for command in documents.commands(page)}
        known = RUN_HERE | {(README, command) for command in ELSEWHERE}
        self.assertEqual(shown - known, set(), "commands that no test runs")
        self.assertEqual(known - shown, set(), "tests of commands that no page shows")

    def test_ci_runs_the_others(self):
        with open(os.path.join(documents.ROOT, ".ci", "run"), encoding="utf-8") as file:
            text = file.read()
        for command, where in ELSEWHERE.items():
            if where == ".ci/run":
                self.assertIn(f" {command}\n", text)


class Player:
    """Types what a transcript of a shell shows as typed, and waits for what it shows as said.

    before: what to do before a line that contains a text is waited for.
    """

    PROMPT = re.compile(r"(?:\$|(?:#\d+(?: \S+)?)?>)(?: |$)")

    def __init__(self, case, block, before=None):
        self.block = block
        self.before = before or {}
        self.terminal = case.terminal("bash --norc -i")
        self.terminal.wait_input("$")

    def seen(self):
        """The lines on the screen, without what a shell says of its jobs, and with what one of
        them said behind a prompt on a line of its own."""
        lines = [re.sub(r"^\$ (?=telexd: )", "", line) for line in self.terminal.lines()]
        return [documents.shape(line) for line in lines
                if line and line != "$" and not re.match(r"\[\d+\]", line)]

    def wait_prompt(self, prompt):
        if prompt == "$" and self.terminal.input_line() == "":
            self.terminal.line("")
        self.terminal.wait_input(prompt)

    def wait_for(self, count):
        wanted = [documents.shape(line) for line in self.block[:count]]
        self.terminal.wait_screen(lambda _: self.seen()[:count] == wanted,
                                  f"line {count} of the transcript:\n" + "\n".join(wanted))

    def play(self):
        for number, line in enumerate(self.block, 1):
            for text, action in self.before.items():
                if text in line:
                    action()
            prompt = self.PROMPT.match(line)
            if prompt:
                self.wait_prompt(prompt[0].rstrip())
                self.terminal.line(line[prompt.end():])
            if line != self.block[-1] or not prompt:
                self.wait_for(number)


class TourTest(DocsCase):
    """The first screen of README: four terminals."""

    def compare(self, terminal, block):
        wanted = [documents.shape(line) for line in block[1:]]
        terminal.wait_screen(lambda terminal: self.shapes(terminal) == wanted, "\n".join(wanted))

    @staticmethod
    def shapes(terminal):
        return [documents.shape(line) for line in terminal.lines() if line]

    @runs(README, "tools/run", "nc localhost 9999", "build/release/src/telex udp://localhost")
    def test_tour(self):
        desk = self.terminal("tools/run")
        desk.wait_prompt()
        one = self.terminal("nc localhost 9999")
        desk.wait_seen("goes to #1")
        one.line("hello, is anybody there?")
        desk.wait_seen("#1 ← hello")
        desk.line("yes, this is Telex")
        one.wait_seen("yes, this is Telex")
        boiler = self.terminal("nc localhost 9999")
        desk.wait_seen("#2 connected")
        boiler.line("boiler 7 calling")
        desk.wait_seen("#2 ← boiler")
        desk.line("/name 2 boiler")
        desk.wait_seen("#2 is called boiler")
        desk.line("@boiler how warm is it?")
        boiler.wait_seen("how warm")
        boiler.line("71.5 degrees")
        desk.wait_seen("← 71.5")
        guest = self.terminal("build/release/src/telex udp://localhost")
        guest.wait_seen("opened")
        guest.wait_prompt("udp://localhost:21567")
        guest.line("a datagram")
        guest.wait_seen("] a datagram")
        desk.wait_seen("] a datagram")
        desk.line("@3 your datagram is here")
        guest.wait_seen("your datagram")
        desk.line("/peers")
        shown = [block for block in documents.blocks(README)
                 if block[0] in ("$ tools/run", "$ nc localhost 9999",
                                 "$ build/release/src/telex udp://localhost")]
        for terminal, block in zip((desk, one, boiler, guest), shown, strict=True):
            self.compare(terminal, block)

    @runs(README, "nc -u localhost 21567")
    def test_datagrams(self):
        daemon = self.shell("tools/run")
        daemon.wait_output("listening on udp")
        call = self.shell("nc -u localhost 21567")
        call.line("hi")
        call.wait_output("] hi\n")


class DeskTest(DocsCase):
    @runs(README, '/bytes 3 02 "temp?\\r\\n" 0x03', "/file 3 firmware.bin", "/view hex")
    def test_bytes_and_files(self):
        self.file("firmware.bin", "firmware")
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        peers = []
        for number in (1, 2, 3):
            peers.append(self.tcp(daemon.port))
            daemon.wait_output(f"#{number} connected")
        daemon.line('/bytes 3 02 "temp?\\r\\n" 0x03')
        self.expect(peers[2], b"\x02temp?\r\n\x03")
        daemon.line("/file 3 firmware.bin")
        self.expect(peers[2], "firmware")

    def test_view_hex_is_shown_so(self):
        block = documents.transcript(README, "#1> /view hex")
        desk = self.terminal("telexd 4001", columns=80)
        self.tcp_to(4001)
        desk.wait_prompt("#1")
        for line in block:
            if line.startswith("#1> "):
                desk.line(line[4:])
        desk.line("@1 temp?")
        wanted = [documents.shape(line) for line in block]
        desk.wait_screen(lambda _: self.lines_of(desk)[-len(wanted):] == wanted, wanted)

    def test_a_folded_message_is_shown_so(self):
        block = next(block for block in documents.blocks(README) if '← {"' in block[0])
        desk = self.terminal("telexd", columns=80)
        self.tcp_to(9999)
        desk.wait_prompt("#1")
        boiler = self.tcp_to(9999)
        desk.wait_seen("#2 connected")
        desk.line("/name 2 boiler")
        desk.wait_seen("is called boiler")
        datagrams = self.udp(21567)
        datagrams.send(b"hello")
        desk.wait_seen("] hello")
        text = "".join(re.sub(r"^(\S+ #2 boiler +← | +│ )", "", line) for line in block[:3])
        boiler.sendall(text.replace("\\n", "\n").encode())
        desk.wait_seen("alarm")
        datagrams.send(b"ping")
        wanted = [documents.shape(line) for line in block]
        desk.wait_screen(lambda _: self.lines_of(desk)[-len(wanted):] == wanted, wanted)

    @staticmethod
    def lines_of(desk):
        return [documents.shape(line) for line in desk.lines() if line and line != "#1>"]

    @runs(README, "telexd 4001",
          "telexd 'tcp://*:4001?framing=line&eol=crlf&name=meters' 'udp://[::1]:5000?reply=echo'",
          "telexd '/tmp/meters.sock?mode=0660' tcp://127.0.0.1:0",
          "telexd unix:@meters tcp://localhost:postgresql",
          "telexd 'udp://239.1.2.3:5000?interface=eth0'")
    def test_where_to_listen(self):
        found = [command for command in documents.commands(README)
                 if re.match(r"telexd (4001|'(?!.*to=|ws)|unix)", command)]
        self.assertEqual(len(found), 5)
        for command in found:
            daemon = self.shell(command.replace("/tmp/", self.directory + "/")
                                .replace("eth0", "lo"))
            count = len(command.split()) - 1
            daemon.until(lambda daemon=daemon, count=count:
                         True if daemon.stdout.data.count(b"listening on") == count else None,
                         f"{count} listeners")
            daemon.stop()

    def test_listeners_are_shown_so(self):
        block = documents.transcript(README, "#1> /listeners")
        desk = self.terminal("telexd 'tcp://*:4001?framing=line&name=meters' "
                             "'udp://*:21567?reply=echo' unix:/run/meters.sock")
        self.tcp_to(4001)
        desk.wait_prompt("#1")
        desk.line("/listeners")
        desk.wait_seen("meters.sock  -")
        shown = "\n".join(self.lines_of(desk)[-4:]).replace("/run/", "/tmp/")
        self.assertEqual(shown.split("\n"), [documents.shape(line) for line in block[1:]])

    @runs(README, "telexd --allow 10.0.0.0/8 --deny 10.9.0.0/16",
          "telexd --max-peers 500 --max-peers-per-host 4",
          "telexd --idle-timeout 600 --max-queue 256k",
          "telexd --max-memory 256M --max-consoles 8")
    @runs(TELEXD, "telexd")
    def test_limits(self):
        commands = [command for command in documents.commands(README)
                    if re.match(r"telexd --(allow|max|idle)", command)]
        for command in commands + ["telexd"]:
            daemon = self.serve(command, 9999)
            daemon.wait_output("refused" if "--allow" in command else "#1 connected")
            daemon.stop()


class PageTest(DocsCase):
    """README's page for a browser: what it says, and its script where node has a WebSocket."""

    COMMAND = "telexd 'ws://localhost:8080?origin=null'"
    ORIGIN = "Origin: null\r\n"
    STUB = """
const Origin = class extends require(process.argv[1]) {
    constructor(place) { super(place, {origin: "null"}); } };
const elements = {say: {}, log: {append: text => process.stdout.write(text)}};
const document = {getElementById: name => elements[name]};
(function (WebSocket) { SCRIPT })(Origin);
process.stdin.on("data", data => elements.say.onchange({target: {value: String(data).trim()}}));
"""

    @runs(README, COMMAND)
    def test_what_is_typed(self):
        block = documents.transcript(README, "$ " + self.COMMAND)
        said = next(line for line in block if "←" in line).split("←")[1].strip()
        opened = []
        Player(self, block, {
            "connected: ws": lambda: opened.append(
                WebPeer.open(self, 8080, fields=self.ORIGIN, host="Host: localhost:8080\r\n")),
            "←": lambda: opened[0].say(TEXT, said.encode())}).play()
        self.assertEqual(opened[0].read(), (TEXT, block[-1].split("> ")[1].encode()))
        elsewhere = WebPeer(self, 8080, request(fields="Origin: https://app.example\r\n"))
        self.assertEqual(elsewhere.status(), 403)

    @unittest.skipUnless(shutil.which("node") and os.path.isdir(NODE_WS), "needs node and its ws")
    def test_its_script(self):
        page = "\n".join(next(block for block in documents.blocks(README)
                              if block[0] == "<!doctype html>"))
        script = self.STUB.replace("SCRIPT", page.partition("<script>")[2].partition("</script>")[0])
        daemon = self.serve(self.COMMAND, 8080)
        browser = self.shell("node -e " + shlex.quote(script) + " " + NODE_WS)
        daemon.wait_output("connected: ws")
        browser.write(b"is anybody there?\n")
        daemon.wait_output("is anybody there?")
        daemon.write(b"@* yes\n")
        browser.wait_output("yes\n")
        daemon.write(b"/shutdown\n")
        browser.wait_output("closed: 1001\n")


@unittest.skipUnless(has_tls(), "built without TLS")
class LockTest(DocsCase):
    @staticmethod
    def shapes(lines):
        lines = [re.sub(r"sha256:[0-9a-f.]+", "DIGEST", documents.shape(line)) for line in lines]
        return [line for line in lines if line]

    @runs(README, "telex tls://localhost", "telex --ca cert.pem tls://localhost",
          "telexd --cert cert.pem --key key.pem tls://*:9998",
          "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost "
          "-addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem")
    def test_a_certificate_to_try(self):
        make, listen = [command for command in documents.commands(README)
                        if re.match("openssl|telexd --cert", command)]
        block = documents.transcript(README, "$ telex tls://localhost")
        subprocess.run(["bash", "-c", make], cwd=self.directory, check=True, capture_output=True)
        self.serve(f"env -C {self.directory} {listen}", 9998)
        for number, line in enumerate(block):
            if line.startswith("$ "):
                shown = block[number + 1:]
                call = self.terminal(f"env -C {self.directory} {line[2:]}", columns=300)
                wanted = self.shapes(shown[:next((i for i, line in enumerate(shown)
                                                  if line.startswith("$ ")), len(shown))])
                call.wait_screen(lambda call, wanted=wanted: self.shapes(call.lines()) == wanted,
                                 "\n".join(wanted))

    @runs(TELEXD, "telexd tls://*:9998", "telex --pin sha256:5e8f... tls://localhost")
    def test_a_certificate_made_at_start(self):
        daemon = self.serve("telexd tls://*:9998", 9998)
        daemon.wait_output("certificate sha256:")
        pin = re.search(r"sha256:\w+", daemon.stdout.copy().decode())[0]
        call = self.terminal(f"telex --pin {pin} tls://localhost")
        call.wait_prompt("tls://localhost:9998")


    OTHERS = {"telexd tls://*:9998": "certificate sha256:",
              "telexd ws://*:8080/chat": "listening on ws://*:8080/chat",
              "telexd --call 'serial:/dev/ttyUSB0?baud=9600&again=5'": "No such file",
              "telexd --call 'exec:tail -F /var/log/messages'": "connected: exec tail -F "}

    @unittest.skipIf(os.path.exists("/dev/ttyUSB0"), "there is a device, which is not ours")
    @runs(README, *OTHERS)
    def test_other_kinds_of_lines(self):
        for command, said in self.OTHERS.items():
            daemon = self.shell(command)
            daemon.wait_output(said)
            daemon.line("/quit")
            daemon.wait_end()


class RecallTest(DocsCase):
    """What README says of seeing less, seeing it again, and lines that come again."""

    @runs(README, "/only boiler", "/mute 7,pump*", "/grep alarm", "/view 3 hex", "/show boiler 5",
          "/find alarm", "/show 3 1", "/every 5 @boiler status",
          "/bytes boiler 01 03 00 00 00 01 crc16")
    def test_at_the_desk(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        peers = []
        for number in range(1, 8):
            peers.append(self.tcp(daemon.port))
            daemon.open(peer=number)
        daemon.command("/name 1 boiler")
        peers[2].sendall(b"alarm!")
        daemon.wait("message", text="alarm!")
        for command in sorted(command for page, command in RUN_HERE
                              if page == README and re.match(r"/(?!bytes 3|file|view hex)", command)):
            daemon.command(command)
        self.expect(peers[0], b"\x01\x03\x00\x00\x00\x01\x84\x0astatus\n")
        self.assertEqual(len(daemon.seen("message", text="alarm!", replayed=True)), 2)

    @runs(README, "telexd --known '10.1.0.7 boiler' --call "
                  "'tcp://10.1.0.9:4001?again=30&name=pump'")
    def test_lines_that_come_again(self):
        command = next(each for each in documents.commands(README) if "--known" in each)
        far = self.listener()
        port = far.getsockname()[1]
        daemon = self.shell(command.replace("10.1.0.9:4001", f"127.0.0.1:{port}")
                            .replace("10.1.0.7", "127.0.0.1"))
        self.accept(far)
        daemon.wait_output("pump")
        self.tcp_to(9999)
        daemon.wait_output("is called boiler")

    @runs(README, "telex attach --follow | grep alarm",
          "telex attach --follow --only boiler --time iso >> boiler.log")
    def test_follow(self):
        daemon = self.serve("telexd --control --known '127.0.0.1 boiler'", 9999)
        self.wait_socket("/run/telex/telex.sock")
        self.file("script", "telex attach --follow | grep --line-buffered alarm")
        shown = self.shell("sh script")
        self.file("other", f"cd {self.directory}; "
                           "telex attach --follow --only boiler --time iso >> boiler.log")
        self.shell("sh other")
        daemon.wait_output("console 3 has attached")
        self.tcp_to(9999).sendall(b"alarm!\n")
        shown.wait_output("alarm!")
        self.wait_for(lambda: self.logged("alarm!"), "the log")

    def logged(self, text):
        with open(self.path("boiler.log"), encoding="utf-8") as file:
            return text in file.read()

    @runs(README, "telexd --json 'tcp://*:4001?framing=line' | "
                  "jq -j 'select(.event == \"message\") | .text'")
    def test_bytes_as_they_were(self):
        command = next(each for each in documents.commands(README) if "jq -j" in each)
        self.file("script", command.replace("jq ", "jq --unbuffered "))
        shown = self.shell("sh script")
        self.tcp_to(4001).sendall(b"one\ntwo\n")
        shown.wait_output("one\ntwo\n")
        shown.line("/quit")
        shown.wait_end()


class OperatorsTest(DocsCase):
    LOOK = "/run/telex/look.sock"

    @runs(README, "telexd --control", "telex attach", "telex attach --read-only")
    def test_attach(self):
        daemon = self.shell("telexd --control")
        meter = self.tcp_to(9999)
        daemon.wait_output("#1 connected")
        self.wait_socket("/run/telex/telex.sock")
        looks = self.terminal("telex attach --read-only")
        looks.wait_prompt()
        looks.line("/stats")
        looks.line("/name 1 boiler")
        looks.wait_seen("read-only")
        looks.write("\x04")
        looks.wait_end()
        daemon.stop()
        meter.close()

    @runs(README, "telexd --control --control='/run/telex/look.sock?access=read&mode=0666'",
          "telex attach /run/telex/look.sock",
          "echo '@boiler good night' | socat - UNIX:/run/telex/telex.sock")
    @runs(TELEXD, "telex attach", "telex attach /run/telex/look.sock",
          "echo /peers | socat - UNIX:/run/telex/telex.sock")
    @runs(TELEX, "telex attach", "echo /peers | telex attach")
    @runs(JSON, "echo /peers | socat - UNIX:/run/telex/telex.sock")
    def test_several_operators(self):
        daemon = self.shell(next(command for command in documents.commands(README)
                                 if self.LOOK + "?" in command))
        meter = self.tcp_to(9999)
        daemon.wait_output("#1 connected")
        self.wait_socket(self.LOOK)
        self.play_both(daemon, meter)
        self.check_answer(meter)
        for command in ("echo /peers | telex attach",
                        "echo /peers | socat - UNIX:/run/telex/telex.sock"):
            asked = self.shell("bash -c " + repr(command))
            asked.close_stdin()
            asked.wait_output("boiler")
            asked.wait_end()

    def play_both(self, daemon, meter):
        """One works, one looks on, and the first console speaks too."""
        looks = Player(self, documents.transcript(README, f"$ telex attach {self.LOOK}"))

        def look_on():
            looks.terminal.line(looks.block[0][2:])
            looks.terminal.wait_prompt()

        work = Player(self, documents.transcript(README, "$ telex attach"), {
            "console 3 has": look_on,
            "→ how warm is it?": lambda: work.terminal.line("@boiler how warm is it?"),
            "71.5 degrees": lambda: meter.sendall(b"71.5 degrees\n"),
            "thank you": lambda: daemon.line("@boiler thank you"),
        })
        work.play()
        looks.terminal.line(looks.block[-2].removeprefix("(read-only)> "))
        looks.wait_for(len(looks.block))

    def check_answer(self, meter):
        block = next(block for block in documents.blocks(README)
                     if block[0].startswith("$ echo '@boiler"))
        asked = self.shell("bash -c " + '"' + block[0][2:] + '"')
        asked.close_stdin()
        asked.wait_end()
        shown = asked.stdout.copy().decode().splitlines()
        self.assertEqual([sorted(json.loads(line)) for line in shown],
                         [sorted(json.loads(line)) for line in block[1:]])
        self.assertIn(b"good night\n", meter.recv(1000))

    @runs(TELEXD, "telexd --no-console --control "
                  "--control='/run/telex/look.sock?access=read&mode=0666'")
    def test_no_console(self):
        daemon = self.serve("telexd --no-console --control "
                            f"--control='{self.LOOK}?access=read&mode=0666'", 9999)
        self.wait_socket(self.LOOK)
        daemon.stop()
        self.assertEqual(daemon.stdout.copy(), b"")

    def test_json_lines_are_so(self):
        """The conversation of "For programs": the same events with the same fields."""
        block = next(block for block in documents.blocks(README) if '"event":"open"' in block[0])
        daemon = self.daemon("tcp://127.0.0.1:9999")
        meter = self.tcp(9999)
        meter.sendall(b"71.5 degrees\n")
        daemon.wait("message")
        daemon.ask(next(line for line in block if line.startswith("@")))
        shown = [event for event in daemon.parse() if event["event"] != "listening"]
        wanted = [json.loads(line) for line in block if line.startswith("{")]
        self.assertEqual([list(event) for event in shown], [list(event) for event in wanted])


class ServiceTest(DocsCase):
    @runs(README, "cat telexd.conf", "telexd --config telexd.conf &", "telex attach",
          "sed -i 's/500/5/' telexd.conf; kill -HUP %1",
          "echo 'max-peers x' >> telexd.conf; kill -HUP %1",
          "curl -s http://127.0.0.1:9155/metrics | grep tcp_peers")
    def test_as_a_service(self):
        config = documents.transcript(README, "$ cat telexd.conf")
        end = next(i for i, line in enumerate(config) if line.startswith("$ telexd"))
        self.file("telexd.conf", "\n".join(config[1:end]) + "\n")
        rest = [line for block in documents.blocks(README) for line in block
                if block[0].startswith(("$ sed", "$ curl"))]
        player = Player(self, config + rest, {
            "$ telex attach": lambda: self.peer_and_console(),
        })
        player.play()
        player.terminal.line("kill %1; wait; exit")
        player.terminal.wait_end(None)

    def peer_and_console(self):
        self.tcp_to(4001)
        self.wait_socket("/run/telex/telex.sock")

    @runs(TELEXD, "telexd --metrics tcp://127.0.0.1:9155", "curl http://127.0.0.1:9155/metrics")
    def test_metrics(self):
        self.serve("telexd --metrics tcp://127.0.0.1:9155", 9999, 9155)
        asked = self.shell("curl http://127.0.0.1:9155/metrics")
        asked.wait_end()
        self.assertIn(b"telex_bytes_in_total 0\n", asked.stdout.copy())

    @runs(TELEXD, "telexd --allow 10.1.0.0/16 "
                  "'tcp://*:4001?framing=line&eol=crlf&name=meters'")
    def test_one_network(self):
        daemon = self.serve("telexd --allow 10.1.0.0/16 "
                            "'tcp://*:4001?framing=line&eol=crlf&name=meters'", 4001)
        daemon.wait_output("refused")

    SERIAL = ("telexd --call 'serial:/dev/ttyUSB0?baud=9600&framing=line&name=scale&again=5' "
              "'tcp://*:4000?framing=line&to=scale'")

    @unittest.skipIf(os.path.exists("/dev/ttyUSB0"), "there is a device, which is not ours")
    @runs(TELEXD, SERIAL)
    @runs(TELEX, "telex --reconnect 'serial:/dev/ttyUSB0?baud=9600'")
    def test_serial_line(self):
        daemon = self.shell(self.SERIAL)
        daemon.wait_output("No such file or directory")
        self.expect_end(self.tcp_to(4000))
        client = self.shell("telex --reconnect 'serial:/dev/ttyUSB0?baud=9600'")
        client.wait_diagnostic("No such file or directory; trying again")

    @runs(TELEXD, "telexd --no-console --reply echo tcp://*:7007 udp://*:7007")
    def test_echo(self):
        self.shell("telexd --no-console --reply echo tcp://*:7007 udp://*:7007")
        one = self.tcp_to(7007)
        one.sendall(b"hello")
        self.expect(one, "hello")
        one = self.udp(7007)
        one.send(b"hello")
        self.assertEqual(one.recv(100), b"hello")

    PATCHES = ["telexd 'tcp://*:4002?framing=line&to=tcp://meter7:4001'",
               "telexd --call 'tcp://meter7:4001?name=meter&framing=line&again=5' "
               "'tcp://*:4002?to=meter'"]

    RELAY = "telexd 'tcp://*:4002?to=tcp://meter7:4001'"

    @runs(TELEXD, *PATCHES)
    @runs(README, RELAY)
    def test_patches(self):
        for command in [*self.PATCHES, self.RELAY]:
            meter = self.listener(port=4001)
            daemon = self.shell(command)
            if "name=meter" in command:
                line = self.accept(meter)
                daemon.wait_output("is called meter")
            caller = self.tcp_to(4002)
            if "name=meter" not in command:
                line = self.accept(meter)
            daemon.wait_output("joined to")
            caller.sendall(b"how warm is it?\n")
            self.expect(line, "how warm is it?\n")
            line.sendall(b"71.5\n")
            self.expect(caller, "71.5\n")
            meter.close()
            daemon.line("/quit")
            daemon.wait_end()

    IN_THE_MIDDLE = "telexd 'tcp://*:4002?framing=line&to=tcp://meter7:4001'"

    @runs(README, IN_THE_MIDDLE)
    def test_in_the_middle(self):
        meter = self.listener(port=4001)
        desk = self.terminal(self.IN_THE_MIDDLE)
        desk.wait_prompt()
        caller = self.tcp_to(4002)
        line = self.accept(meter)
        desk.wait_seen("joined to")
        self.ask(caller, line)
        desk.wait_seen("71.5 degrees")
        desk.line("/fault 2 latency=200")
        desk.wait_seen("set for 1 peer")
        begun = time.monotonic()
        self.ask(caller, line)
        self.assertGreaterEqual(time.monotonic() - begun, 0.2)
        desk.wait_screen(lambda terminal: sum("71.5" in one for one in terminal.lines()) == 2,
                         "the second answer")
        desk.line("@1 the meter is being serviced")
        self.expect(caller, "the meter is being serviced\n")
        desk.line("/fault 2")
        desk.wait_seen("1 message")
        block = documents.transcript(README, "$ " + self.IN_THE_MIDDLE)
        wanted = [documents.shape(line) for line in block[1:]]
        desk.wait_screen(lambda _: TourTest.shapes(desk) == wanted, "\n".join(wanted))

    @unittest.skipUnless(has_tls(), "built without TLS")
    def test_what_users_of_other_tools_type(self):
        """Each telexd in that table of README is taken as it stands."""
        rows = re.findall(r"^\|.*\| `telexd ([^`]*)`", documents.read(README), re.M)
        self.assertGreater(len(rows), 8)
        _, key = Certificates(self.directory).make("cert")
        os.rename(key, self.path("key.pem"))
        for row in rows:
            run = self.shell(f"env -C {self.directory} telexd --check {row}")
            run.wait_end()

    def ask(self, caller, meter):
        caller.sendall(b"temp?\n")
        self.expect(meter, "temp?\n")
        meter.sendall(b"71.5 degrees\n")
        self.expect(caller, "71.5 degrees\n")

    @runs(TELEXD, "telexd 'tcp://*:7?to=exec:cat'", "/connect exec:sort -n?name=sorter",
          "telexd --call 'exec:tail -F /var/log/messages?again=5'")
    def test_programs(self):
        daemon = self.shell("telexd 'tcp://*:7?to=exec:cat'")
        caller = self.tcp_to(7)
        caller.sendall(b"hello")
        self.expect(caller, b"hello")
        daemon.line("/connect exec:sort -n?name=sorter")
        daemon.wait_output("is called sorter")
        daemon.line("/shutdown")
        daemon.wait_end()
        daemon = self.shell("telexd --call 'exec:tail -F /var/log/messages?again=5'")
        daemon.wait_output("connected: exec tail -F /var/log/messages (pid ")

    @runs(TELEXD, "telex 'exec:python3 -i?pty=yes'")
    def test_a_program_on_a_terminal(self):
        desk = self.terminal("telex 'exec:python3 -i?pty=yes'")
        desk.wait_seen("more information.")
        desk.line("6 * 7")
        desk.wait_seen(" 42")

    @runs(TELEXD, "telexd 'udp://*:5300?to=udp://meter7:53'")
    def test_patched_datagrams(self):
        server = self.udp(bind=("127.0.0.1", 53))
        self.serve("telexd 'udp://*:5300?to=udp://meter7:53'")
        one = self.udp(5300)
        one.send(b"question")
        data, address = server.recvfrom(100)
        server.sendto(b"answer to " + data, address)
        self.assertEqual(one.recv(100), b"answer to question")

    @runs(TELEXD, "telexd --json | jq -r 'select(.event == \"message\") | "
                  "\"\\(.peer) \\(.text)\"'")
    def test_jq(self):
        command = next(each for each in documents.commands(TELEXD) if "jq" in each)
        self.file("script", command.replace("jq ", "jq --unbuffered "))
        shown = self.shell("sh script")
        self.tcp_to(9999).sendall(b"hello\n")
        shown.wait_output("1 hello")
        shown.line("/quit")
        shown.wait_end()

    def test_bad_line_of_a_file(self):
        """The error in telexd.conf(5) is what telexd says of such a file."""
        shown = next(block[0] for block in documents.blocks(CONF)
                     if block[0].startswith("telexd: telexd.conf:3"))
        self.file("telexd.conf", "\n\ndrain soon\n")
        run = self.shell("telexd --config telexd.conf")
        run.wait_end(2)
        self.assertEqual(run.stderr.copy().decode(), shown + "\n")

    def test_the_example_file(self):
        block = next(block for block in documents.blocks(CONF) if block[0].startswith("# who"))
        self.file("telexd.conf", "\n".join(block) + "\n")
        self.serve("telexd --config telexd.conf", 4001).stop()


class ClientTest(DocsCase):
    ANSWER = b"HTTP/1.0 200 OK\r\n\r\nhello\n"

    def web_server(self):
        server = self.listener(port=80)

        def answer():
            with server:
                one, _ = server.accept()
            with one:
                while not one.recv(1000).endswith(b"\r\n\r\n"):
                    pass
                one.sendall(self.ANSWER)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        self.addCleanup(thread.join, DEADLINE)

    @runs(README, "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | telex www.example.com 80 > answer")
    @runs(TELEX, "printf 'HEAD / HTTP/1.0\\r\\n\\r\\n' | telex www.example.com 80")
    def test_web_server(self):
        for page in (README, TELEX):
            self.web_server()
            command = next(each for each in documents.commands(page) if "example.com" in each)
            run = subprocess.run(["bash", "-c", command], cwd=self.directory, timeout=DEADLINE,
                                 env={**os.environ, **self.env}, capture_output=True, check=True)
            shown = run.stdout
            if page == README:
                with open(self.path("answer"), "rb") as file:
                    shown = file.read()
            self.assertEqual((shown, run.stderr), (self.ANSWER, b""))

    @runs(README, "telex localhost 9999", "telex udp://localhost",
          "telex --json unix:/tmp/meters.sock", "telex --reconnect meter7 4001")
    @runs(TELEX, "telex 9999")
    def test_calls(self):
        self.daemon("tcp://*:9999?reply=echo", "udp://*:21567?reply=echo",
                    "tcp://*:4001?reply=echo", f"unix:{self.path('meters.sock')}?reply=echo")
        for command in ("telex localhost 9999", "telex udp://localhost", "telex 9999",
                        "telex --reconnect meter7 4001"):
            call = self.terminal(command)
            call.wait_prompt()
            call.line("hello")
            call.wait_screen(lambda call: "\n".join(call.lines()).count(" hello") >= 2 or None,
                             "an echo")
            call.write("\x04\x04")
            call.wait_end(None)
        call = self.shell(f"telex --json unix:{self.path('meters.sock')}")
        call.line("hello")
        call.wait_output('"event":"message"')

    @runs(TELEX, "echo hi | telex --wait 0.5 udp://localhost")
    def test_one_datagram(self):
        self.daemon("udp://*:21567")
        run = self.shell("sh -c 'echo hi | telex --wait 0.5 udp://localhost'")
        run.wait_end()
        self.assertRegex(run.stdout.copy(), rb"\A\[[^]]+\] hi\Z")

    @runs(JSON, 'telexd = subprocess.Popen(["telexd", "--json"], text=True,')
    def test_python_of_the_page(self):
        block = next(block for block in documents.blocks(JSON) if "subprocess" in block[0])
        self.file("desk.py", "\n".join(block) + "\n")
        run = self.shell("python3 desk.py")
        self.tcp_to(9999).close()
        self.assertIsNone(run.process.poll())


class BenchTest(DocsCase):
    QUICK = {"--clients 1000": "--clients 20", "--clients 10000": "--clients 50"}

    def bench(self, command, pid):
        """The command with less of a load, and what it prints."""
        for much, little in self.QUICK.items():
            command = command.replace(much, little)
        command = re.sub(r"\$!|\$\(pidof \w+\)", str(pid), command)
        run = self.shell(command.replace("telex-bench", "telex-bench --time 0.3", 1))
        run.wait_end()
        return run.stdout.copy().decode().splitlines()

    @runs(BENCH, "telexd --no-console 'tcp://127.0.0.1:7000?reply=echo'",
          "telex-bench --pid $! 7000", "telex-bench --rate 40000 --clients 1000 7000",
          "telex-bench --mode idle --clients 10000 --pid $(pidof myserver) 7000",
          "telex-bench --flood udp://127.0.0.1:7001 tcp://127.0.0.1:7000")
    @runs(README, "telex-bench --clients 1000 --pid $(pidof telexd) 7000")
    def test_bench(self):
        # A history that is full gives memory back while others take it: that is no figure.
        daemon = self.serve("telexd --no-console --history 0 'tcp://127.0.0.1:7000?reply=echo' "
                            "'udp://127.0.0.1:7001?reply=echo'", 7000)
        for command in documents.commands(BENCH):
            if command.startswith("telex-bench") and "--send" not in command:
                self.bench(command, daemon.pid)
        block = next(block for block in documents.blocks(README)
                     if block[0].startswith("$ telex-bench"))
        shown = self.bench(block[0][2:], daemon.pid)
        self.assertEqual([self.rough(line) for line in shown],
                         [self.rough(line) for line in block[1:]])

    REDIS = r"telex-bench --depth 4 --send 'PING\r\n' --expect '+PONG\r\n' 6379"

    @runs(BENCH, REDIS)
    def test_bench_of_answers(self):
        server = Server(self, answer=lambda data, _: b"+PONG\r\n" * data.count(b"\n"), port=6379)
        shown = self.bench(self.REDIS + " --clients 4", 0)
        self.assertEqual(shown[0], f"echo tcp://127.0.0.1:{server.port}: 4 clients, 6 bytes, answered by 7, "
                                   "4 under way each")

    @staticmethod
    def rough(line):
        """Without figures and their units."""
        line = re.sub(r"-?\d[\d,.]*(?: (?:µs|ms|s|[KMG]iB))?\b", "N", line)
        return re.sub(r" {2,}", "  ", line)


if __name__ == "__main__":
    main()
