# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of NATS as small as tests and tools need it, and the parts of JetStream's API that
they ask. The protocol is text: docs.nats.io/reference/reference-protocols/nats-protocol.

A thread reads all that comes. Every wait ends after DEADLINE at the latest, by a NatsError; so
does everything once the connection has ended. It is not made again: whoever outlives a broker
makes another client.
"""

import base64
import collections
import json
import queue
import socket
import threading
import time

DEADLINE = 20.0

Message = collections.namedtuple("Message", "subject reply headers status data")


class NatsError(Exception):
    pass


def split_header(block):
    """A block of headers as a dict, and the status that may stand in its first line."""
    first, *lines = block.decode("utf-8", "replace").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name: value.strip() for name, _, value in pairs}
    return headers, first.removeprefix("NATS/1.0").strip()


def join_header(headers):
    return ("NATS/1.0\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            + "\r\n").encode()


class Subscription:
    """What came on a subject, in its order."""

    def __init__(self, client, number):
        self.client = client
        self.number = number
        self.messages = queue.SimpleQueue()

    def next(self, timeout=DEADLINE):
        """The next message; NatsError where none comes in time."""
        try:
            message = self.messages.get(timeout=timeout)
        except queue.Empty:
            raise NatsError(f"no message within {timeout:g} s") from None
        if message is None:
            self.messages.put(None)
            raise NatsError(f"the connection ended: {self.client.ended}")
        return message

    def find(self, judge, timeout=DEADLINE):
        """The next message that judge(message) is true of; those before it are dropped."""
        end = time.monotonic() + timeout
        while True:
            message = self.next(max(0, end - time.monotonic()))
            if judge(message):
                return message

    def json(self, timeout=DEADLINE):
        return json.loads(self.next(timeout).data)

    def close(self):
        self.client.unsubscribe(self)


class Stored:
    """The messages of a stream, one after the other."""

    AGAIN = 0.02  # seconds until it is looked again for what has not come yet

    def __init__(self, client, stream, subject, domain):
        self.client = client
        self.stream = stream
        self.subject = subject
        self.domain = domain
        self.seq = 0

    def look(self):
        """The next message, or None where there is none yet."""
        request = {"seq": self.seq + 1, "next_by_subj": self.subject}
        try:
            answer = self.client.api(f"STREAM.MSG.GET.{self.stream}", request, self.domain)
        except NatsError as error:
            if "no message found" in str(error):
                return None
            raise
        self.seq = answer["message"]["seq"]
        return message_of(answer["message"])

    def next(self, timeout=DEADLINE):
        end = time.monotonic() + timeout
        while not (message := self.look()):
            if time.monotonic() > end:
                raise NatsError(f"nothing more in {self.stream} within {timeout:g} s")
            threading.Event().wait(self.AGAIN)
        return message

    def find(self, judge):
        while not judge(message := self.next()):
            pass
        return message


def message_of(answer):
    """A message as STREAM.MSG.GET gives it."""
    headers, status = split_header(base64.b64decode(answer.get("hdrs", "")))
    return Message(answer["subject"], None, headers, status,
                   base64.b64decode(answer.get("data", "")))


class Nats:
    """A connection. tls is an ssl.SSLContext; inbox is what the subjects of answers begin with."""

    def __init__(self, port, host="127.0.0.1", user=None, password=None, tls=None, inbox="_INBOX",
                 timeout=DEADLINE):
        self.ended = None
        self.errors = []  # what the broker said with -ERR: rights that are missing, above all
        self.subscriptions = {}
        self.numbers = 0
        self.pongs = queue.SimpleQueue()
        self.sending = threading.Lock()
        self.inbox = f"{inbox}." + base64.b32encode(id(self).to_bytes(8, "big")).decode().strip("=")
        self.socket = socket.create_connection((host, port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.input = self.socket.makefile("rb")
        self.info = json.loads(self.input.readline().partition(b" ")[2] or b"{}")
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname=host)
            self.input = self.socket.makefile("rb")
        self._connect({"user": user, "pass": password} if user else {})

    def _connect(self, user):
        options = {"verbose": False, "pedantic": False, "headers": True, "no_responders": True,
                   "lang": "python", "version": "0", "protocol": 1, **user}
        self._send(b"CONNECT " + json.dumps(options).encode() + b"\r\nPING\r\n")
        answer = b"INFO"
        while answer.startswith(b"INFO"):
            answer = self.input.readline()
        if not answer.startswith(b"PONG"):
            self.socket.close()
            raise NatsError(answer.decode().strip() or "the broker hung up")
        self.socket.settimeout(None)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    # What comes

    def _read(self):
        try:
            while line := self.input.readline():
                self._take(line.rstrip(b"\r\n"))
            self._end("the broker hung up")
        except (OSError, ValueError) as error:
            self._end(str(error))

    def _end(self, why):
        self.ended = self.ended or why
        for one in list(self.subscriptions.values()):
            one.messages.put(None)
        self.pongs.put(None)

    def _take(self, line):
        verb, _, rest = line.partition(b" ")
        if verb in (b"MSG", b"HMSG"):
            self._take_message(verb == b"HMSG", rest.decode().split())
        elif verb == b"PING":
            self._send(b"PONG\r\n")
        elif verb == b"PONG":
            self.pongs.put(True)
        elif verb == b"-ERR":
            self.errors.append(rest.decode().strip("'"))

    def _take_message(self, with_header, words):
        sizes = [int(words.pop()) for _ in range(2 if with_header else 1)]
        subject, number, *reply = words
        payload = self.input.read(sizes[0] + 2)[:-2]
        head = sizes[1] if with_header else 0
        headers, status = split_header(payload[:head]) if head else ({}, "")
        one = self.subscriptions.get(int(number))
        if one:
            one.messages.put(Message(subject, reply[0] if reply else None, headers, status,
                                     payload[head:]))

    # What goes

    def _send(self, data):
        try:
            with self.sending:
                self.socket.sendall(data)
        except OSError as error:
            raise NatsError(str(error)) from None

    def publish(self, subject, data=b"", reply="", headers=None):
        data = data.encode() if isinstance(data, str) else data
        head = join_header(headers) if headers else b""
        sizes = f"{len(head)} {len(head) + len(data)}" if head else f"{len(data)}"
        verb = "HPUB" if head else "PUB"
        line = " ".join(word for word in (verb, subject, reply, sizes) if word)
        self._send(line.encode() + b"\r\n" + head + data + b"\r\n")

    def subscribe(self, subject):
        self.numbers += 1
        one = self.subscriptions[self.numbers] = Subscription(self, self.numbers)
        self._send(f"SUB {subject} {one.number}\r\n".encode())
        return one

    def unsubscribe(self, one):
        self.subscriptions.pop(one.number, None)
        if not self.ended:
            self._send(f"UNSUB {one.number}\r\n".encode())

    def flush(self, timeout=DEADLINE):
        """Waits until the broker has seen, and judged, all that was sent before."""
        self._send(b"PING\r\n")
        try:
            if self.pongs.get(timeout=timeout):
                return
        except queue.Empty:
            raise NatsError(f"no PONG within {timeout:g} s") from None
        raise NatsError(f"the connection ended: {self.ended}")

    def close(self):
        self.ended = self.ended or "closed"
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.thread.join()
        self.input.close()
        self.socket.close()

    # Requests

    def ask(self, subject, data=b"", headers=None):
        """Sends a request; the subscription that its answers come to."""
        self.numbers += 1
        inbox = f"{self.inbox}.{self.numbers}"
        answers = self.subscribe(inbox)
        self.publish(subject, data, inbox, headers)
        return answers

    def request(self, subject, data=b"", headers=None, timeout=DEADLINE):
        """The first answer; NatsError where nobody is there to give one."""
        answers = self.ask(subject, data, headers)
        try:
            answer = answers.next(timeout)
        finally:
            answers.close()
        if answer.status.startswith("503"):
            raise NatsError(f"nobody listens on {subject}")
        return answer

    # JetStream: docs.nats.io/reference/reference-protocols/nats_api_reference

    def api(self, what, request=None, domain=None, timeout=DEADLINE):
        """The answer of $JS.API.what, or of another domain's; NatsError where it is an error."""
        prefix = f"$JS.{domain}.API" if domain else "$JS.API"
        data = json.dumps(request).encode() if request is not None else b""
        answer = json.loads(self.request(f"{prefix}.{what}", data, timeout=timeout).data)
        if "error" in answer:
            raise NatsError(f"{what}: {answer['error'].get('description')}")
        return answer

    def stream(self, name, domain=None):
        """A stream's config and state, or None."""
        try:
            return self.api(f"STREAM.INFO.{name}", domain=domain)
        except NatsError as error:
            if "not found" in str(error):
                return None
            raise

    def stored_at(self, stream, seq, domain=None):
        """The message of that number in a stream."""
        return message_of(self.api(f"STREAM.MSG.GET.{stream}", {"seq": seq}, domain)["message"])

    def consume(self, stream, subject=">", domain=None):
        """What a stream holds on the subject, and will hold. No consumer: one that is made while a
        message comes, 2.9.10 now and then never serves."""
        return Stored(self, stream, subject, domain)

    def stored(self, stream, subject=">", domain=None):
        """All messages that a stream holds now, in their order."""
        return list(iter(self.consume(stream, subject, domain).look, None))
