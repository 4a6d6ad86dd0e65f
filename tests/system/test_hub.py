# SPDX-License-Identifier: GPL-3.0-or-later
"""The switchboard: who is on the line, what goes to whom, how lines end."""

import os
import random
import select
import socket
import threading
import time

from telex_test import STAMP, Console, ListeningMixin, TestCase, main, name_of, program

CLIENTS = 200


class ManyTest(TestCase):
    def test_many_answered_in_any_order(self):
        daemon = self.daemon("tcp://127.0.0.1:0?half-close=0")
        clients = []
        for number in range(1, CLIENTS + 1):
            clients.append(self.tcp(daemon.port))
            clients[-1].sendall(f"I am client {number}".encode())
        opened = daemon.wait_count(CLIENTS, "open")
        self.assertEqual([event["peer"] for event in opened], list(range(1, CLIENTS + 1)))
        by_name = {event["remote"].rpartition("/")[2]: event["peer"] for event in opened}
        peers = [by_name[name_of(client)] for client in clients]
        for number, peer in enumerate(peers, 1):
            daemon.wait_data(peer, f"I am client {number}")
        order = list(enumerate(peers, 1))
        random.Random(1).shuffle(order)
        inputs = [daemon.input(f"@{peer} hello client {number}") for number, peer in order]
        for number, client in enumerate(clients, 1):
            self.expect(client, f"hello client {number}\n")
        for number in inputs:
            self.assertEqual(daemon.answer(number)["event"], "result")
        answer = daemon.command("/send * to all")
        self.assertEqual(answer["command"], "send")
        for client in clients:
            self.expect(client, "to all\n")
        self.assertEqual(len(daemon.command("/peers")["peers"]), CLIENTS)
        for client in clients:
            client.close()
        closed = daemon.wait_count(CLIENTS, "close")
        self.assertEqual({event["reason"] for event in closed}, {"eof"})
        self.assertEqual(daemon.command("/peers")["peers"], [])

    def test_tcp_and_udp_mixed(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0?reply=none")
        clients = []
        for number in range(40):
            client = self.udp(daemon.ports[1]) if number % 2 else self.tcp(daemon.ports[0])
            client.send(f"I am {number}".encode())
            peer = daemon.wait("message", text=f"I am {number}")["peer"]
            clients.append((number, peer, client))
        for number, peer, client in reversed(clients):
            daemon.command(f"/send {peer} hello {number}")
            self.expect(client, f"hello {number}" + ("" if number % 2 else "\n"))
        kinds = [peer["transport"] for peer in daemon.command("/peers")["peers"]]
        self.assertEqual((kinds.count("tcp"), kinds.count("udp")), (20, 20))

    def test_one_that_does_not_read_hurts_nobody(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo")
        stopped = self.tcp(daemon.port, receive_buffer=4096)
        stopped.setblocking(False)
        lively = self.tcp(daemon.port)
        sent = 0
        while select.select([], [stopped], [], 0)[1]:  # until telexd no longer reads from it
            sent += stopped.send(b"x" * 65536)
            lively.sendall(b"ping")
            self.expect(lively, "ping")
        for _ in range(20):
            lively.sendall(b"ping")
            self.expect(lively, "ping")
        stopped.settimeout(20)
        stopped.shutdown(socket.SHUT_WR)
        self.assertEqual(len(self.receive_all(stopped)), sent)


class DescriptorTest(TestCase):
    def test_descriptors_run_out(self):
        limit = 40
        command = f'ulimit -n {limit}; exec "$0" "$@"'
        daemon = Console(self, ["sh", "-c", command, program("TELEXD"), "--json",
                                "tcp://127.0.0.1:0?reply=echo"])
        port = ListeningMixin.endpoint_port(daemon.wait("listening")["endpoint"])
        clients = [self.tcp(port) for _ in range(limit)]
        daemon.wait_diagnostic("\n")
        served = len(daemon.seen("open"))
        self.assertLess(served, limit)
        spent, start = daemon.cpu_seconds(), time.monotonic()
        for _ in range(200):
            clients[0].sendall(b"ping")
            self.expect(clients[0], "ping")
        clients[-1].sendall(b"pong")
        self.check_silent(clients[-1])
        self.assertRegex(daemon.stderr.copy(), rb"\Atelexd: [^\n]+\n\Z")  # says so once
        for client in clients[:-1]:
            client.close()
        self.expect(clients[-1], "pong")
        self.assertLess(daemon.cpu_seconds() - spent, time.monotonic() - start + 0.3)
        daemon.stop()

    def test_none_is_lost(self):
        daemon = self.daemon("tcp://127.0.0.1:0?half-close=0", "udp://127.0.0.1:0",
                             "--view", "none", "--udp-idle-timeout", "0.1")
        before = len(os.listdir(f"/proc/{daemon.pid}/fd"))
        senders = []  # kept open: the system may give a port again, and so the same peer
        for _ in range(300):
            one, two = self.tcp(daemon.ports[0]), self.udp(daemon.ports[1])
            two.send(b"x")
            two.recv(100)
            one.close()
            senders.append(two)
        daemon.wait_count(600, "close")
        self.assertEqual(len(os.listdir(f"/proc/{daemon.pid}/fd")), before)

    def keepalive(self, one):
        """Whether the far end of a connection here has its keep-alive timer running."""
        ports = [address[1] for address in (one.getpeername(), one.getsockname())]
        wanted = "0100007F:{:04X} 0100007F:{:04X} 01 ".format(*ports)
        with open("/proc/net/tcp", encoding="ascii") as table:
            line = next(line for line in table if wanted in line)
        return line.split()[5].startswith("02:")

    def test_keepalive(self):
        for options, wanted in (([], True), (["--keepalive", "0"], False)):
            daemon = self.daemon("tcp://127.0.0.1:0", *options)
            one = self.tcp(daemon.port)
            daemon.open()
            self.assertEqual(self.keepalive(one), wanted)


class FairnessTest(TestCase):
    """A flood of one kind starves nothing else."""

    def flood(self, work):
        """Calls work() over and over in a thread until the function returned is called."""
        stop = threading.Event()

        def run():
            while not stop.is_set():
                work()

        thread = threading.Thread(target=run)
        thread.start()

        def end():
            stop.set()
            thread.join()

        self.addCleanup(end)
        return end

    def check_served(self, daemon, port):
        one = self.tcp(port)
        one.sendall(b"x")
        self.expect(one, "x")
        for _ in range(100):
            one.sendall(b"ping")
            self.expect(one, "ping")
            daemon.command("/listeners")

    def test_udp_flood(self):
        daemon = self.daemon("udp://127.0.0.1:0", "tcp://127.0.0.1:0?reply=echo", "--view", "none")
        two = self.udp(daemon.ports[0])

        def work():
            for _ in range(100):
                two.send(b"f" * 100)
            while select.select([two], [], [], 0)[0]:
                two.recv(1000)

        end = self.flood(work)
        self.check_served(daemon, daemon.ports[1])
        end()

    def test_tcp_flood(self):
        daemon = self.daemon("udp://127.0.0.1:0", "tcp://127.0.0.1:0?reply=echo", "--view", "none")
        flooders = [self.tcp(daemon.ports[1]) for _ in range(4)]

        def work():
            readable, writable, _ = select.select(flooders, flooders, [], 1)
            for one in readable:
                one.recv(1 << 18)
            for one in writable:
                one.send(b"f" * 4096)

        end = self.flood(work)
        self.check_served(daemon, daemon.ports[1])
        two = self.udp(daemon.ports[0])
        for _ in range(50):
            two.send(b"ping")
            self.assertTrue(two.recv(100).endswith(b"ping"))
        end()


class ReplyTest(TestCase):
    def test_echo_of_a_stream_is_whole(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo", "--view", "none")
        client = self.tcp(daemon.port)
        data = random.Random(2).randbytes(3_000_000)
        received = bytearray()
        view = memoryview(data)
        while len(received) < len(data):
            readable, writable, _ = select.select([client], [client] if view else [], [], 20)
            self.assertTrue(readable or writable, "nothing moves any more")
            if writable:
                view = view[client.send(view[:65536]):]
                if not view:
                    client.shutdown(socket.SHUT_WR)
            if readable:
                chunk = client.recv(65536)
                self.assertTrue(chunk, "the echo was cut")
                received += chunk
        self.assertTrue(received == data, "the echo differs")
        self.expect_end(client)
        closed = daemon.wait("close", peer=1, reason="eof")
        self.assertEqual((closed["received"], closed["sent"], closed["unsent"]),
                         (len(data), len(data), 0))

    def test_echo_after_half_close_is_whole(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo")
        client = self.tcp(daemon.port)
        data = b"0123456789abcdef" * 4096
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(self.receive_all(client), data)
        daemon.wait("close", reason="eof", sent=len(data))

    def test_stamp_on_tcp(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=stamp")
        client = self.tcp(daemon.port)
        client.sendall(b"hi")
        sent = daemon.wait("sent", peer=1, by="auto")
        self.assertRegex(sent["text"].encode(), rb"\A" + STAMP + rb"hi")
        self.expect(client, sent["text"])

    def test_stamp_of_lines(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=stamp&framing=line")
        client = self.tcp(daemon.port)
        client.sendall(b"one\ntwo\n")
        for text in (b"one", b"two"):
            sent = daemon.wait("sent", peer=1, by="auto")
            self.assertRegex(sent["text"].encode(), rb"\A" + STAMP + text + rb"\n\Z")
            self.expect(client, sent["text"])

    def test_reply_at_run_time(self):
        daemon = self.daemon("tcp://127.0.0.1:0?name=front", "udp://127.0.0.1:0")
        client = self.tcp(daemon.ports[0])
        client.sendall(b"quiet")
        daemon.wait("message", peer=1, text="quiet")
        daemon.command("/reply 1 echo")
        client.sendall(b"loud")
        self.expect(client, "loud")
        daemon.command("/reply front none")
        client.sendall(b"quiet again")
        daemon.wait("message", peer=1, text="quiet again")
        daemon.command("@1 -")
        self.expect(client, "-\n")
        sender = self.udp(daemon.ports[1])
        sender.send(b"a")
        self.assertRegex(sender.recv(100), rb"\A" + STAMP + rb"a\Z")
        daemon.command("/reply 2 echo")
        sender.send(b"b")
        self.expect(sender, "b")
        daemon.refused("/reply 3 echo", "3")
        daemon.refused("/reply back echo", "back")
        daemon.refused("/reply 2 shout", "shout")
        daemon.refused("/reply 2")


class FramingTest(TestCase):
    def test_lines(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=line")
        client = self.tcp(daemon.port)
        client.sendall(b"one\ntw")
        daemon.wait("message", peer=1, text="one\n", size=4, partial=None)
        client.sendall(b"o\n\nthree\r\nend")
        for text in ("two\n", "\n", "three\r\n"):
            event = daemon.wait("message", peer=1)
            self.assertEqual((event["text"], event.get("partial")), (text, None))
        client.shutdown(socket.SHUT_WR)
        event = daemon.wait("message", peer=1)
        self.assertEqual((event["text"], event["partial"]), ("end", True))
        daemon.wait("half-close", peer=1)

    def test_line_longer_than_a_message(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=line")
        client = self.tcp(daemon.port)
        line = b"y" * 100_000 + b"\n"
        client.sendall(line + b"next\n")
        daemon.wait_data(1, line + b"next\n")
        messages = daemon.seen("message", peer=1)
        self.assertTrue(all(event["size"] <= 65536 for event in messages))
        self.assertEqual([event.get("partial", False) for event in messages],
                         [True] * (len(messages) - 2) + [False, False])
        self.assertEqual(messages[-1]["text"], "next\n")

    def test_longest_line(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=line")
        client = self.tcp(daemon.port)
        client.sendall(b"z" * 65535 + b"\n")
        daemon.wait("message", size=65536, partial=None)

    def test_echo_of_lines(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=line&reply=echo")
        client = self.tcp(daemon.port)
        client.sendall(b"half")
        client.sendall(b" and half\nrest")
        self.expect(client, "half and half\n")
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(self.receive_all(client), b"rest")
        self.assertEqual([event["size"] for event in daemon.wait_count(2, "sent", by="auto")],
                         [14, 4])

    def test_raw_is_at_most_64k(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        client = self.tcp(daemon.port)
        client.sendall(b"w" * 500_000)
        daemon.wait_data(1, b"w" * 500_000)
        for event in daemon.seen("message"):
            self.assertLessEqual(event["size"], 65536)
            self.assertNotIn("partial", event)


class TargetTest(TestCase):
    """A reply never goes to the wrong peer."""

    def test_json_starts_with_none(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one, two = self.tcp(daemon.port), self.tcp(daemon.port)
        daemon.wait_count(2, "open")
        self.assertEqual(daemon.refused("anyone there?")["command"], "send")
        daemon.command("/to 2")
        daemon.wait("target", peer=2)
        answer = daemon.command("hello two")
        self.assertEqual(answer["command"], "send")
        self.expect(two, "hello two\n")
        daemon.command("@1 hello one")
        self.expect(one, "hello one\n")
        daemon.command("still two")
        self.expect(two, "still two\n")
        daemon.command("/to #1")
        daemon.wait("target", peer=1)
        daemon.command("now one")
        self.expect(one, "now one\n")
        daemon.command("/to -")
        daemon.wait("target", peer=None)
        daemon.refused("nobody")
        self.check_silent(one)
        self.check_silent(two)

    def test_target_that_closes(self):
        daemon = self.daemon("tcp://127.0.0.1:0?half-close=0")
        one, two = self.tcp(daemon.port), self.tcp(daemon.port)
        daemon.wait_count(2, "open")
        daemon.command("/to 1")
        daemon.wait("target", peer=1)
        one.close()
        daemon.wait("close", peer=1)
        daemon.wait("target", peer=None)
        names = [event["event"] for event in daemon.seen() if event["event"] in ("close", "target")]
        self.assertEqual(names, ["target", "close", "target"])
        three = self.tcp(daemon.port)
        daemon.wait("open", peer=3)
        daemon.refused("for peer one only")
        self.check_silent(two)
        self.check_silent(three)
        daemon.refused("/to 1", "1")

    def test_text_takes_the_first_peer_once(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?half-close=0")
        one = self.tcp(daemon.port)
        one.sendall(b"FIRST")
        daemon.wait_output("FIRST")
        two = self.tcp(daemon.port)
        two.sendall(b"SECOND")
        output = daemon.wait_output("SECOND")
        self.assertIn(b"#1", output)
        self.assertIn(b"#2", output)
        daemon.line("hello one")
        self.expect(one, "hello one\n")
        daemon.line("@2 hello two")
        self.expect(two, "hello two\n")
        daemon.line("one again")
        self.expect(one, "one again\n")
        one.shutdown(socket.SHUT_WR)
        self.expect_end(one)
        daemon.line("for peer one only")
        three = self.tcp(daemon.port)
        three.sendall(b"THIRD")
        daemon.wait_output("THIRD")
        daemon.line("this too")
        daemon.line("@2,3 barrier")
        self.expect(two, "barrier\n")
        self.expect(three, "barrier\n")
        daemon.line("/to 3")
        daemon.line("hello three")
        self.expect(three, "hello three\n")

    def test_text_target_set_by_hand(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        one.sendall(b"FIRST")
        daemon.wait_output("FIRST")
        two = self.tcp(daemon.port)
        two.sendall(b"SECOND")
        daemon.wait_output("SECOND")
        daemon.line("/to 2")
        daemon.line("hello two")
        self.expect(two, "hello two\n")
        daemon.line("/to -")
        daemon.line("nobody")
        daemon.line("@1,2 barrier")
        self.expect(one, "barrier\n")
        self.expect(two, "barrier\n")

    def test_first_peer_over_udp(self):
        daemon = self.text_daemon("udp://127.0.0.1:0?reply=none")
        one, two = self.udp(daemon.port), self.udp(daemon.port)
        one.send(b"FIRST")
        daemon.wait_output("FIRST")
        two.send(b"SECOND")
        daemon.wait_output("SECOND")
        daemon.line("hello one")
        self.expect(one, "hello one")

    def test_unknown_peer_in_a_list(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one, two = self.tcp(daemon.port), self.tcp(daemon.port)
        daemon.wait_count(2, "open")
        for line in ("@1,7,2 x", "/send 7 x", "/send 1,nobody x", "/bytes 1,7 00",
                     "/close 1,7", "/file 1,7 /etc/hostname", "@1, x", "@0 x", "@-1 x",
                     "@99999999999999999999999 x"):
            with self.subTest(line=line):
                daemon.refused(line)
        self.assertIn("7", daemon.refused("@1,7,2 x")["error"])
        self.assertEqual(len(daemon.command("/peers")["peers"]), 2)
        self.assertEqual(daemon.seen("sent"), [])
        self.check_silent(one)
        self.check_silent(two)

    def test_list(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        clients = [self.tcp(daemon.port) for _ in range(4)]
        daemon.wait_count(4, "open")
        daemon.command("/name 3 boiler")
        daemon.command("@#1,boiler,4 some")
        for number in (1, 3, 4):
            daemon.wait("sent", peer=number, text="some\n")
        daemon.command("@* all")
        opened = {event["remote"].rpartition("/")[2]: event["peer"]
                  for event in daemon.seen("open")}
        for client in clients:
            some = b"" if opened[name_of(client)] == 2 else b"some\n"
            self.expect(client, some + b"all\n")

    def test_nobody_on_the_line(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        for line in ("@* x", "/send * x", "/bytes * 00", "/close *", "text"):
            daemon.refused(line)

    def test_numbers_are_never_used_again(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0?reply=none")
        for number in range(1, 6):
            if number % 2:
                one = self.tcp(daemon.ports[0])
            else:
                one = self.udp(daemon.ports[1])
                one.send(b"x")
            daemon.wait("open", peer=number)
            daemon.command(f"/close {number}")
            daemon.wait("close", peer=number, reason="operator")
            daemon.refused(f"@{number} x", str(number))


class ChaosTest(TestCase):
    """Peers and operator do what they like, in an order that is the same each time."""

    STREAMS = ("tcp://127.0.0.1:0?reply=echo", "tcp://127.0.0.1:0?framing=line&reply=stamp",
               "tcp://127.0.0.1:0?half-close=0.1")

    def setUp(self):
        super().setUp()
        self.random = random.Random(20170319)
        self.console = self.daemon(*self.STREAMS, "udp://127.0.0.1:0",
                                   "udp://127.0.0.1:0?reply=echo", "--udp-idle-timeout", "0.2",
                                   "--max-queue", "64k", "--drain", "0.2")
        self.streams, self.senders = [], []

    def stream(self):
        return self.random.choice(self.streams) if self.streams else self.connect()

    def connect(self):
        one = self.tcp(self.random.choice(self.console.ports[:3]),
                       receive_buffer=self.random.choice((None, 4096)))
        one.setblocking(False)
        self.streams.append(one)
        return one

    def say(self):
        one = self.stream()
        try:
            one.send(self.random.randbytes(self.random.choice((1, 100, 70_000))))
            if self.random.random() < 0.5:
                one.recv(1 << 18)
        except OSError:
            pass

    def half_close(self):
        try:
            self.stream().shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def leave(self):
        one = self.stream()
        self.streams.remove(one)
        if self.random.random() < 0.5:
            one.close()
        else:
            self.reset(one)

    def datagram(self):
        if len(self.senders) < 5 or self.random.random() < 0.1:
            self.senders.append(self.udp(self.random.choice(self.console.ports[3:])))
        one = self.random.choice(self.senders)
        try:
            one.send(self.random.randbytes(self.random.choice((0, 10, 60_000))))
        except OSError:
            pass
        if self.random.random() < 0.2:
            self.senders.remove(one)
            one.close()

    def operate(self):
        peer = self.random.choice(("*", str(self.random.randrange(1, 60)), "one", "1,2,3"))
        self.console.input(self.random.choice((
            f"@{peer} text", f"@{peer} " + "x" * 30_000, f"/bytes {peer} 00 ff", f"/close {peer}",
            f"/to {peer}", "to the target", f"/name {peer} one", f"/name {peer} -", "/peers",
            f"/info {peer}", f"/file {peer} {self.big}", "/view size", "/view text",
            f"/reply {self.random.randrange(1, 6)} {self.random.choice(('none', 'echo'))}",
            f"/connect tcp://127.0.0.1:{self.console.ports[0]}",
            f"/connect udp://127.0.0.1:{self.console.ports[3]}?from=5",
            f"/connect tcp://127.0.0.1:{self.closed}?reply=echo", "/stats")))

    def test_chaos(self):
        self.big = self.file("big", b"b" * 50_000)
        self.closed = self.free_port()
        actions = (self.connect, self.say, self.say, self.say, self.half_close, self.leave,
                   self.datagram, self.datagram, self.operate, self.operate)
        for _ in range(1500):
            self.random.choice(actions)()
        self.console.command("/stats")
        answers = [event["input"] for event in self.console.seen()
                   if event["event"] in ("result", "error") and "input" in event]
        self.assertEqual(answers, list(range(1, self.console.inputs + 1)))
        self.console.stop()
        first, last = {}, {}
        for event in self.console.parse():
            if isinstance(event.get("peer"), int) and event["event"] not in ("result", "target"):
                first.setdefault(event["peer"], event["event"])
                last[event["peer"]] = event["event"]
        self.assertEqual(set(last.values()), {"close"})
        # A call that fails closes without having opened.
        self.assertEqual(set(first.values()) - {"close"}, {"open"})


class NameTest(TestCase):
    def test_name_serves_where_a_number_does(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one, two = self.tcp(daemon.port), self.tcp(daemon.port)
        two.sendall(b"x")
        two_number = daemon.wait("message")["peer"]
        one_number = 3 - two_number
        daemon.command(f"/name {two_number} boiler-2_A")
        daemon.wait("name", peer=two_number, name="boiler-2_A")
        daemon.command("@boiler-2_A hello")
        self.expect(two, "hello\n")
        daemon.command("/to boiler-2_A")
        daemon.wait("target", peer=two_number)
        self.assertEqual(daemon.command("/info boiler-2_A")["peer"]["name"], "boiler-2_A")
        daemon.refused(f"/name {one_number} boiler-2_A", "boiler-2_A")
        daemon.command("/name boiler-2_A pump")
        daemon.refused("@boiler-2_A gone", "boiler-2_A")
        daemon.command(f"/name {one_number} boiler-2_A")
        daemon.command("@boiler-2_A you now")
        self.expect(one, "you now\n")
        daemon.command("/name pump -")
        daemon.wait("name", peer=two_number, name=None)
        daemon.refused("@pump x", "pump")
        self.assertIsNone(daemon.command(f"/info {two_number}")["peer"].get("name"))

    def test_name_is_free_when_its_peer_is_gone(self):
        daemon = self.daemon("tcp://127.0.0.1:0?half-close=0")
        one = self.tcp(daemon.port)
        daemon.open()
        daemon.command("/name 1 boiler")
        one.close()
        daemon.wait("close", peer=1)
        self.tcp(daemon.port)
        daemon.open()
        daemon.refused("@boiler x", "boiler")
        daemon.command("/name 2 boiler")

    def test_bad_names(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        self.tcp(daemon.port)
        daemon.open()
        for name in ("2nd", "a.b", "x" * 33, "kühl", "#1", "*", "a b", "_a"):
            with self.subTest(name=name):
                daemon.refused(f"/name 1 {name}")
        daemon.command("/name 1 " + "x" * 32)


class PeersTest(TestCase):
    FIELDS = {"peer", "transport", "remote", "local", "listener", "name", "state", "received",
              "sent", "queued", "idle"}

    def test_fields(self):
        path = self.path("a.sock")
        daemon = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0?reply=none", f"unix:{path}")
        one, two, three = self.tcp(daemon.ports[0]), self.udp(daemon.ports[1]), self.unix(path)
        for number, client in enumerate((one, two, three), 1):
            client.send(b"abcd")
            daemon.wait("message", text="abcd")
        opened = {event["peer"]: event for event in daemon.seen("open")}
        daemon.command("@1,2,3 hi")
        listed = daemon.command("/peers")["peers"]
        self.assertEqual([peer["peer"] for peer in listed], [1, 2, 3])
        for peer in listed:
            self.assertLessEqual(self.FIELDS - {"name"}, set(peer), peer)
            self.assertIsNone(peer.get("name"))
            event = opened[peer["peer"]]
            for field in ("transport", "remote", "local", "listener"):
                self.assertEqual(peer[field], event[field])
            self.assertEqual((peer["state"], peer["received"], peer["queued"]), ("open", 4, 0))
            self.assertEqual(peer["sent"], 2 if peer["transport"] == "udp" else 3)
            self.assertGreaterEqual(peer["idle"], 0)
            info = daemon.command(f"/info {peer['peer']}")["peer"]
            for field in self.FIELDS - {"idle", "name"}:
                self.assertEqual(info[field], peer[field])
        daemon.refused("/info 4", "4")
        daemon.refused("/info")

    def test_state_and_queue(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.open()
        one.shutdown(socket.SHUT_WR)
        daemon.wait("half-close", peer=1)
        self.assertEqual(daemon.command("/info 1")["peer"]["state"], "half-closed")
        two = self.tcp(daemon.port, receive_buffer=4096)
        daemon.open()
        queued = self.fill(daemon, 2)
        self.assertGreater(daemon.command("/info 2")["peer"]["queued"], 0)
        daemon.command("/close 2")
        self.assertEqual(daemon.command("/info 2")["peer"]["state"], "closing")
        self.assertEqual(len(self.receive_all(two)), queued)
        closed = daemon.wait("close", peer=2, reason="operator")
        self.assertEqual((closed["sent"], closed["unsent"]), (queued, 0))

    def fill(self, daemon, peer):
        """Sends until the peer's queue takes no more; returns how many bytes it took."""
        text = "f" * 400_000
        for count in range(100):
            answer = daemon.ask(f"@{peer} {text}")
            if answer["event"] == "error":
                self.assertIn(str(peer), answer["error"])
                return count * (len(text) + 1)
        self.fail("the queue has no bound")

    def test_full_queue(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port, receive_buffer=4096)
        daemon.wait("open", peer=1)
        two = self.tcp(daemon.port)
        daemon.wait("open", peer=2)
        queued = self.fill(daemon, 1)
        text = "f" * 400_000
        self.assertEqual(len(daemon.seen("sent", peer=1)), queued // (len(text) + 1))
        daemon.refused(f"@1,2 {text}", "1")  # the others get it
        self.assertEqual(self.receive(two, len(text) + 1), text.encode() + b"\n")
        self.assertEqual(self.receive(one, queued), (text.encode() + b"\n") * (queued // 400_001))
        daemon.command("@1 again")
        self.expect(one, "again\n")


class CloseTest(TestCase):
    def test_close(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one, two = self.tcp(daemon.port), self.tcp(daemon.port)
        daemon.wait_count(2, "open")
        daemon.command("@* bye")
        self.assertEqual(daemon.command("/close *")["command"], "close")
        for client in (one, two):
            self.expect(client, "bye\n")
            self.expect_end(client)
        for number in (1, 2):
            closed = daemon.wait("close", peer=number)
            self.assertEqual((closed["reason"], closed["received"], closed["sent"],
                              closed["unsent"]), ("operator", 0, 4, 0))

    def test_close_with_input_unread_loses_no_tail(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port, receive_buffer=4096)
        daemon.open()
        text = "t" * 900_000
        daemon.command(f"@1 {text}")
        one.sendall(b"unread")
        daemon.command("/close 1")
        one.sendall(b"more")
        self.assertEqual(self.receive_all(one), text.encode() + b"\n")
        one.close()
        closed = daemon.wait("close", peer=1)
        self.assertEqual((closed["reason"], closed["sent"], closed["unsent"]),
                         ("operator", 900_001, 0))

    def test_close_twice_is_at_once(self):
        daemon = self.daemon("--drain", "60", "tcp://127.0.0.1:0", "--max-queue", "4M")
        self.tcp(daemon.port, receive_buffer=4096)
        daemon.open()
        queued = 0
        while not daemon.command("/info 1")["peer"]["queued"]:
            daemon.command("@1 " + "c" * 900_000)
            queued += 900_001
        daemon.command("/close 1")
        daemon.refused("@1 too late", "1")
        daemon.command("/close 1")
        closed = daemon.wait("close", peer=1, reason="operator")
        self.assertGreater(closed["unsent"], 0)
        self.assertEqual(closed["sent"] + closed["unsent"], queued)

    def test_half_closed_peer_gets_its_answer(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        one.sendall(b"question")
        one.shutdown(socket.SHUT_WR)
        daemon.wait("message", peer=1, text="question")
        daemon.wait("half-close", peer=1)
        daemon.command("@1 answer")
        self.expect(one, "answer\n")
        daemon.command("/close 1")
        self.expect_end(one)
        daemon.wait("close", peer=1, reason="operator", received=8, sent=7, unsent=0)

    def test_half_closed_peer_is_closed_in_time(self):
        daemon = self.daemon("--half-close", "0.2", "tcp://127.0.0.1:0",
                             "tcp://127.0.0.1:0?half-close=0.3", "tcp://127.0.0.1:0?half-close=60")
        for port in daemon.ports[:2]:
            one = self.tcp(port)
            peer = daemon.open()
            one.shutdown(socket.SHUT_WR)
            self.expect_end(one)
            closed = daemon.wait("close", peer=peer, reason="eof")
            self.assertGreaterEqual(closed["seconds"], 0.1)
        one = self.tcp(daemon.ports[2])
        peer = daemon.open()
        one.shutdown(socket.SHUT_WR)
        daemon.wait("half-close", peer=peer)
        self.assertEqual(daemon.command(f"/info {peer}")["peer"]["state"], "half-closed")

    def test_half_closed_peer_gets_what_is_queued(self):
        daemon = self.daemon("tcp://127.0.0.1:0?half-close=0")
        one = self.tcp(daemon.port, receive_buffer=4096)
        daemon.open()
        text = "q" * 900_000
        daemon.command(f"@1 {text}")
        one.shutdown(socket.SHUT_WR)
        daemon.wait("half-close", peer=1)
        self.assertEqual(self.receive_all(one), text.encode() + b"\n")
        daemon.wait("close", peer=1, reason="eof", sent=900_001, unsent=0)

    def test_end_of_file(self):
        daemon = self.daemon("tcp://127.0.0.1:0?half-close=0")
        one = self.tcp(daemon.port)
        one.sendall(b"12345")
        daemon.wait("message")
        daemon.command("@1 123")
        self.expect(one, "123\n")
        one.close()
        daemon.wait("half-close", peer=1)
        closed = daemon.wait("close", peer=1)
        self.assertEqual((closed["reason"], closed["received"], closed["sent"], closed["unsent"]),
                         ("eof", 5, 4, 0))
        self.assertGreaterEqual(closed["seconds"], 0)
        self.assertLess(closed["seconds"], 20)

    def test_reset(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one, two = self.tcp(daemon.port), self.tcp(daemon.port)
        two.sendall(b"two")
        two_number = daemon.wait("message")["peer"]
        self.reset(one)
        closed = daemon.wait("close", peer=3 - two_number)
        self.assertEqual(closed["reason"], "reset")
        daemon.command("@* still here")
        self.expect(two, "still here\n")

    def test_idle_timeout(self):
        daemon = self.daemon("--idle-timeout", "0.3", "tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.open()
        self.expect_end(one)
        daemon.wait("close", peer=1, reason="timeout")

    def test_traffic_either_way_is_not_idle(self):
        daemon = self.daemon("--idle-timeout", "0.5", "tcp://127.0.0.1:0?reply=none",
                             "tcp://127.0.0.1:0?half-close=0.2")
        one, two = self.tcp(daemon.ports[0]), self.tcp(daemon.ports[0])
        daemon.wait_count(2, "open")
        numbers = {event["remote"].rpartition("/")[2]: event["peer"]
                   for event in daemon.seen("open")}
        for _ in range(5):  # a clock that runs for a fifth of a second
            clock = self.tcp(daemon.ports[1])
            clock.shutdown(socket.SHUT_WR)
            self.expect_end(clock)
            one.sendall(b"x")
            daemon.command(f"@{numbers[name_of(two)]} x")
        self.assertEqual(daemon.seen("close", reason="timeout"), [])


class CallTest(TestCase):
    """/connect, /listen, /unlisten."""

    def test_connect_tcp(self):
        server = self.listener()
        daemon = self.daemon("tcp://127.0.0.1:0")
        endpoint = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        answer = daemon.command(f"/connect {endpoint}?half-close=0")
        self.assertEqual(answer["peer"], 1)
        opened = daemon.wait("open", peer=1)
        self.assertNotIn("listener", opened)
        self.assertLess(daemon.events.index(answer), daemon.events.index(opened))
        far = self.accept(server)
        far.sendall(b"hello")
        daemon.wait("message", peer=1, text="hello")
        daemon.command("@1 hi")
        self.expect(far, "hi\n")
        far.close()
        daemon.wait("close", peer=1, reason="eof")

    def test_connect_keys(self):
        server = self.listener()
        daemon = self.daemon("tcp://127.0.0.1:0")
        daemon.command(f"/connect 127.0.0.1:{server.getsockname()[1]}?reply=echo&eol=crlf"
                       "&name=out")
        far = self.accept(server)
        far.sendall(b"ping")
        self.expect(far, "ping")
        daemon.wait("open", peer=1)
        daemon.command("@out x")
        self.expect(far, "x\r\n")

    def test_connect_unix(self):
        path = self.path("far.sock")
        server = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.bind(path)
        server.listen()
        daemon = self.daemon("tcp://127.0.0.1:0")
        daemon.command(f"/connect unix:{path}")
        far = self.accept(server)
        daemon.wait("open", peer=1, transport="unix")
        daemon.command("@1 x")
        self.expect(far, "x\n")

    def test_connect_udp(self):
        far = self.udp(bind=("127.0.0.1", 0))
        daemon = self.daemon("udp://127.0.0.1:0")
        daemon.command(f"/connect udp://{name_of(far)}")
        daemon.wait("open", peer=1, transport="udp", listener=None)
        daemon.command("@1 x")
        data, address = far.recvfrom(100)
        self.assertEqual(data, b"x")
        self.assertNotEqual(address[1], daemon.port)
        far.sendto(b"y", address)
        daemon.wait("message", peer=1, text="y")
        daemon.command("@1 z")  # no automatic reply came before it
        self.expect(far, "z")

    def test_connect_udp_from_a_listener(self):
        far = self.udp(bind=("127.0.0.1", 0))
        daemon = self.daemon("udp://127.0.0.1:0?name=out")
        daemon.command(f"/connect udp://{name_of(far)}?from=out")
        peer = daemon.open(transport="udp")
        daemon.command(f"@{peer} x")
        data, address = far.recvfrom(100)
        self.assertEqual((data, address), (b"x", ("127.0.0.1", daemon.port)))
        daemon.refused(f"/connect udp://{name_of(far)}?from=nowhere", "nowhere")

    def test_connect_refused(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        port = self.free_port()
        answer = daemon.ask(f"/connect tcp://127.0.0.1:{port}")
        if answer["event"] == "result":
            answer = daemon.wait("close", peer=answer["peer"], reason="error")
        self.assertIn("refused", answer["error"])
        self.assertEqual(daemon.command("/peers")["peers"], [])

    def test_connect_timeout(self):
        port = self.full_listener()
        daemon = self.daemon("--connect-timeout", "0.3", "tcp://127.0.0.1:0")
        answer = daemon.command(f"/connect tcp://127.0.0.1:{port}")
        self.assertEqual([peer["state"] for peer in daemon.command("/peers")["peers"]],
                         ["connecting"])
        daemon.refused("@1 not yet", "1")
        daemon.wait("close", peer=answer["peer"], reason="timeout")

    def test_connecting_peer_can_be_closed(self):
        port = self.full_listener()
        daemon = self.daemon("--drain", "60", "tcp://127.0.0.1:0")
        daemon.command(f"/connect tcp://127.0.0.1:{port}")
        daemon.command("/close 1")
        daemon.wait("close", peer=1, reason="operator")
        daemon.command(f"/connect tcp://127.0.0.1:{port}")
        daemon.stop()  # at once: there is nothing to drain
        daemon.wait("close", peer=2, reason="shutdown")

    def test_connect_usage(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        for line, part in (("/connect", ""), ("/connect tcp://127.0.0.1:70000", "70000"),
                           ("/connect ftp://127.0.0.1:1", "ftp"),
                           ("/connect tcp://127.0.0.1:1?colour=red", "colour")):
            daemon.refused(line, part)

    def test_listen_and_unlisten(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        daemon.command("/listen tcp://127.0.0.1:0?reply=echo&name=second")
        listening = daemon.wait("listening", listener=2)
        self.assertEqual(listening["name"], "second")
        port = daemon.endpoint_port(listening["endpoint"])
        one = self.tcp(port)
        one.sendall(b"x")
        self.expect(one, "x")
        self.assertEqual([entry["listener"] for entry in daemon.command("/listeners")["listeners"]],
                         [1, 2])
        daemon.command("/unlisten second")
        daemon.wait("unlistening", listener=2)
        self.check_refused(port)
        one.sendall(b"y")  # its stream peers stay
        self.expect(one, "y")
        daemon.refused("/unlisten 2", "2")
        daemon.command("/listen tcp://127.0.0.1:0")
        daemon.wait("listening", listener=3)

    def test_unlisten_closes_udp_peers(self):
        daemon = self.daemon("udp://127.0.0.1:0")
        one = self.udp(daemon.port)
        one.send(b"x")
        daemon.open()
        daemon.command("/unlisten 1")
        daemon.wait("close", peer=1, reason="operator")
        daemon.wait("unlistening", listener=1)

    def test_listen_in_use(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        daemon.refused(f"/listen tcp://127.0.0.1:{daemon.port}", "Address already in use")
        daemon.refused("/listen ftp://127.0.0.1:1", "ftp")
        daemon.refused("/listen")
        self.assertEqual(len(daemon.command("/listeners")["listeners"]), 1)


if __name__ == "__main__":
    main()
