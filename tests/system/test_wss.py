# SPDX-License-Identifier: GPL-3.0-or-later
"""WebSocket under TLS: how both end, and that what holds for one of them holds for both."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest

from certificates import Certificates
from telex_test import TestCase, main
from web_peer import CLOSE, TEXT, WebPeer, code

try:
    import websockets
except ImportError:
    websockets = None

NODE = shutil.which("node")
NODE_WS = "/usr/share/nodejs/ws"


def setUpModule():
    """Certificates that no test changes."""
    global SHARED
    SHARED = Certificates(tempfile.mkdtemp(prefix="telex"))
    SHARED.make("server", "DNS:localhost", "IP:127.0.0.1")
    SHARED.make("other", "DNS:localhost")


def tearDownModule():
    shutil.rmtree(SHARED.directory)


def own(name="server"):
    return f"cert={SHARED.path(name)}.pem&key={SHARED.path(name)}.key"


def trusting(alpn=()):
    context = ssl.create_default_context(cafile=SHARED.path("server.pem"))
    if alpn:
        context.set_alpn_protocols(alpn)
    return context


def serving(alpn=()):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SHARED.path("server.pem"), SHARED.path("server.key"))
    if alpn:
        context.set_alpn_protocols(alpn)
    return context


def wrap(one):
    """Who reads an end that TLS has not told hears of it: SSLEOFError."""
    return trusting().wrap_socket(one, server_hostname="localhost", suppress_ragged_eofs=False)


class LineTest(TestCase):
    def listen(self, keys="", *args):
        return self.daemon(f"wss://127.0.0.1:0?{own()}{keys}", "--drain=5", *args)

    def peer(self, daemon, **keywords):
        return WebPeer.open(self, daemon.port, wrap=wrap, **keywords)

    def test_both_ends_are_ours(self):
        daemon = self.daemon("wss://127.0.0.1:0/chat?reply=echo&alpn=http/1.1")
        place, pin = f"wss://localhost:{daemon.port}/chat", daemon.listening[0]["fingerprint"]
        self.refuse_telex([place], 1, "the certificate is signed by nobody we trust")
        for options in (["--pin", pin], ["--insecure"]):
            self.assertEqual(self.run_telex(*options, place, data=b"one\ntwo"), b"onetwo")
        told = daemon.wait("open")
        self.assertEqual((told["transport"], told["tls"]["alpn"]), ("wss", "http/1.1"))
        self.assertEqual(told["tls"]["version"], "TLSv1.3")
        self.assertEqual(daemon.wait("close", code=1000)["reason"], "eof")
        self.refuse_telex(["--insecure", f"wss://localhost:{daemon.port}/x"], 1, "HTTP 404 Not Found")
        self.refuse_telex(["--insecure", f"ws://localhost:{daemon.port}/chat"], 2, "--insecure is for TLS")
        self.refuse_daemon(["wss://127.0.0.1"], 2, "a port to listen on is missing")

    def test_a_far_close(self):
        daemon = self.listen()
        peer = self.peer(daemon)
        daemon.wait("open")
        peer.say(TEXT, b"last")
        peer.say(CLOSE, code(1000))
        self.assertEqual(peer.read(), (CLOSE, code(1000)))
        self.assertIsNone(peer.read())  # by close_notify
        peer.hang_up()
        end = daemon.wait("close", code=1000)
        self.assertEqual((end["reason"], end.get("error")), ("eof", None))
        self.assertEqual(daemon.data(1), b"last")

    def test_our_close(self):
        daemon = self.listen()
        for number, answers in ((1, True), (2, False)):
            peer = self.peer(daemon)
            daemon.wait("open", peer=number)
            daemon.command(f"/close {number}")
            self.assertEqual(peer.read(), (CLOSE, code(1000)))
            if answers:
                peer.say(CLOSE, code(1000))
                self.assertIsNone(peer.read())
            peer.hang_up()
            end = daemon.wait("close", peer=number)
            self.assertEqual((end["reason"], end.get("error")), ("operator", None))

    def test_who_is_cut_off_is_told_so(self):
        daemon = self.listen()
        peer = self.peer(daemon)
        daemon.wait("open")
        peer.say(TEXT, b"and then")
        peer.hang_up()
        end = daemon.wait("close", code=1006)
        self.assertEqual((end["reason"], end["error"]), ("error", "cut off: no close frame came"))
        self.assertEqual(daemon.data(1), b"and then")

    def test_a_plain_request_is_answered(self):
        daemon = self.listen()
        run = subprocess.run(["curl", "-s", "-i", "--cacert", SHARED.path("server.pem"),
                              f"https://localhost:{daemon.port}/"], capture_output=True, text=True, check=True)
        self.assertIn(" 426 ", run.stdout.splitlines()[0])
        self.assertIn("This is a WebSocket of telexd", run.stdout)
        self.assertIn("HTTP 426", daemon.wait("refused", why="handshake")["error"])

    def test_plain_lines_beside(self):
        daemon = self.listen("&plain=yes&reply=echo")
        for keywords in ({}, {"wrap": wrap}):
            peer = WebPeer.open(self, daemon.port, **keywords)
            peer.say(TEXT, b"hi")
            self.assertEqual(peer.read(), (TEXT, b"hi"))
        self.assertEqual(["tls" in event for event in daemon.seen("open")], [False, True])

    def test_a_certificate_is_read_again(self):
        for end in ("pem", "key"):
            shutil.copy(SHARED.path(f"server.{end}"), self.path(f"own.{end}"))
        keys = f"cert={self.path('own.pem')}&key={self.path('own.key')}"
        config = self.file("telexd.conf", f"listen wss://127.0.0.1:0?{keys}&reply=echo\n")
        daemon = self.daemon("--config", config, count=1)
        self.assertEqual(daemon.listening[0]["fingerprint"], SHARED.fingerprint("server"))
        peer = self.peer(daemon)
        for end in ("pem", "key"):
            shutil.copy(SHARED.path(f"other.{end}"), self.path(f"own.{end}"))
        daemon.signal(signal.SIGHUP)
        daemon.wait("listening", fingerprint=SHARED.fingerprint("other"))
        place = f"wss://localhost:{daemon.port}"
        self.assertEqual(self.run_telex("--ca", SHARED.path("other.pem"), place, data=b"new"), b"new")
        peer.say(TEXT, b"old")
        self.assertEqual(peer.read(), (TEXT, b"old"))


class BelowTest(TestCase):
    """What else stands on a line: proxies are below, for ws and for wss."""

    def relay(self, one, other):
        def pump(source, target):
            with contextlib.suppress(OSError):
                while data := source.recv(1 << 16):
                    target.sendall(data)
                target.shutdown(socket.SHUT_WR)

        for ends in ((one, other), (other, one)):
            thread = threading.Thread(target=pump, args=ends)
            thread.start()
            self.addCleanup(thread.join)

    def test_a_proxy_tells_who_calls(self):
        for scheme, keys, keywords in (("ws", "", {}), ("wss", own(), {"wrap": wrap})):
            daemon = self.daemon(f"{scheme}://127.0.0.1:0?proxy=yes&reply=echo&{keys}".rstrip("&"))
            peer = WebPeer.open(self, daemon.port, **keywords,
                                before=b"PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n")
            self.assertEqual(daemon.wait("open")["remote"], "192.0.2.1:56324")
            peer.say(TEXT, b"hi")
            self.assertEqual(peer.read(), (TEXT, b"hi"))
            daemon.stop()

    def test_a_call_goes_through_a_proxy(self):
        for scheme, keys, options in (("ws", "", []), ("wss", own(), ["--ca", SHARED.path("server.pem")])):
            far = self.daemon(f"{scheme}://127.0.0.1:0?reply=echo&{keys}".rstrip("&"))
            proxy = self.listener()
            client = self.telex_json(*options, f"{scheme}://localhost?via=http://127.0.0.1:"
                                               f"{proxy.getsockname()[1]}")
            one = self.accept(proxy)
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += self.receive(one, 1)
            usual = {"ws": 80, "wss": 443}[scheme]
            self.assertTrue(head.startswith(f"CONNECT localhost:{usual} HTTP/1.1\r\n".encode()), head)
            one.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            self.relay(one, self.tcp(far.port))
            client.wait("open")
            client.command("hi")
            client.wait("message", text="hi")
            client.line("/quit")
            client.wait_end()


@unittest.skipUnless(websockets, "needs python3-websockets")
class PythonTest(TestCase):
    def run_it(self, coroutine):
        asyncio.run(asyncio.wait_for(coroutine, 60))

    async def echo(self, port, big):
        async with websockets.connect(f"wss://localhost:{port}", max_size=None, ping_interval=None,
                                      ssl=trusting(["http/1.1"])) as peer:
            await peer.send("hello")
            self.assertEqual(await peer.recv(), "hello")
            await peer.send(big)
            got = b""
            while len(got) < len(big):
                got += await peer.recv()
            self.assertEqual(got, big)
        self.assertEqual(peer.close_code, 1000)

    def test_calls(self):
        daemon = self.daemon(f"wss://127.0.0.1:0?reply=echo&{own()}", "--view=none")
        self.run_it(self.echo(daemon.port, os.urandom(1 << 20)))
        self.assertEqual(daemon.wait("close", code=1000)["reason"], "eof")

    async def serve(self):
        async def answer(peer):
            async for message in peer:
                await peer.send(message)

        # What we offer without being told decides: it would take HTTP/2.
        async with websockets.serve(answer, "127.0.0.1", 0, ssl=serving(["h2", "http/1.1"])) as server:
            port = server.sockets[0].getsockname()[1]
            client = self.telex_json("--ca", SHARED.path("server.pem"), f"wss://localhost:{port}")
            told = await asyncio.to_thread(client.wait, "open")
            self.assertEqual((told["transport"], told["tls"]["alpn"]), ("wss", "http/1.1"))
            await asyncio.to_thread(client.command, "x" * 50_000)
            await asyncio.to_thread(client.wait, "message", size=50_000)
            client.line("/quit")
            await asyncio.to_thread(client.wait_end)

    def test_is_called(self):
        self.run_it(self.serve())


NODE_CALL = """
const WebSocket = require(process.argv[1]);
const peer = new WebSocket(process.argv[2], {ca: require("fs").readFileSync(process.argv[3])});
const big = Buffer.alloc(1 << 20, "0123456789abcdef");
let got = 0;
peer.on("open", () => peer.send(big));
peer.on("message", data => { got += data.length; if (got === big.length) peer.close(1000); });
peer.on("close", code => console.log(got, code));
"""

NODE_SERVE = """
const fs = require("fs"), {WebSocketServer} = require(process.argv[1]);
const server = require("https").createServer(
    {cert: fs.readFileSync(process.argv[2]), key: fs.readFileSync(process.argv[3])});
