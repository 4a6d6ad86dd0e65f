# SPDX-License-Identifier: GPL-3.0-or-later
"""Thousands of peers, and operators who ask about all of them: nobody waits for the answers."""

import socket
import threading

from telex_test import TestCase, main

CROWD = 10000
BATCH = 250  # datagrams at a time: so many fit any socket's buffer
PIECE = 1000  # entries of one result
CONSOLES = 8
LINES = 2000


class CrowdTest(TestCase):
    def setUp(self):
        super().setUp()
        self.control = self.path("control")
        self.telexd = self.daemon("udp://127.0.0.1:0?reply=none", "tcp://127.0.0.1:0?reply=echo",
                                  f"--control={self.control}?access=read", count=2)

    def fill(self, count=CROWD):
        """That many UDP peers, each with a port of its own."""
        known = 0
        while known < count:
            for _ in range(min(BATCH, count - known)):
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
                    one.bind(("127.0.0.1", 0))
                    one.sendto(b"x", ("127.0.0.1", self.telexd.ports[0]))
            known = self.telexd.command("/stats")["stats"]["udp_peers"]

    def pieces(self, console, line):
        """The results that answer the line, as they came."""
        def probe():
            results = console.seen("result", input=line)
            return results if results and not results[-1].get("more") else None
        return console.until(probe, f"the last answer to line {line}")

    def check_pieces(self, pieces):
        """All but the last are full and say that more follow; returns the numbers in them."""
        self.assertEqual([len(piece["peers"]) for piece in pieces[:-1]],
                         [PIECE] * (len(pieces) - 1))
        self.assertEqual([piece.get("more") for piece in pieces],
                         [True] * (len(pieces) - 1) + [None])
        return [peer["peer"] for piece in pieces for peer in piece["peers"]]

    def test_lists_come_in_pieces(self):
        self.fill()
        one = self.attach(self.control)
        answer = self.pieces(one, one.input("/peers"))
        self.assertEqual(self.check_pieces(answer), list(range(1, CROWD + 1)))

    def test_who_comes_meanwhile_is_listed_where_nobody_reads(self):
        """Pieces are made when there is room for them, and not before."""
        self.fill()
        one = self.attach(self.control)
        one.stdout.pause()
        line = one.input("/peers")
        behind = one.input("/stats")
        self.attach(self.control).command("/stats")  # one more turn at least
        peer = self.tcp(self.telexd.ports[1])
        self.telexd.wait("open", transport="tcp")
        one.stdout.resume()
        answer = self.pieces(one, line)
        self.assertEqual(self.check_pieces(answer), list(range(1, CROWD + 2)))
        self.assertEqual(answer[-1]["peers"][-1]["remote"], "127.0.0.1:%d" % peer.getsockname()[1])
        after = self.pieces(one, behind)
        events = one.parse()
        self.assertLess(events.index(answer[-1]), events.index(after[0]))

    def turns(self):
        return self.telexd.command("/stats")["stats"]["loop_turns"]

    def check_turns(self, line, rounds):
        """All peers are gone through so many times, at most a thousand in a turn."""
        before = self.turns()
        answer = self.telexd.command(line)
        self.assertGreaterEqual(self.turns() - before, rounds * CROWD // PIECE)
        return answer

    def test_all_are_sent_to_and_closed_in_many_turns(self):
        self.fill()
        self.telexd.command("/view none")  # events would take turns too
        before = self.telexd.command("/stats")["stats"]["messages_out"]
        self.check_turns("/send * hello", 2)
        after = self.telexd.command("/stats")["stats"]["messages_out"]
        self.assertEqual(after - before, CROWD)
        answer = self.check_turns("/close *", 1)
        self.assertEqual(answer["note"], f"closing {CROWD} peers")
        self.assertEqual(self.telexd.command("/stats")["stats"]["udp_peers"], 0)

    def test_an_echo_goes_on_while_all_ask(self):
        """Consoles that ask for all peers again and again, whether they read or not."""
        self.fill()
        peer = self.tcp(self.telexd.ports[1])
        consoles = [self.unix(self.control) for _ in range(CONSOLES)]
        for number, one in enumerate(consoles):
            one.sendall(b"/peers\n" * LINES)
            if number % 2:
                threading.Thread(target=self.read_all, args=(one,)).start()
        self.addCleanup(lambda: [one.shutdown(socket.SHUT_RDWR) for one in consoles])
        for _ in range(50):
            peer.sendall(b"ping")
            self.expect(peer, b"ping")

    @staticmethod
    def read_all(one):
        try:
            while one.recv(1 << 20):
                pass
        except OSError:
            pass


if __name__ == "__main__":
    main()
