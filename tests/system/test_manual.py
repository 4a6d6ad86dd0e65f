# SPDX-License-Identifier: GPL-3.0-or-later
"""telexd(8), telex(1) and telex-bench(1) against the programs: every option, command and key,
and no other."""

import os
import re
import subprocess
import unittest

from telex_test import HERE, Program, TestCase, main, program

MARK = re.compile(r"\\(.)|\*|(?<!\w)_|_(?!\w)")


def read_page(name):
    """The sections of a page, without the marks of scdoc(5): title, text."""
    with open(os.path.join(HERE, "..", "..", "doc", name), encoding="utf-8") as file:
        text = MARK.sub(lambda mark: mark[1] or "", file.read())
    pieces = re.split(r"^#+ (.+)\n", text, flags=re.M)
    return dict(zip(pieces[1::2], pieces[2::2]))


def entries(section):
    """What a section lists: term, description."""
    return {term: " ".join(text.split())
            for term, text in re.findall(r"^(\S.*)\n((?:\t.*\n)+)", section, re.M)}


# One of each scheme.
ENDPOINTS = {"tcp": "tcp://127.0.0.1:0", "udp": "udp://127.0.0.1:0", "tls": "tls://127.0.0.1:0",
             "dtls": "dtls://127.0.0.1:0", "unix": "unix:socket", "ws": "ws://127.0.0.1:0",
             "wss": "wss://127.0.0.1:0", "serial": "serial:/dev/ttyUSB0", "exec": "exec:true"}
CALLED_ONLY = {"serial", "exec"}


class ManualTest(TestCase):
    def help_options(self, variable, *words):
        """What --help lists, written as the page does: "-r, --reply MODE", description."""
        run = Program(self, [program(variable), *words, "--help"], stdin=subprocess.DEVNULL)
        run.wait_end(0)
        found = re.findall(r"^  (-\w, |    )(--[\w-]+(?: \[?[A-Z]+\]?| '[A-Z ]+')?)((?:.*\n)(?: {10}.*\n)*)",
                           run.stdout.copy().decode(), re.M)
        self.assertGreater(len(found), 5)
        return {letter.lstrip() + option: " ".join(text.split())
                for letter, option, text in found}

    def check_options(self, page, variable, *words):
        documented = entries(page["OPTIONS"])
        options = self.help_options(variable, *words)
        self.assertEqual(list(documented), list(options))
        for option, text in options.items():
            for default in re.findall(r"\bdefault (\w+)", text):
                self.assertIn(f"default {default}", documented[option], option)

    def check_commands(self, page, console):
        commands = [f"/{each['command']} {each['arguments']}".rstrip()
                    for each in console.command("/help")["help"]]
        documented = [term for term in entries(page["CONSOLE"]) if re.match(r"/[a-z]", term)]
        self.assertEqual(documented, commands)
        return [command.split()[0] for command in commands]


class DaemonTest(ManualTest):
    def setUp(self):
        super().setUp()
        self.page = read_page("telexd.8.scd")

    def test_options(self):
        self.check_options(self.page, "TELEXD")

    def test_commands(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        commands = self.check_commands(self.page, daemon)
        daemon.command("/read-only")
        allowed = [command for command in commands if command == "/quit" or
                   "this console is read-only" not in daemon.ask(command).get("error", "")]
        told = re.search(r"^A read-only console may use ([^.]+)", self.page["CONSOLE"], re.M)
        self.assertEqual(re.findall(r"/[a-z-]+", told[1]), allowed)
        daemon.command("/quit")
        daemon.wait_end()

    def test_endpoint_keys(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        for scheme, endpoint in ENDPOINTS.items():
            for use, command in (("listening", "listen"), ("calling", "connect")):
                if scheme in CALLED_ONLY and use == "listening":
                    continue
                error = daemon.refused(f"/{command} {endpoint}?no=1", "use one of ")["error"]
                known = error.partition("use one of ")[2].split(", ")
                self.assertEqual(self.keys(scheme, use), known, (scheme, use))

    def test_values_of_keys(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        for term, text in entries(self.page["ENDPOINTS"]).items():
            key, _, values = term.partition("=")
            if "|" in values:
                where = text.partition(":")[0].split(", ")
                calling = "calling" in where or where[0] in CALLED_ONLY
                command = f"/{'connect' if calling else 'listen'} {ENDPOINTS[where[0]]}"
                error = daemon.refused(f"{command}?{key}=neither", "use ")["error"]
                known = re.findall(r"[\w.]+", error.partition("use ")[2].removeprefix("one of "))
                known = [word for word in known if word != "or"]
                self.assertEqual(values.split("|"), known, key)

    def keys(self, scheme, use):
        """The keys that the page has for an endpoint of that scheme, for that use."""
        found = []
        for term, text in entries(self.page["ENDPOINTS"]).items():
            where = text.partition(":")[0].split(", ")
            if "=" in term and scheme in where and (
                    use in where or not {"listening", "calling"} & set(where)):
                found.append(term.partition("=")[0])
        return found


class ClientTest(ManualTest):
    def setUp(self):
        super().setUp()
        self.page = read_page("telex.1.scd")

    def test_options(self):
        self.check_options(self.page, "TELEX")

    def test_commands(self):
        server = self.listener()
        client = self.telex_json("127.0.0.1", server.getsockname()[1])
        self.check_commands(self.page, client)


class MarkupTest(TestCase):
    """scdoc(5) takes a mark that it cannot make sense of for a letter."""

    LEFT = re.compile(r"\*[\w-]+\*|(?<!\w)_[A-Z]+|[A-Z]+_(?!\w)|__")

    def test_no_mark_is_left(self):
        folder = os.path.join(os.environ["TELEX_BUILD"], "doc")
        pages = [name for name in os.listdir(folder) if re.search(r"\.[1-8]$", name)]
        self.assertEqual(len(pages), 6)
        for name in pages:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = re.sub(r"(?s)^\.nf$.*?^\.fi$", "", file.read(), flags=re.M)
            text = re.sub(r"\\f[BIRP]|\\&", "", text)
            self.assertEqual(self.LEFT.findall(text), [], name)


@unittest.skipUnless(os.environ["TELEX_NATS"] == "yes", "built without NATS")
class FleetTest(ManualTest):
    def test_options(self):
        self.check_options(read_page("telex-fleet.1.scd"), "TELEX", "fleet")


class BenchTest(ManualTest):
    def test_options(self):
        self.check_options(read_page("telex-bench.1.scd"), "TELEX_BENCH")


class HelpTest(TestCase):
    """--help at a terminal of 80 columns."""

    def test_it_fits(self):
        for command in ("TELEXD",), ("TELEX",), ("TELEX", "attach"), ("TELEX_BENCH",):
            run = Program(self, [program(command[0]), *command[1:], "--help"], stdin=subprocess.DEVNULL)
            run.wait_end(0)
            self.assertLessEqual(max(map(len, run.stdout.copy().decode().splitlines())), 80, command)


if __name__ == "__main__":
    main()