new WebSocketServer({server}).on("connection", peer => peer.on("message",
    (data, binary) => { peer.send(data, {binary}); peer.close(4000, "enough"); }));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
"""


@unittest.skipUnless(NODE and os.path.isdir(NODE_WS), "needs node and its ws (node-ws)")
class NodeTest(TestCase):
    def test_calls(self):
        daemon = self.daemon(f"wss://127.0.0.1:0?reply=echo&{own()}", "--view=none")
        done = subprocess.run([NODE, "-e", NODE_CALL, NODE_WS, f"wss://localhost:{daemon.port}",
                               SHARED.path("server.pem")], capture_output=True, text=True, timeout=60,
                              check=True)
        self.assertEqual(done.stdout.split(), [str(1 << 20), "1000"], done.stderr)
        self.assertEqual(daemon.wait("close", code=1000)["reason"], "eof")

    def test_is_called(self):
        server = subprocess.Popen([NODE, "-e", NODE_SERVE, NODE_WS, SHARED.path("server.pem"),
                                   SHARED.path("server.key")], stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        self.addCleanup(server.stdout.close)
        client = self.telex_json("--ca", SHARED.path("server.pem"),
                                 f"wss://localhost:{server.stdout.readline().strip()}")
        client.wait("open")
        client.command("hello")
        client.wait("message", text="hello")
        end = client.wait("close", code=4000)
        self.assertEqual((end["reason"], end["error"]), ("eof", "4000: enough"))
        client.wait_end()


if __name__ == "__main__":
    main()
