# SPDX-License-Identifier: GPL-3.0-or-later
"""A far end of WebSocket that may say anything: raw frames, and how they are read back."""

import base64
import os
import socket
import struct
import zlib

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate\r\n"


def request(path="/", fields="", version=13, host="Host: a.example\r\n",
            upgrade="Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"):
    key = base64.b64encode(os.urandom(16)).decode()
    return (f"GET {path} HTTP/1.1\r\n{host}{upgrade}Sec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: {version}\r\n{fields}\r\n").encode()


def frame(opcode, data=b"", final=True, reserved=0, masked=True, form=None):
    """form: bytes of the length, where they are not as few as it takes."""
    size = len(data)
    form = form or (1 if size < 126 else 2 if size < 65536 else 8)
    mark = 0x80 if masked else 0
    head = bytes([final << 7 | reserved << 4 | opcode])
    head += {1: lambda: bytes([mark | size]), 2: lambda: bytes([mark | 126]) + struct.pack(">H", size),
             8: lambda: bytes([mark | 127]) + struct.pack(">Q", size)}[form]()
    if not masked:
        return head + data
    key = os.urandom(4)
    long = (key * (size // 4 + 1))[:size]
    return head + key + (int.from_bytes(data, "big") ^ int.from_bytes(long, "big")).to_bytes(size, "big")


def code(number, reason=b""):
    return struct.pack(">H", number) + reason


def pack(data):
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return (packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


class WebPeer:
    """One that has called, and says no more than it is told to. wrap: what puts its socket
    under TLS; before: what it says on TCP, first of all."""

    def __init__(self, case, port, hello=None, wrap=None, before=b""):
        self.case = case
        self.socket = case.tcp(port)
        self.socket.sendall(before)
        if wrap:
            self.socket = wrap(self.socket)
            case.addCleanup(self.socket.close)
        self.stream = self.socket.makefile("rb")
        case.addCleanup(self.stream.close)
        if hello is not None:
            self.socket.sendall(hello)

    @classmethod
    def open(cls, case, port, *args, wrap=None, before=b"", **keywords):
        self = cls(case, port, request(*args, **keywords), wrap, before)
        case.assertEqual(self.status(), 101)
        return self

    def status(self):
        """Of the answer, whose fields are kept."""
        line = self.stream.readline().decode()
        self.fields = {}
        while (field := self.stream.readline().decode().strip()):
            name, _, value = field.partition(":")
            self.fields[name.lower()] = value.strip()
        return int(line.split()[1])

    def hang_up(self):
        """Without a farewell of TLS."""
        self.socket.close()
        self.stream.close()

    def say(self, *args, **keywords):
        self.socket.sendall(frame(*args, **keywords))

    def read(self):
        """The next frame, as opcode and data; None at the end."""
        head = self.stream.read(2)
        if len(head) < 2:
            return None
        size = head[1] & 127
        if size > 125:
            size = int.from_bytes(self.stream.read(2 if size == 126 else 8), "big")
        data = self.stream.read(size)
        if head[0] & 0x40:
            data = zlib.decompressobj(-15).decompress(data + b"\0\0\xff\xff")
        return head[0] & 15, data
