# SPDX-License-Identifier: GPL-3.0-or-later
"""WebSocket: frame by frame as RFC 6455 has it, and with the implementations of others."""

import asyncio
import base64
import hashlib
import os
import re
import shutil
import subprocess
import unittest

from telex_test import DEADLINE, TestCase
from web_peer import (BINARY, CLOSE, DEFLATE, PING, PONG, TEXT, WebPeer, code, frame, pack, request)

try:
    import websockets
except ImportError:
    websockets = None

NODE = shutil.which("node")
NODE_WS = "/usr/share/nodejs/ws"


def said(*items):
    return list(items)


class FrameTest(TestCase):
    """An echo, and what it does with frames."""

    @classmethod
    def cases(cls):
        yield "text", [frame(TEXT, b"*" * 125)], said((TEXT, b"*" * 125))
        for size in (0, 126, 65535, 65536):
            yield f"binary of {size}", [frame(BINARY, b"\xfe" * size)], said(
                (BINARY if size else TEXT, b"\xfe" * size))
        yield "over a piece", [frame(BINARY, b"\xfe" * 65537)], said(
            (BINARY, b"\xfe" * 65536), (BINARY, b"\xfe"))
        yield "pings", [frame(PING), frame(PING, b"a" * 125), frame(PONG, b"x")], said(
            (PONG, b""), (PONG, b"a" * 125))
        yield "fragments", [frame(TEXT, b"\xce", final=False), frame(PING, b"p"),
                            frame(0, b"", final=False), frame(0, b"\xba")], said(
            (PONG, b"p"), (TEXT, b"\xce\xba"))
        for name, frames in (
                ("ping over 125", [frame(PING, b"a" * 126)]),
                ("ping in pieces", [frame(PING, final=False)]),
                ("not masked", [frame(TEXT, b"x", masked=False)]),
                ("continuation of nothing", [frame(0, b"x")]),
                ("message in a message", [frame(TEXT, b"a", final=False), frame(TEXT, b"b")]),
                ("longer length", [frame(TEXT, b"x", form=2)]),
                ("longest length", [frame(TEXT, b"x", form=8)]),
                ("compressed unasked", [frame(TEXT, b"x", reserved=4)]),
                ("half a code", [frame(CLOSE, b"x")]),
                ("reason no UTF-8", [frame(CLOSE, code(1000, b"\xff"))])):
            yield name, frames, said((CLOSE, code(1002)))
        for reserved in (1, 2, 3, 5, 7):
            yield f"reserved {reserved}", [frame(TEXT, b"x", reserved=reserved)], said(
                (CLOSE, code(1002)))
        for opcode in (3, 7, 11, 15):
            yield f"opcode {opcode}", [frame(opcode)], said((CLOSE, code(1002)))
        for number, text in enumerate((b"\xce\xba\xed\xa0\x80x", b"\xf4\x90\x80\x80", b"\xc0\xaf",
                                       b"\xff", b"\xce")):
            yield f"no UTF-8 {number}", [frame(TEXT, text)], said((CLOSE, code(1007)))
        yield "no UTF-8 any more", [frame(TEXT, b"\xf4", final=False),
                                    frame(0, b"\x90", final=False)], said((CLOSE, code(1007)))
        yield "over 63 bits", [b"\x82\xff\x80" + bytes(11)], said((CLOSE, code(1009)))
        for number in (1000, 1001, 1003, 1011, 3000, 4999):
            yield f"code {number}", [frame(CLOSE, code(number, b"bye")), frame(TEXT, b"x")], said(
                (CLOSE, code(number)))
        for number in (0, 999, 1004, 1005, 1006, 1015, 2999, 5000):
            yield f"no code {number}", [frame(CLOSE, code(number))], said((CLOSE, code(1002)))
        yield "no code at all", [frame(CLOSE)], said((CLOSE, b""))

    @classmethod
    def packed_cases(cls):
        text = b"ab" * 30000
        yield "packed", [frame(TEXT, pack(text), reserved=4)], said((TEXT, text))
        yield "in fragments", [frame(TEXT, pack(text)[:9], final=False, reserved=4),
                               frame(0, pack(text)[9:])], said((TEXT, text))
        yield "plain", [frame(TEXT, b"plain")], said((TEXT, b"plain"))
        yield "garbage", [frame(BINARY, b"\xff" * 5, reserved=4)], said((CLOSE, code(1007)))
        yield "marked again", [frame(TEXT, b"a", final=False, reserved=4),
                               frame(0, b"b", reserved=4)], said((CLOSE, code(1002)))

    def check(self, port, cases, fields=""):
        for name, frames, expected in cases:
            for step in (1 << 20, 7) if sum(map(len, frames)) < 1000 else (1 << 20,):
                with self.subTest(name, step=step):
                    peer = WebPeer.open(self, port, fields=fields)
                    data = b"".join(frames)
                    for at in range(0, len(data), step):
                        peer.socket.sendall(data[at:at + step])
                    self.assertEqual([peer.read() for _ in expected], expected)
                    if expected[-1][0] == CLOSE:
                        self.assertIsNone(peer.read())
                    peer.socket.close()

    def test_frames(self):
        daemon = self.daemon("ws://127.0.0.1:0?reply=echo", "--view=size", "--drain=0")
        self.check(daemon.port, self.cases())
        daemon.stop()

    def test_packed(self):
        daemon = self.daemon("ws://127.0.0.1:0?reply=echo", "--view=size", "--drain=0")
        if "sec-websocket-extensions" not in WebPeer.open(self, daemon.port, fields=DEFLATE).fields:
            self.skipTest("built without deflate")
        self.check(daemon.port, self.packed_cases(), DEFLATE)
        daemon.stop()

    def test_a_bomb_comes_in_pieces(self):
        daemon = self.daemon("ws://127.0.0.1:0", "--view=size", "--drain=0")
        peer = WebPeer.open(self, daemon.port, fields=DEFLATE)
        if "sec-websocket-extensions" not in peer.fields:
            self.skipTest("built without deflate")
        peer.say(BINARY, pack(bytes(10_000_000)), reserved=4)
        for _ in range(10_000_000 // 65536):
            daemon.wait("message", size=65536, partial=True)
        self.assertNotIn("partial", daemon.wait("message", size=10_000_000 % 65536))
        daemon.stop()


class HandshakeTest(TestCase):
    def test_who_is_let_in(self):
        daemon = self.daemon("ws://127.0.0.1:0/chat?origin=app.example&protocol=b,a", "--view=size", "--drain=0")
        for hello, status in (
                (request("/chat"), 101), (request("/chat?x=1"), 101), (request("/"), 404),
                (request("/chat", "Origin: http://evil.example\r\n"), 403),
                (request("/chat", "Origin: null\r\n"), 403),
                (request("/chat", "Origin: http://a.example\r\n"), 101),
                (request("/chat", "Origin: https://app.example:1\r\n"), 101),
                (request("/chat", version=8), 426), (request("/chat", upgrade=""), 426),
                (request("/chat", host=""), 400), (b"nonsense\r\n\r\n", 400),
                (b"GET / HTTP/1.1\r\nA: " + b"a" * 9000, 431)):
            peer = WebPeer(self, daemon.port, hello)
            self.assertEqual(peer.status(), status, hello)
            if status == 426:
                self.assertEqual(peer.fields["sec-websocket-version"], "13")
        peer = WebPeer.open(self, daemon.port, "/chat", "Sec-WebSocket-Protocol: a, b\r\n")
        self.assertEqual(peer.fields["sec-websocket-protocol"], "b")
        refused = daemon.wait("refused", why="handshake")
        self.assertIn("HTTP 404", refused["error"])

    def test_whose_page_is_turned_away_is_told(self):
        daemon = self.daemon("ws://127.0.0.1:0")
        peer = WebPeer(self, daemon.port, request(fields="Origin: http://app.example\r\n"))
        self.assertEqual(peer.status(), 403)
        self.assertEqual(daemon.wait("refused", why="handshake")["error"],
                         "GET / HTTP/1.1: a web page from elsewhere, http://app.example (HTTP 403)")
        daemon.stop()

    def test_who_asks_for_nothing_is_answered_at_once(self):
        daemon = self.daemon("ws://127.0.0.1:0")
        for said, words in ((b"\x16\x03\x01\x02", "a caller that speaks TLS, which is for wss://"),
                            (b"\0", "no request of HTTP")):
            self.assertEqual(WebPeer(self, daemon.port, said).status(), 400)
            self.assertIn(words, daemon.wait("refused", why="handshake")["error"])

    def test_a_call_says_why_it_is_refused(self):
        for answer, words in ((b"HTTP/1.1 404 Not Found\r\n\r\n", "HTTP 404 Not Found"),
                              (b"HTTP/1.1 301 Moved\r\nLocation: /b\r\n\r\n", "HTTP 301 Moved, see /b"),
                              (b"SSH-2.0-x\r\n", "speaks no HTTP")):
            far = self.listener()
            client = self.telex(f"ws://127.0.0.1:{far.getsockname()[1]}/x%3Fy=1")
            peer = self.accept(far)
            self.assertTrue(peer.recv(1000).startswith(b"GET /x?y=1 HTTP/1.1\r\n"))
            peer.sendall(answer)
            client.wait_diagnostic(words)
            client.wait_end(1)

    def test_a_listener_needs_a_port(self):
        self.refuse_daemon(["ws://127.0.0.1"], 2, "a port to listen on is missing")
        self.refuse_daemon(["ws://*:1?type=x"], 2, "use auto, text or binary")


class LineTest(TestCase):
    def test_close(self):
        daemon = self.daemon("ws://127.0.0.1:0")
        peer = WebPeer.open(self, daemon.port)
        self.assertEqual(daemon.wait("open")["transport"], "ws")
        peer.say(CLOSE, code(4001, b"bye\33"))
        end = daemon.wait("close", peer=1, code=4001)
        self.assertEqual((end["reason"], end["error"]), ("eof", "4001: bye\\x1b"))
        peer = WebPeer.open(self, daemon.port)
        daemon.wait("open", peer=2)
        daemon.command("/close 2")
        self.assertEqual(peer.read(), (CLOSE, code(1000)))
        peer.say(CLOSE, code(1000))
        self.assertEqual(daemon.wait("close", peer=2)["reason"], "operator")
        peer = WebPeer.open(self, daemon.port)
        daemon.wait("open", peer=3)
        peer.hang_up()
        self.assertEqual(daemon.wait("close", peer=3, code=1006)["reason"], "error")
        peer = WebPeer.open(self, daemon.port)
        daemon.wait("open", peer=4)
        daemon.line("/shutdown")
        self.assertEqual(peer.read(), (CLOSE, code(1001)))
        peer.say(CLOSE, code(1001))
        daemon.wait_end()

    def test_half_a_message_comes_before_the_end(self):
        daemon = self.daemon("ws://127.0.0.1:0?framing=line", "ws://127.0.0.1:0", "--drain=0")
        line, raw = (WebPeer.open(self, port) for port in daemon.ports)
        daemon.wait_count(2, "open")
        line.say(TEXT, b"one\nhi")
        daemon.wait("message", peer=1, text="one\n")
        line.say(TEXT, b"x", reserved=1)
        daemon.wait("message", peer=1, text="hi", partial=True)
        self.assertEqual([line.read(), line.read()], [(CLOSE, code(1002)), None])
        end = daemon.wait("close", peer=1, code=1002)  # whether it hangs up or not
        self.assertEqual(end["error"], "a reserved bit is set (closed with 1002)")
        raw.say(TEXT, b"and th", final=False)
        raw.hang_up()
        daemon.wait("message", peer=2, text="and th", partial=True)
        daemon.wait("close", peer=2, code=1006)

    def test_what_is_sent(self):
        daemon = self.daemon("ws://127.0.0.1:0", "ws://127.0.0.1:0?type=binary",
                             "ws://127.0.0.1:0?type=text", "--drain=0")
        for number, kind in ((1, TEXT), (2, BINARY), (3, TEXT)):
            peer = WebPeer.open(self, daemon.ports[number - 1])
            daemon.open(peer=number)
            daemon.command(f"@{number} hi")
            daemon.command(f"/bytes {number} ff")
            self.assertEqual([peer.read(), peer.read()], [(kind, b"hi"), (BINARY, b"\xff")])

    def test_pings(self):
        daemon = self.daemon("ws://127.0.0.1:0?ping=0.1", "--drain=0")
        alive, silent = (WebPeer.open(self, daemon.port) for _ in range(2))
        for _ in range(3):
            self.assertEqual(alive.read(), (PING, b""))
            alive.say(PONG)
        self.assertEqual(daemon.wait("close")["reason"], "timeout")
        self.assertEqual(silent.read(), (PING, b""))

    def test_who_only_asks_costs_no_more(self):
        daemon = self.daemon("ws://127.0.0.1:0?ping=0", "--view=size", "--drain=0")
        peer = WebPeer.open(self, daemon.port)
        daemon.wait("open")
        peer.socket.settimeout(0.2)
        with self.assertRaises(TimeoutError):  # it is not read any more
            while True:
                peer.socket.send(frame(PING, b"p" * 125) * 1000)
        self.assertLess(daemon.command("/stats")["stats"]["memory"], 400_000)

    def test_lines_are_messages_between_pipes(self):
        far = self.daemon("ws://127.0.0.1:0?reply=echo")
        output = self.run_telex(f"ws://127.0.0.1:{far.port}", data=b"one\ntwo\n\nlast")
        self.assertEqual(far.wait("close")["code"], 1000)
        self.assertEqual(far.data(1), b"onetwolast")
        self.assertEqual([event["size"] for event in far.seen("message")], [3, 3, 0, 4])
        self.assertEqual(output, b"onetwolast")

    def test_a_farewell_between_pipes_is_said(self):
        for number, status, words in ((1011, 1, "1011 (internal error): boom"), (4000, 0, "4000: boom"),
                                      (1000, 0, "1000 (normal end): boom")):
            far = self.listener()
            client = self.telex(f"ws://127.0.0.1:{far.getsockname()[1]}")
            peer = self.accept(far)
            key = re.search(rb"Sec-WebSocket-Key: (\S+)", peer.recv(1000))[1]
            accept = hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
            peer.sendall(b"HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         b"Sec-WebSocket-Accept: " + base64.b64encode(accept) + b"\r\n\r\n" +
                         frame(CLOSE, code(number, b"boom"), masked=False))
            client.wait_diagnostic(f": {words}\n")
            client.wait_end(status)

    def test_the_end_of_input_leaves_time_for_answers(self):
        far = self.daemon("ws://127.0.0.1:0")
        client = self.telex(f"--wait={DEADLINE}", f"ws://127.0.0.1:{far.port}")
        client.write(b"question")
        client.close_stdin()
        far.wait("message")
        far.command("@1 answer")
        client.wait_output(b"answer")
        far.command("/close 1")
        client.wait_end()


@unittest.skipUnless(websockets, "needs python3-websockets")
class PythonTest(TestCase):
    def run_it(self, coroutine):
        asyncio.run(asyncio.wait_for(coroutine, 60))

    async def echo(self, port, size, **keywords):
        big = os.urandom(1 << 20) * size
        async with websockets.connect(f"ws://127.0.0.1:{port}", max_size=None, max_queue=None,
                                      **keywords) as peer:
            for text in ("hello", "", "\u00e4" * 9000, b"\xff"):
                await peer.send(text)
                self.assertEqual(await peer.recv(), text)
            await peer.send(big[at:at + 100_000] for at in range(0, len(big), 100_000))
            got = b""
            while len(got) < len(big):
                got += await peer.recv()
            self.assertEqual(got, big)
        self.assertEqual(peer.close_code, 1000)

    def test_calls(self):
        daemon = self.daemon("ws://127.0.0.1:0?reply=echo", "--view=none", "--drain=0")
        self.run_it(self.echo(daemon.port, 1))
        self.run_it(self.echo(daemon.port, 16, compression=None))
        daemon.stop()

    async def serve(self, compression):
        async def answer(peer):
            async for message in peer:
                await peer.send(message)
            await peer.close(1000)

        async with websockets.serve(answer, "127.0.0.1", 0, compression=compression,
                                    max_size=None) as server:
            port = server.sockets[0].getsockname()[1]
            client = self.telex_json(f"ws://127.0.0.1:{port}?name=far")
            await asyncio.to_thread(client.wait, "open")
            await asyncio.to_thread(client.command, "x" * 100_000)
            await asyncio.to_thread(client.wait, "message", size=65536, partial=True)
            await asyncio.to_thread(client.wait, "message", size=100_000 - 65536)
            client.line("/quit")
            await asyncio.to_thread(client.wait_end)

    def test_is_called(self):
        self.run_it(self.serve("deflate"))
        self.run_it(self.serve(None))


NODE_CALL = """
const WebSocket = require(process.argv[1]);
const peer = new WebSocket(process.argv[2], {perMessageDeflate: process.argv[3] === "yes"});
const big = Buffer.alloc(1 << 24, "0123456789abcdef");
let got = 0;
peer.on("open", () => peer.send(big));
peer.on("message", data => { got += data.length; if (got === big.length) peer.close(1000); });
peer.on("close", code => console.log(got, code));
"""

NODE_SERVE = """
const {WebSocketServer} = require(process.argv[1]);
const server = new WebSocketServer({host: "127.0.0.1", port: 0, perMessageDeflate: true});
server.on("listening", () => console.log(server.address().port));
server.on("connection", peer => peer.on("message", (data, binary) => peer.send(data, {binary})));
"""


@unittest.skipUnless(NODE and os.path.isdir(NODE_WS), "needs node and its ws (node-ws)")
class NodeTest(TestCase):
    def test_calls(self):
        daemon = self.daemon("ws://127.0.0.1:0?reply=echo", "--view=none", "--drain=0")
        for deflate in ("yes", "no"):
            done = subprocess.run([NODE, "-e", NODE_CALL, NODE_WS, f"ws://127.0.0.1:{daemon.port}",
                                   deflate], capture_output=True, text=True, timeout=60, check=True)
            self.assertEqual(done.stdout.split(), [str(1 << 24), "1000"], done.stderr)
        daemon.stop()

    def test_is_called(self):
        server = subprocess.Popen([NODE, "-e", NODE_SERVE, NODE_WS], stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        self.addCleanup(server.stdout.close)
        client = self.telex_json(f"ws://127.0.0.1:{server.stdout.readline().strip()}")
        client.wait("open")
        client.command("hello " * 2000)
        client.wait("message", size=12000)
        client.line("/quit")
        client.wait_end()


if __name__ == "__main__":
    unittest.main()
