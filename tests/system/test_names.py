# SPDX-License-Identifier: GPL-3.0-or-later
"""Names, and name servers that do not answer: whoever asked waits, and nobody else. A library
under LD_PRELOAD (shim/names.c) is the name server."""

import errno
import os
import queue
import signal
import socket
import threading

from telex_test import DEADLINE, Program, TestCase, main, program

SLOW = "slow.example"
UNKNOWN = "there is no host of that name"
LATE = "no name server has answered in time"


class NamesCase(TestCase):
    def setUp(self):
        super().setUp()
        if "TELEX_NAMES" not in os.environ:
            self.skipTest("TELEX_NAMES must name the library (tests/system/shim)")
        self.folder = self.path("names")
        os.mkdir(self.folder)
        os.mkfifo(os.path.join(self.folder, SLOW))
        options = os.environ.get("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=1:exitcode=99")
        # The library stands before the sanitizer's, which has a getaddrinfo of its own.
        self.env = {"LD_PRELOAD": os.environ["TELEX_NAMES"], "NAMES": self.folder,
                    "ASAN_OPTIONS": options + ":verify_asan_link_order=0"}
        self.control = self.path("control")

    def know(self, name, *addresses):
        """From now on the name has these addresses."""
        with open(os.path.join(self.folder, name), "w", encoding="ascii") as file:
            file.writelines(address + "\n" for address in addresses)

    def asked(self):
        """Waits until the slow name is being looked up; returns where its answer is written."""
        opened = queue.Queue()
        path = os.path.join(self.folder, SLOW)
        threading.Thread(target=lambda: opened.put(os.open(path, os.O_WRONLY)),
                         daemon=True).start()
        return opened.get(timeout=DEADLINE)

    def answer(self, server, *addresses):
        os.write(server, "".join(address + "\n" for address in addresses).encode())
        os.close(server)

    def served(self, *args, **keywords):
        """A daemon that echoes, with a control socket, which waits for names for ever."""
        return self.daemon("tcp://127.0.0.1:0?reply=echo", f"--control={self.control}",
                           "--connect-timeout=0", *args, count=1, env=self.env, **keywords)

    def check_echo(self, one, text=b"ping"):
        one.sendall(text)
        self.assertEqual(self.receive(one, len(text)), text)

    def run_telex(self, *args):
        return Program(self, [program("TELEX"), *args], env=self.env)


