# SPDX-License-Identifier: GPL-3.0-or-later
"""What the system tests share: running telexd and telex, waiting for what they say, sockets.

Nothing here sleeps. Every wait ends with what it waits for, or fails after DEADLINE with the
whole transcript. TELEXD, TELEX and TELEX_BENCH in the environment name the programs.
"""

import base64
import codecs
import fcntl
import json
import os
import pty
import re
import resource
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import termios
import threading
import time
import unittest

DEADLINE = 20.0

NOBODY = 65534

# Below what Linux gives to whoever asks for any. Tests that run side by side begin elsewhere.
FREE_PORTS = iter(range(22000 + os.getpid() % 90 * 100, 32768))

HERE = os.path.dirname(os.path.abspath(__file__))

SANITIZER = re.compile(rb"AddressSanitizer|LeakSanitizer|UndefinedBehaviorSanitizer"
                       rb"|ThreadSanitizer|runtime error: |^==\d+==", re.M)

ENDPOINT = re.compile(r"\b(?P<scheme>tcp|d?tls|udp|wss?)://(?P<host>\[[^\]]*\]|[^\s:/\[\]]*):(?P<port>\d+)")

STAMP = (rb"\[(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
         rb"([ 1-3]\d) \d\d:\d\d:\d\d \d{4}\] ")


def program(variable):
    """The path of a program under test."""
    path = os.environ.get(variable)
    if not path:
        raise RuntimeError(f"{variable} must name the program, e.g. "
                           f"{variable}=build/src/{variable.lower()}")
    return os.path.abspath(path)


def has_tls():
    """Whether the programs were built with TLS."""
    return os.environ.get("TELEX_TLS", "yes") == "yes"


def environment(directory, **changes):
    """An environment that keeps the user's files out, with changes (None takes one away)."""
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("LC_", "XDG_", "LISTEN_", "NOTIFY_"))}
    env.update(HOME=directory, XDG_STATE_HOME=directory, XDG_RUNTIME_DIR=directory,
               LANG="C.UTF-8", TERM="xterm")
    env.setdefault("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=1:exitcode=99")
    env.setdefault("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1:abort_on_error=1")
    for name in ("NO_COLOR", "INPUTRC"):
        env.pop(name, None)
    for name, value in changes.items():
        if value is None:
            env.pop(name, None)
        else:
            env[name] = value
    return env


# Whoever runs the tests may ignore a signal, as nohup does, and telexd would leave it ignored.
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGTSTP):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)


class Output:
    """All that came out of a descriptor so far; a thread reads it to its end."""

    def __init__(self, fd):
        self.fd = fd
        self.wake, self.waker = os.pipe()
        self.wanted = threading.Event()
        self.wanted.set()
        self.data = bytearray()
        self.ended = False
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def pause(self):
        """Reads no more, after at most one piece, until resume()."""
        self.wanted.clear()

    def resume(self):
        self.wanted.set()

    def _chunk(self):
        self.wanted.wait()
        poll = select.poll()
        poll.register(self.fd, select.POLLIN)
        poll.register(self.wake, select.POLLIN)
        if self.wake in dict(poll.poll()):
            return b""
        try:
            return os.read(self.fd, 1 << 16)
        except OSError:  # EIO: a terminal whose other end is closed
            return b""

    def _read(self):
        while True:
            chunk = self._chunk()
            with self.changed:
                self.data += chunk
                self.ended = not chunk
                self.changed.notify_all()
            if not chunk:
                return

    def wait_more(self, size, timeout):
        """Waits until there are more than so many bytes, or no more will come, or for so long.

        Whoever looks through them does not hold the lock: the reader would wait for it at each
        piece, and under load nothing would come through any more.
        """
        with self.changed:
            return self.changed.wait_for(lambda: len(self.data) > size or self.ended, timeout)

    def copy(self):
        with self.changed:
            return bytes(self.data)

    def finder(self, wanted):
        """A probe for until(): all output, once wanted is in it. Looks at each byte once."""
        wanted = wanted.encode() if isinstance(wanted, str) else wanted
        position = 0

        def probe():
            nonlocal position
            end = len(self.data)
            if self.data.find(wanted, position) >= 0:
                return self.copy()
            position = max(0, end - len(wanted) + 1)
            return None

        return probe

    def finish(self, stop=False):
        """Waits for the end, or reads no more; False when something keeps the output open."""
        if self.waker is None:
            return True
        self.resume()
        if not stop:
            self.thread.join(DEADLINE)
        ended = not self.thread.is_alive()
        os.close(self.waker)
        self.waker = None
        self.thread.join()
        os.close(self.wake)
        return stop or ended