class ListenTest(NamesCase):
    def test_only_who_asked_waits(self):
        daemon = self.served()
        peer = self.tcp(daemon.port)
        daemon.open()
        one, other = self.attach(self.control), self.attach(self.control)
        listen = one.input(f"/listen tcp://{SLOW}:0?name=gate")
        after = one.input("/listeners")
        server = self.asked()
        self.check_echo(peer)
        self.assertEqual(len(other.command("/listeners")["listeners"]), 1)
        daemon.command("/listen tcp://127.0.0.1:0")
        self.check_echo(peer)
        self.assertEqual(one.seen(None, input=lambda _: True), [])
        self.answer(server, "127.0.0.1", "127.0.0.2")
        listening = one.answer(listen)["listeners"]
        self.assertEqual([each["name"] for each in listening], ["gate"])
        self.assertEqual(len(one.answer(after)["listeners"]), 3)
        port = self.endpoint_port(other.wait("listening", name="gate"))
        for address in ("127.0.0.1", "127.0.0.2"):
            self.tcp(port, address)

    def endpoint_port(self, event):
        return int(event["endpoint"].rpartition(":")[2])

    def test_the_local_console_waits_too(self):
        daemon = self.served()
        listen, after = daemon.input(f"/listen udp://{SLOW}:0"), daemon.input("/stats")
        server = self.asked()
        peer = self.tcp(daemon.port)
        daemon.open()
        self.check_echo(peer)
        self.attach(self.control).command("/peers")
        self.assertEqual(daemon.seen("result"), [])
        self.answer(server, "127.0.0.1")
        self.assertEqual(daemon.answer(listen)["event"], "result")
        self.assertIn("stats", daemon.answer(after))

    def test_unknown(self):
        daemon = self.served()
        answer = daemon.refused("/listen tcp://nobody.example:1")
        self.assertEqual(answer["error"],
                         f"cannot listen on tcp://nobody.example:1: {UNKNOWN}")
        self.know("silent.example")
        daemon.refused("/listen tcp://silent.example:1", "no name server answers for that name")
        self.know("other.example", "192.0.2.1")
        daemon.refused("/listen tcp://other.example:0", os.strerror(errno.EADDRNOTAVAIL))

    def test_time_is_limited(self):
        daemon = self.served("--connect-timeout=0.1")
        daemon.refused(f"/listen tcp://{SLOW}:0", f"cannot listen on tcp://{SLOW}:0: {LATE}")

    def test_a_name_given_away_meanwhile(self):
        daemon = self.served()
        one = self.attach(self.control)
        listen = one.input(f"/listen tcp://{SLOW}:0?name=gate")
        server = self.asked()
        daemon.command("/listen tcp://127.0.0.1:0?name=gate")
        self.answer(server, "127.0.0.1")
        self.assertIn("gate is taken", one.answer(listen)["error"])

    def test_a_console_that_goes(self):
        daemon = self.served()
        one = self.attach(self.control)
        one.input(f"/listen tcp://{SLOW}:0")
        server = self.asked()
        one.close()
        peer = self.tcp(daemon.port)
        daemon.open()
        self.check_echo(peer)
        self.answer(server, "127.0.0.1")
        self.know("quick.example", "127.0.0.1")
        daemon.command("/listen tcp://quick.example:0")
        self.check_echo(peer)

    def test_the_daemon_ends_meanwhile(self):
        daemon = self.served()
        one = self.attach(self.control)
        one.input(f"/listen tcp://{SLOW}:0")
        one.input("/peers")
        server = self.asked()
        daemon.input(f"/listen udp://{SLOW}:0")
        daemon.stop()
        os.close(server)

    def test_a_draining_daemon_listens_no_more(self):
        daemon = self.served("--drain=60")
        slow = self.tcp(daemon.port)
        daemon.open()
        one, other = self.attach(self.control), self.attach(self.control)
        listen = one.input(f"/listen tcp://{SLOW}:0")
        server = self.asked()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        other.command("/bytes * " + "61" * 500000)
        other.command("/bytes * " + "61" * 500000)
        other.command("/shutdown")
        other.wait("unlistening")
        self.answer(server, "127.0.0.1")
        self.assertEqual(one.answer(listen)["error"], "telexd is shutting down")
        slow.close()
        daemon.wait_end()


class StartTest(NamesCase):
    def fails(self, *args):
        run = Program(self, [program("TELEXD"), *args], env=self.env)
        run.wait_end(1)
        return run.stderr.copy().decode()

    def test_unknown(self):
        self.assertEqual(self.fails("nobody.example:1", "tcp://127.0.0.1:0"),
                         f"telexd: cannot listen on tcp://nobody.example:1: {UNKNOWN}\n")
        self.assertEqual(self.fails("udp://nobody.example:1"),
                         f"telexd: cannot listen on udp://nobody.example:1: {UNKNOWN}\n")

    def test_all_addresses_of_a_name(self):
        addresses = [f"127.0.0.{number}" for number in range(1, 41)]
        self.know("many.example", *addresses, "127.0.0.1")
        daemon = self.daemon("tcp://many.example:0", env=self.env)
        for address in addresses:
            self.tcp(daemon.port, address)
            daemon.open()

    def test_a_trailing_dot(self):
        self.know("dotted.example.", "127.0.0.1")
        daemon = self.daemon("tcp://dotted.example.:0", env=self.env)
        self.tcp(daemon.port)
        daemon.open()

    def test_a_signal_ends_a_start_that_waits(self):
        run = Program(self, [program("TELEXD"), f"{SLOW}:0"], env=self.env)
        server = self.asked()
        run.signal(signal.SIGTERM)
        run.wait_end(-signal.SIGTERM)
        os.close(server)


class CallTest(NamesCase):
    def test_nobody_waits(self):
        daemon = self.served()
        peer = self.tcp(daemon.port)
        daemon.open()
        numbers = [daemon.command(f"/connect {scheme}://{SLOW}:{daemon.port}")["peer"]
                   for scheme in ("tcp", "udp")]
        server = self.asked()
        self.check_echo(peer)
        self.attach(self.control).command("/peers")
        self.assertEqual(daemon.seen("open", peer=numbers[0]), [])
        self.answer(server, "127.0.0.1")
        daemon.wait("open", peer=numbers[0], transport="tcp")
        self.answer(self.asked(), "127.0.0.1")
        daemon.wait("open", peer=numbers[1], transport="udp")

    def test_unknown(self):
        daemon = self.served("udp://127.0.0.1:0?name=port")
        for call in ("tcp://nobody.example:1", "udp://nobody.example:1",
                     "udp://nobody.example:1?from=port"):
            number = daemon.command(f"/connect {call}")["peer"]
            closed = daemon.wait("close", peer=number)
            self.assertEqual((closed["reason"], closed["error"]), ("error", UNKNOWN), call)

    def test_time_is_limited(self):
        daemon = self.served("udp://127.0.0.1:0?name=port", "--connect-timeout=0.1")
        for call in (f"tcp://{SLOW}:1", f"udp://{SLOW}:1", f"udp://{SLOW}:1?from=port"):
            number = daemon.command(f"/connect {call}")["peer"]
            closed = daemon.wait("close", peer=number)
            self.assertEqual((closed["reason"], closed["error"]), ("timeout", LATE), call)

    def test_a_call_given_up(self):
        daemon = self.served()
        number = daemon.command(f"/connect tcp://{SLOW}:{daemon.port}")["peer"]
        server = self.asked()
        daemon.command(f"/close {number}")
        daemon.wait("close", peer=number)
        self.answer(server, "127.0.0.1")
        self.know("quick.example", "127.0.0.1")
        daemon.command(f"/connect tcp://quick.example:{daemon.port}")
        daemon.open(listener=None)

    def test_the_daemon_ends_meanwhile(self):
        daemon = self.served()
        for scheme in ("tcp", "udp"):
            daemon.command(f"/connect {scheme}://{SLOW}:1")
        server = self.asked()
        daemon.stop()
        os.close(server)


    def test_from_one_to_many(self):
        """A name's first address refuses, and the next is a broadcast one."""
        listening = self.udp(bind=("127.255.255.255", 0))
        port = listening.getsockname()[1]
        self.know("both.example", "127.0.0.1", "127.255.255.255")
        daemon = self.served()
        daemon.command(f"/connect udp://both.example:{port}")
        call = daemon.open(transport="udp")
        daemon.command(f"@{call} who is there?")
        data, caller = listening.recvfrom(100)
        self.assertEqual(data, b"who is there?")
        self.udp(bind=("127.0.0.1", 0)).sendto(b"me", caller)
        daemon.wait("message", text="me", peer=lambda peer: peer != call)


class TelexTest(NamesCase):
    def test_all_addresses_are_tried(self):
        self.know("many.example", *(f"127.0.0.{number}" for number in range(1, 41)))
        daemon = self.daemon("tcp://127.0.0.40:0?reply=echo")
        telex = self.run_telex(f"many.example:{daemon.port}")
        telex.write("hello")
        telex.wait_output("hello")
        telex.close_stdin()
        telex.wait_end()

    def test_unknown(self):
        for endpoint in ("tcp://nobody.example:9", "udp://nobody.example:9"):
            telex = self.run_telex(endpoint)
            telex.wait_end(1)
            self.assertEqual(telex.stderr.copy().decode(),
                             f"telex: cannot connect to {endpoint}: {UNKNOWN}\n")

    def test_time_is_limited(self):
        for scheme in ("tcp", "udp"):
            telex = self.run_telex("--connect-timeout=0.1", f"{scheme}://{SLOW}:9")
            telex.wait_end(1)
            self.assertEqual(telex.stderr.copy().decode(),
                             f"telex: cannot connect to {scheme}://{SLOW}:9: {LATE}\n")

    def test_a_signal_ends_it_at_once(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            telex = self.run_telex("--connect-timeout=0", SLOW, "9")
            server = self.asked()
            telex.signal(number)
            telex.wait_end(None)
            self.assertNotEqual(telex.process.returncode, 0)
            os.close(server)


if __name__ == "__main__":
    main()