def shorten(data, most=12000):
    text = data.decode("utf-8", "backslashreplace")
    if len(text) > most:
        text = text[:most // 2] + f"\n[... {len(text) - most} left out ...]\n" + text[-most // 2:]
    return text


class Program:
    """A running program: input, output, diagnostics, end. It ends with the test at the latest."""

    stop_signal = signal.SIGKILL
    stop_status = -signal.SIGKILL

    def __init__(self, case, argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                 stderr=subprocess.PIPE, env=None, preexec=None, new_session=False, pass_fds=(),
                 nobody=False):
        """With nobody, which takes root, the program runs as a user without any right; a number
        is that user."""
        self.case = case
        self.argv = [os.fspath(word) for word in argv]
        nobody = NOBODY if nobody is True else nobody
        user = {"user": nobody, "group": nobody, "extra_groups": []} if nobody else {}
        self.typed = []
        self.stderr = None
        self.process = subprocess.Popen(
            self.argv, stdin=stdin, stdout=stdout, stderr=stderr, bufsize=0,
            env=environment(case.directory, **(env or {})), cwd=case.directory,
            executable=case.public(self.argv[0]) if nobody else None,
            start_new_session=new_session, preexec_fn=preexec, pass_fds=pass_fds, **user)
        case.addCleanup(self._cleanup)
        self.closed = False
        self.stderr = Output(self.process.stderr.fileno()) if self.process.stderr else None
        self.stdout = Output(self.process.stdout.fileno()) if self.process.stdout else None

    pid = property(lambda self: self.process.pid)

    # Waiting

    def transcript(self):
        parts = ["$ " + " ".join(self.argv), "status: " + repr(self.process.poll())]
        if self.typed:
            parts += ["-- input", shorten(b"".join(self.typed))]
        if self.stdout:
            parts += ["-- output", shorten(self.stdout.copy())]
        if self.stderr:
            parts += ["-- diagnostics", shorten(self.stderr.copy())]
        return "\n".join(parts)

    def fail(self, what):
        self.case.fail(what + "\n" + self.transcript())

    def until(self, probe, what, timeout=DEADLINE, output=None):
        """Calls probe() at each piece of output until it gives something other than None."""
        output = output or self.stdout
        end = time.monotonic() + timeout
        while True:
            size, ended = len(output.data), output.ended
            if (found := probe()) is not None:
                return found
            if ended:
                self.fail(f"waited for {what}: the output ended")
            if not output.wait_more(size, max(0, end - time.monotonic())):
                self.fail(f"waited for {what}: not within {timeout:g} s")

    def wait_output(self, wanted, timeout=DEADLINE):
        """Waits until the output contains wanted (bytes or str); returns all output so far."""
        return self.until(self.stdout.finder(wanted), f"output {wanted!r}", timeout)

    def wait_diagnostic(self, wanted, timeout=DEADLINE):
        return self.until(self.stderr.finder(wanted), f"diagnostic {wanted!r}", timeout,
                          self.stderr)

    def wait_output_end(self, timeout=DEADLINE):
        """Waits for the end of the output; returns all of it."""
        end = time.monotonic() + timeout
        while not self.stdout.ended:
            if not self.stdout.wait_more(len(self.stdout.data), max(0, end - time.monotonic())):
                self.fail(f"waited for the end of output: not within {timeout:g} s")
        return self.stdout.copy()

    # Input

    def write(self, data):
        data = data.encode() if isinstance(data, str) else data
        self.typed.append(data)
        view = memoryview(data)
        end = time.monotonic() + DEADLINE
        while view:
            ready = select.select([], [self.process.stdin], [], max(0, end - time.monotonic()))
            if not ready[1]:
                self.fail(f"{len(view)} bytes of input were not read")
            try:
                view = view[os.write(self.process.stdin.fileno(), view[:select.PIPE_BUF]):]
            except BrokenPipeError:
                self.fail("the program reads no more input")

    def line(self, text):
        self.write((text.encode() if isinstance(text, str) else text) + b"\n")

    def close_stdin(self):
        self.process.stdin.close()

    def signal(self, number):
        self.process.send_signal(number)

    # The end

    def wait_end(self, status=0, timeout=DEADLINE):
        """Waits for the program to end and fails on another exit status or a sanitizer's word."""
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._close(kill=True)
            self.fail(f"did not end within {timeout:g} s")
        self._close()
        self._check(status)

    def stop(self, status=0):
        """SIGTERM and a clean end."""
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        self.wait_end(status)

    def _close(self, kill=False):
        if kill and self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for output in (self.stdout, self.stderr):
            if output and not output.finish():
                self.case.fail("a child still holds the output open")
        self._close_input()
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()
        self.closed = True

    def _close_input(self):
        if self.process.stdin and not self.process.stdin.closed:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                pass

    def _check(self, status):
        said = self.stderr or self.stdout
        if said and SANITIZER.search(said.copy()):
            self.fail("a sanitizer speaks")
        if status is not None and self.process.returncode != status:
            self.fail(f"exit status {self.process.returncode}, not {status}")

    def _cleanup(self):
        if self.closed:
            return
        running = self.process.poll() is None
        try:
            if running:
                if self.stdout:
                    self.stdout.resume()
                self.process.send_signal(self.stop_signal)
                try:
                    self.process.wait(DEADLINE)
                except subprocess.TimeoutExpired:
                    self._close(kill=True)
                    self.fail("did not end when told to")
        finally:
            self._close(kill=True)
        if self.process.returncode >= 0 and self.stop_status < 0:
            running = False  # it ended by itself just before the signal
        self._check(self.stop_status if running else None)

    # Measures

    def cpu_seconds(self):
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def event_bytes(event):
    """The data of a message or sent event."""
    if "base64" in event:
        return base64.b64decode(event["base64"], validate=True)
    return event["text"].encode()


class Console(Program):
    """A program whose output is JSON Lines."""

    def __init__(self, case, argv, **keywords):
        super().__init__(case, argv, **keywords)
        self.events = []
        self.inputs = 0
        self._taken = set()
        self._parsed = 0

    def _parse(self):
        data = self.stdout.data
        while (end := data.find(b"\n", self._parsed)) >= 0:
            line = bytes(data[self._parsed:end])
            self._parsed = end + 1
            try:
                event = json.loads(line)
                event["event"], event["time"]
            except (ValueError, KeyError, TypeError) as error:
                event = {"event": "BAD LINE", "why": repr(error), "line": line}
            self.events.append(event)

    def parse(self):
        """The events so far."""
        self._parse()
        for event in self.events:
            if event["event"] == "BAD LINE":
                self.fail(f"not an event: {event}")
        return list(self.events)

    @staticmethod
    def _matches(event, name, fields):
        if name is not None and event["event"] != name:
            return False
        for key, wanted in fields.items():
            if callable(wanted):
                if key not in event or not wanted(event[key]):
                    return False
            elif event.get(key) != wanted:
                return False
        return True

    def wait(self, event=None, timeout=DEADLINE, **fields):
        """The first event of that kind and with these fields that no wait() returned before.

        A field's value may be a function that judges it; None is for null and absent alike.
        """
        position = 0

        def probe():
            nonlocal position
            self._parse()
            while position < len(self.events):
                candidate = self.events[position]
                if candidate["event"] == "BAD LINE":
                    return candidate
                if position not in self._taken and self._matches(candidate, event, fields):
                    self._taken.add(position)
                    return candidate
                position += 1
            return None

        found = self.until(probe, f"event {event} {fields}", timeout)
        if found["event"] == "BAD LINE":
            self.fail(f"not an event: {found}")
        return found

    def seen(self, event=None, **fields):
        """All events so far of that kind and with these fields."""
        return [candidate for candidate in self.parse() if self._matches(candidate, event, fields)]

    def wait_count(self, count, event=None, **fields):
        """Waits until there have been that many such events; returns them."""
        position = 0
        found = []

        def probe():
            nonlocal position
            self._parse()
            for candidate in self.events[position:]:
                if self._matches(candidate, event, fields):
                    found.append(candidate)
            position = len(self.events)
            return found if len(found) >= count else None

        return self.until(probe, f"{count} events {event} {fields}")

    def data(self, peer, event="message", **fields):
        """The bytes of all message (or sent) events of a peer so far."""
        return b"".join(event_bytes(one) for one in self.seen(event, peer=peer, **fields))

    def wait_data(self, peer, wanted, event="message"):
        """Waits until a peer's messages together are the bytes wanted."""
        wanted = wanted.encode() if isinstance(wanted, str) else wanted
        position = 0
        data = bytearray()

        def probe():
            nonlocal position
            self._parse()
            for candidate in self.events[position:]:
                if self._matches(candidate, event, {"peer": peer}):
                    data.extend(event_bytes(candidate))
            position = len(self.events)
            return data if len(data) >= len(wanted) else None

        self.until(probe, f"{len(wanted)} bytes from peer {peer}")
        if bytes(data) != wanted:
            self.fail(f"peer {peer} said {bytes(data[:200])!r}, not {wanted[:200]!r}")

    def input(self, text):
        """Types a line; returns its number."""
        self.line(text)
        self.inputs += 1
        return self.inputs

    def answer(self, number):
        """The answer to the line of that number. Lists that came in parts are put together."""
        parts = [self.wait(event=None, input=number)]
        while parts[-1]["event"] == "result" and parts[-1].get("more"):
            parts.append(self.wait(event=None, input=number))
        last = dict(parts[-1])
        if last["event"] not in ("result", "error"):
            self.fail(f"not an answer: {last}")
        for part in reversed(parts[:-1]):
            for key, value in part.items():
                if isinstance(value, list):
                    last[key] = value + last[key]
        return last

    def ask(self, text):
        """Types a line and waits for its answer, of either kind."""
        return self.answer(self.input(text))

    def command(self, text):
        """Types a line and waits for its answer, which must be a result."""
        answer = self.ask(text)
        if answer["event"] != "result":
            self.fail(f"{text!r} was refused: {answer}")
        return answer

    def refused(self, text, *parts):
        """Types a line and waits for its answer, which must be an error that contains parts."""
        answer = self.ask(text)
        if answer["event"] != "error":
            self.fail(f"{text!r} was not refused: {answer}")
        for part in parts:
            if part not in answer["error"]:
                self.fail(f"the error for {text!r} does not name {part!r}: {answer}")
        return answer


class ListeningMixin:
    stop_signal = signal.SIGTERM
    stop_status = 0

    ports = ()
    port = property(lambda self: self.ports[0])

    @staticmethod
    def endpoint_port(text):
        match = ENDPOINT.search(text)
        return int(match["port"]) if match else None


class Daemon(ListeningMixin, Console):
    """telexd with --json on pipes, listening."""

    def __init__(self, case, *args, count=None, wait=True, **keywords):
        """args: options and endpoints; count: how many listeners are expected."""
        super().__init__(case, [program("TELEXD"), "--json", *args], **keywords)
        if count is None:
            count = sum(is_endpoint(word) for word in args)
        self.listening = []
        if wait:
            self.listening = self.wait_count(count, "listening")
            self.ports = [self.endpoint_port(event["endpoint"]) for event in self.listening]

    def open(self, **fields):
        """The number of the next peer that opens."""
        return self.wait("open", **fields)["peer"]


class ControlConsole(Console):
    """A console attached to a control socket by hand, past its hello."""

    process = None

    def __init__(self, case, path, hello=True):
        self.case = case
        self.path = path
        self.typed = []
        self.events = []
        self.inputs = 0
        self._taken = set()
        self._parsed = 0
        self.socket = case.unix(path)
        self.stderr = None
        self.stdout = Output(self.socket.fileno())
        case.addCleanup(self.close)
        self.hello = self.wait("hello") if hello else None

    def write(self, data):
        data = data.encode() if isinstance(data, str) else data
        self.typed.append(data)
        self.socket.sendall(data)

    def close_stdin(self):
        self.socket.shutdown(socket.SHUT_WR)

    def close(self):
        if self.socket.fileno() >= 0:
            self.stdout.finish(stop=True)
            self.socket.close()

    def transcript(self):
        return "\n".join([f"attached to {self.path}", "-- input", shorten(b"".join(self.typed)),
                          "-- output", shorten(self.stdout.copy())])


class TextDaemon(ListeningMixin, Program):
    """telexd with its text console on pipes, listening."""

    def __init__(self, case, *args, wait=True, **keywords):
        super().__init__(case, [program("TELEXD"), *args], **keywords)
        if wait:
            self.ports = wait_text_ports(self, sum(is_endpoint(word, True) for word in args))


def wait_text_ports(daemon, count):
    """The ports that a text console says it listens on, in the order of its lines."""

    def probe():
        text = bytes(daemon.stdout.data)
        text = text[:text.rfind(b"\n") + 1].decode("utf-8", "replace")
        found = [int(match["port"]) for match in ENDPOINT.finditer(text)]
        return found if len(found) >= count else None

    return daemon.until(probe, f"{count} listening lines")


def is_endpoint(word, with_port=False):
    """Whether an argument in a test is an endpoint: the tests write them with a scheme."""
    return word.startswith(("tcp://", "tls://", "dtls://", "udp://", "ws://", "wss://") + (() if with_port else ("unix:",)))


class Client(Program):
    """telex on pipes."""

    def __init__(self, case, *args, **keywords):
        super().__init__(case, [program("TELEX"), *map(str, args)], **keywords)


class JsonClient(Console):
    """telex --json on pipes."""

    def __init__(self, case, *args, **keywords):
        super().__init__(case, [program("TELEX"), "--json", *map(str, args)], **keywords)


class Terminal(Program):
    """A program on a pseudo-terminal of its own, and what a person would see there."""

    def __init__(self, case, argv, rows=30, columns=160, whole=False, **keywords):
        """whole: stderr is the terminal too."""
        try:
            import pyte
        except ImportError:
            raise unittest.SkipTest("needs pyte") from None
        self.screen = pyte.HistoryScreen(columns, rows, history=5000)
        self.stream = pyte.Stream(self.screen)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.drawn = 0
        self.mark = 0
        self.master, slave = pty.openpty()
        try:
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            self.slave_name = os.ttyname(slave)
            if whole:
                keywords["stderr"] = slave
            # setsid(1): beside threads nothing of Python should run between fork and exec
            super().__init__(case, ["setsid", "--ctty", *argv], stdin=slave, stdout=slave,
                             **keywords)
        except BaseException:
            os.close(self.master)
            raise
        finally:
            os.close(slave)
        self.stdout = Output(self.master)

    def write(self, data):
        data = data.encode() if isinstance(data, str) else data
        self.typed.append(data)
        while data:
            data = data[os.write(self.master, data[:256]):]

    def line(self, text):
        self.write(text + "\r")

    def insist(self, say):
        """Says by say() what ends the lines of others, and again when that is asked."""

        def questions(terminal):
            return sum("again to" in line for line in terminal.lines())

        before = questions(self)
        say()
        self.wait_screen(lambda terminal: questions(terminal) > before, "the question")
        say()

    def close_stdin(self):
        raise NotImplementedError("a terminal's input has no end: write the end-of-file character")

    def _close_input(self):
        if self.master is not None:
            os.close(self.master)
            self.master = None

    def resize(self, rows, columns):
        self._draw()
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def hang_up(self):
        """The terminal goes away."""
        self.stdout.finish(stop=True)
        self._close_input()

    def _draw(self):
        new = bytes(self.stdout.data[self.drawn:])
        self.drawn += len(new)
        self.stream.feed(self.decoder.decode(new))

    def lines(self):
        """What is to be seen, with what has scrolled away above it."""
        screen = self.screen
        above = ["".join(row[column].data for column in range(screen.columns)).rstrip()
                 for row in screen.history.top]
        return above + [row.rstrip() for row in screen.display]

    def input_line(self):
        """The line that the cursor stands in."""
        return self.screen.display[self.screen.cursor.y].rstrip()

    def wait_screen(self, judge, what, timeout=DEADLINE):
        """Waits until judge(self) is true of what is to be seen."""

        def probe():
            self._draw()
            return judge(self) or None

        return self.until(probe, what, timeout)

    def wait_seen(self, text, timeout=DEADLINE):
        """Waits until a line with the text is to be seen; returns the line. Blanks that make
        columns count as one."""

        def judge(terminal):
            return next((line for line in terminal.lines()
                         if text in line or text in re.sub(" +", " ", line)), None)

        return self.wait_screen(judge, f"{text!r} on the screen", timeout)

    def wait_input(self, text, timeout=DEADLINE):
        """Waits until the line that the cursor stands in ends with text."""
        self.wait_screen(lambda terminal: terminal.input_line().endswith(text),
                         f"the line being typed to end in {text!r}", timeout)

    def wait_prompt(self, name="", timeout=DEADLINE):
        """Waits for an empty prompt that contains the name; returns it."""

        def judge(terminal):
            prompt = terminal.input_line()
            return prompt if prompt.endswith(">") and name in prompt else None

        return self.wait_screen(judge, f"a prompt with {name!r}", timeout)

    def transcript(self):
        return super().transcript() + "\n-- screen\n" + "\n".join(
            line for line in self.lines() if line)


class TerminalDaemon(ListeningMixin, Terminal):
    """telexd on a pseudo-terminal, listening, with its first prompt shown."""

    def __init__(self, case, *args, **keywords):
        super().__init__(case, [program("TELEXD"), *args], **keywords)
        self.ports = wait_text_ports(self, sum(is_endpoint(word, True) for word in args))
        self.wait_prompt()


class TestCase(unittest.TestCase):
    """Gives a test its directory, programs and sockets, which end with it."""

    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="telex")
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def path(self, name):
        return os.path.join(self.directory, name)

    def file(self, name, content):
        path = self.path(name)
        with open(path, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        return path

    def public(self, command):
        """A copy of a program where every user reaches it: the checkout may be root's alone."""
        os.chmod(self.directory, 0o777)
        copy = self.path("public-" + os.path.basename(command))
        if not os.path.exists(copy):  # one that runs cannot be written to
            shutil.copy(shutil.which(command), copy)
        return copy

    # Programs

    def needs_option(self, *options, variable="TELEXD"):
        """Skips the test where the program lacks one of these options."""
        run = Program(self, [program(variable), "--help"])
        run.wait_end(0)
        for option in options:
            if f"{option} ".encode() not in run.stdout.copy():
                self.skipTest(f"there is no {option}")

    def daemon(self, *args, **keywords):
        return Daemon(self, *map(str, args), **keywords)

    def attach(self, path, **keywords):
        """A JSON console on a control socket."""
        return ControlConsole(self, path, **keywords)

    def text_daemon(self, *args, **keywords):
        return TextDaemon(self, *map(str, args), **keywords)

    def terminal_daemon(self, *args, **keywords):
        return TerminalDaemon(self, *map(str, args), **keywords)

    def telex(self, *args, **keywords):
        return Client(self, *args, **keywords)

    def telex_json(self, *args, **keywords):
        return JsonClient(self, *args, **keywords)

    def run_telex(self, *args, data=b"", status=0, **keywords):
        """telex with this standard input, to its end; returns its output."""
        client = self.telex(*args, **keywords)
        client.write(data)
        client.close_stdin()
        client.wait_end(status)
        return client.stdout.copy()

    def check_refusal(self, argv, status, *parts, env=None):
        """The program ends with that status, one line on stderr with these parts, no output."""
        run = Program(self, argv, stdin=subprocess.DEVNULL, env=env)
        run.wait_end(status)
        name = os.path.basename(argv[0])
        text = run.stderr.copy().decode()
        self.assertRegex(text, rf"\A{name}: [^\n]+\n\Z", run.transcript())
        for part in parts:
            self.assertIn(part, text)
        self.assertEqual(run.stdout.copy(), b"", "output of a program that could not start")
        return text

    def refuse_daemon(self, args, status, *parts, **keywords):
        return self.check_refusal([program("TELEXD"), *map(str, args)], status, *parts,
                                  **keywords)

    def refuse_telex(self, args, status, *parts, **keywords):
        return self.check_refusal([program("TELEX"), *map(str, args)], status, *parts, **keywords)

    # Sockets

    def make_socket(self, family, kind):
        one = socket.socket(family, kind)
        self.addCleanup(one.close)
        one.settimeout(DEADLINE)
        return one

    def tcp(self, port, host="127.0.0.1", receive_buffer=None):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        one = self.make_socket(family, socket.SOCK_STREAM)
        if receive_buffer:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        one.connect((host, port))
        return one

    def unix(self, path):
        one = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            one.connect(path)
        except OSError:
            one.close()  # who tries again and again has no descriptors without end
            raise
        return one

    def wait_unix(self, path, timeout=DEADLINE):
        """A connection to a Unix socket that a program is about to make."""
        one = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        end = time.monotonic() + timeout
        while True:
            try:
                one.connect(path)
                return one
            except (FileNotFoundError, ConnectionRefusedError):
                self.assertLess(time.monotonic(), end, "no socket appears")

    def udp(self, port=None, host="127.0.0.1", bind=None):
        """A UDP socket, connected where a port is given, bound where bind (an address) is."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        one = self.make_socket(family, socket.SOCK_DGRAM)
        if bind:
            one.bind(bind)
        if port is not None:
            one.connect((host, port))
        return one

    def listener(self, host="127.0.0.1", port=0, receive_buffer=None):
        """A listening TCP socket of the test's own."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        one = self.make_socket(family, socket.SOCK_STREAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if receive_buffer:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        one.bind((host, port))
        one.listen(64)
        return one

    def accept(self, listener):
        one, _ = listener.accept()
        self.addCleanup(one.close)
        one.settimeout(DEADLINE)
        return one

    @staticmethod
    def free_port(kind=socket.SOCK_STREAM, host="127.0.0.1"):
        """A port that nobody uses at this moment, and that the system gives to nobody."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        for port in FREE_PORTS:
            with socket.socket(family, kind) as one:
                try:
                    one.bind((host, port))
                except OSError:
                    continue
                return port
        raise RuntimeError("no port is free")

    def receive(self, one, size):
        """Exactly size bytes from a stream."""
        data = bytearray()
        while len(data) < size:
            chunk = one.recv(min(size - len(data), 1 << 16))
            if not chunk:
                self.fail(f"the stream ended after {bytes(data[-500:])!r} ({len(data)} of "
                          f"{size} bytes)")
            data += chunk
        return bytes(data)

    def receive_all(self, one):
        """All there is up to the end of the stream."""
        parts = []
        while chunk := one.recv(1 << 16):
            parts.append(chunk)
        return b"".join(parts)

    def expect(self, one, wanted):
        """The next bytes of a stream, or the next datagram, are these."""
        wanted = wanted.encode() if isinstance(wanted, str) else wanted
        if one.type == socket.SOCK_DGRAM:
            got = one.recv(1 << 16)
        else:
            got = self.receive(one, len(wanted))
        self.assertEqual(got, wanted)

    def expect_end(self, one):
        """The stream ends here, without a reset."""
        self.assertEqual(one.recv(100), b"")

    def full_listener(self):
        """A port where a connection is neither accepted nor refused."""
        one = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
        one.bind(("127.0.0.1", 0))
        one.listen(0)
        port = one.getsockname()[1]
        while True:  # until the queue is full and the kernel answers no more
            caller = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
            caller.settimeout(0.2)
            try:
                caller.connect(("127.0.0.1", port))
            except TimeoutError:
                return port

    def check_silent(self, one):
        """Nothing has come so far."""
        self.assertFalse(select.select([one], [], [], 0)[0], "something came that should not")

    def check_refused(self, port, host="127.0.0.1"):
        with self.assertRaises(ConnectionRefusedError):
            self.tcp(port, host)

    @staticmethod
    def reset(one):
        """Ends a TCP connection by a reset."""
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.close()

    @staticmethod
    def have_ipv6():
        try:
            with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as one:
                one.bind(("::1", 0))
            return True
        except OSError:
            return False


def name_of(one, host=None):
    """How a socket's own address is written: 127.0.0.1:4711, [::1]:4711."""
    address, port = one.getsockname()[:2]
    address = host or address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def main():
    unittest.main(verbosity=2)
