# SPDX-License-Identifier: GPL-3.0-or-later
"""Completion in real shells on a terminal: every option of --help, and the words that may follow.

telexd, telex and telex-bench are functions there that print what they were called with. Each
line ends with the key that inserts everything that can stand at the cursor.
"""

import os
import re
import shutil
import subprocess
import unittest

from telex_test import Program, Terminal, TestCase, main, program

PROGRAMS = {"telexd": "TELEXD", "telex": "TELEX", "telex-bench": "TELEX_BENCH"}
BASH_PACKAGE = "/usr/share/bash-completion/bash_completion"

ENDPOINTS = ["dtls://", "tcp://", "tls://", "udp://", "unix:", "ws://", "wss://"]

SHOW = """
show() { printf 'called'; printf ' <%s>' "$@"; printf ' end\\n'; }
telexd() { show "$@"; }
telex() { show "$@"; }
telex-bench() { show "$@"; }
PS1='> '
"""


class Shell(Terminal):
    """A shell with the scripts; all_key inserts all completions."""

    def __init__(self, case, argv, all_key, env):
        # Shells prompt and echo on stderr.
        super().__init__(case, ["sh", "-c", 'exec "$@" 2>&1', "sh", *argv], columns=2000,
                         env=env)
        self.all_key = all_key
        self.calls = 0
        self.wait_input(">")

    def words(self, keys):
        """What a line of these keys gives to the function that it calls."""
        self.calls += 1
        self.line(keys)

        def calls(shell):
            found = re.findall(r"^called(.*) end$", "\n".join(shell.lines()), re.M)
            return found[self.calls - 1:] and [found[self.calls - 1]]

        found = self.wait_screen(calls, f"call {self.calls}")
        self.wait_input(">")
        return re.findall(r"<([^>]*)>", found[0])

    def all(self, line):
        """All that can stand at the end of the line, in place of its last word."""
        return self.words(line + self.all_key)[len(line.split(" ")) - 2:]

    def tab(self, line):
        return self.words(line + "\t")


class Cases:
    """What each shell has to do."""

    def options(self, *words):
        name = PROGRAMS[words[0]]
        run = Program(self, [program(name), *words[1:], "--help"], stdin=subprocess.DEVNULL)
        run.wait_end(0)
        return sorted(re.findall(r"^  (?:-\w, |    )(--[\w-]+)", run.stdout.copy().decode(), re.M))

    def check(self, line, wanted):
        self.assertEqual(sorted(self.shell.all(line)), sorted(wanted), line)

    def test_options(self):
        fleet = ["telex fleet"] if os.environ["TELEX_NATS"] == "yes" else []
        for line in ("telexd", "telex", "telex attach", "telex-bench", *fleet):
            options = self.options(*line.split())
            self.assertGreater(len(options), 2)
            self.check(f"{line} --", options)
        self.check("telex-bench --fl", ["--flood", "--flood-rate", "--flood-sources"])

    def test_words_of_options(self):
        views = ["text", "hex", "size", "none"]
        for line in ("telexd --view ", "telexd -v ", "telex --view ", "telexd --json tcp://a -v "):
            self.check(line, views)
        self.check("telexd --reply ", ["none", "echo", "stamp"])
        self.check("telexd -e ", ["none", "lf", "crlf", "nul"])
        self.check("telex-bench --mode ", ["echo", "stream", "churn", "idle"])
        self.check("telexd --metrics ", ENDPOINTS)

    @unittest.skipUnless(shutil.which("ps"), "needs ps, which zsh asks")
    def test_processes(self):
        self.assertIn(str(self.shell.pid), self.shell.all("telex-bench --pid "))

    def test_argument_behind_equals(self):
        self.assertEqual(self.shell.tab("telexd --view=he"), ["--view=hex"])
        self.assertEqual(self.shell.tab("telex --eol=cr"), ["--eol=crlf"])
        self.assertEqual(self.shell.tab("telexd --config=ex"), ["--config=example.conf"])
        self.assertEqual(self.shell.tab("telexd --control=./ex"), ["--control=./example.conf"])
        self.assertEqual(self.shell.tab("telexd --metrics=tc"), ["--metrics=tcp://"])

    def test_one_that_fits(self):
        self.assertIn(self.shell.words("telexd --vi\the\t"), (["--view", "hex"], ["--view=hex"]))
        self.assertEqual(self.shell.words("telex att\t--re\t"), ["attach", "--read-only"])

    def test_endpoints(self):
        self.check("telexd ", ENDPOINTS)
        self.check("telexd --json tcp://127.0.0.1:0 ", ENDPOINTS)
        self.check("telexd --control ", self.beside_files(ENDPOINTS))
        self.check("telex ", [*ENDPOINTS, "serial:", "exec:", "attach", "fleet"])
        self.check("telex --json ", [*ENDPOINTS, "serial:", "exec:"])
        self.check("telex-bench ", [each for each in ENDPOINTS if each != "dtls://"])
        self.assertEqual(self.shell.words("telex-bench tc\th"), ["tcp://h"])
        self.assertEqual(self.shell.words("telexd tcp:\t:1 ud\t:2"), ["tcp://:1", "udp://:2"])

    def test_files(self):
        self.assertEqual(self.shell.tab("telexd -c ex"), ["-c", "example.conf"])
        self.assertEqual(self.shell.tab("telexd --control ./ex"), ["--control", "./example.conf"])
        self.assertEqual(self.shell.tab("telex unix:ex"), ["unix:example.conf"])
        self.assertEqual(self.shell.tab("telex serial:ex"), ["serial:example.conf"])
        self.assertEqual(self.shell.tab("telex attach ex"), ["attach", "example.conf"])
        self.assertEqual(self.shell.tab("telex fleet --node a --ca ex"),
                         ["fleet", "--node", "a", "--ca", "example.conf"])
        self.assertEqual(self.shell.tab("telexd -c with\\ bl"), ["-c", "with blank"])

    def test_nothing_to_offer(self):
        for line in ("telexd --max-peers ex", "telexd -- --vi", "telex h ex", "telex-bench :1 ex",
                     "telex attach sock ex", "telexd tcp://h ex"):
            self.assertEqual(self.shell.tab(line), line.split()[1:])


@unittest.skipUnless(shutil.which("bash"), "needs bash")
class BashTest(Cases, TestCase):
    rc = "for name in telexd telex telex-bench; do . \"$TELEX_COMPLETION/$name\"; done\n"

    def setUp(self):
        super().setUp()
        for name in ("example.conf", "with blank"):
            self.file(name, "")
        rc = self.file(".rc", self.rc + SHOW + "unset HISTFILE\n"
                       "bind 'set bell-style none' 'set enable-bracketed-paste off'\n")
        self.shell = Shell(self, ["bash", "--noprofile", "--rcfile", rc, "-i"], "\x1b*",
                           env={"BASH_COMPLETION_USER_DIR": self.directory})

    def beside_files(self, words):
        return words


@unittest.skipUnless(os.path.exists(BASH_PACKAGE), "needs bash-completion")
class BashPackageTest(BashTest):
    """With the package, which finds the scripts by their names."""

    rc = f". {BASH_PACKAGE}\n"

    def setUp(self):
        super().setUp()
        os.symlink(os.environ["TELEX_COMPLETION"], self.path("completions"))


@unittest.skipUnless(shutil.which("bash"), "needs bash")
class BashWithoutBreaksTest(BashTest):
    """Some take = and : out of what ends a word."""

    rc = BashTest.rc + "COMP_WORDBREAKS=${COMP_WORDBREAKS//[=:]/}\n"

    def test_argument_behind_equals(self):
        self.assertEqual(self.shell.tab("telexd --view=he"), ["--view=hex"])
        self.assertEqual(self.shell.tab("telexd --metrics=tc"), ["--metrics=tcp://"])

    def test_files(self):
        self.assertEqual(self.shell.tab("telexd -c ex"), ["-c", "example.conf"])


@unittest.skipUnless(shutil.which("zsh"), "needs zsh")
class ZshTest(Cases, TestCase):
    rc = """
fpath=("$TELEX_COMPLETION" $fpath)
autoload -Uz compinit && compinit -u -D
unsetopt beep prompt_sp
bindkey -e
zle -C all-matches complete-word _generic
bindkey '^Xa' all-matches
zstyle ':completion:all-matches:*' completer _all_matches _complete
zstyle ':completion:all-matches:*' insert true
"""

    def setUp(self):
        super().setUp()
        for name in ("example.conf", "with blank"):
            self.file(name, "")
        self.file(".zshrc", self.rc + SHOW)
        self.shell = Shell(self, ["zsh", "-i"], "\x18a", env={"ZDOTDIR": self.directory})

    def beside_files(self, words):
        """Where an argument that may be left out could stand, its files are offered too."""
        return [*words, "example.conf", "with blank"]


class SyntaxTest(TestCase):
    def test_syntax(self):
        for shell, form in (("bash", "{}"), ("zsh", "_{}")):
            for name in PROGRAMS if shutil.which(shell) else []:
                path = os.path.join(os.environ["TELEX_COMPLETION"], form.format(name))
                check = subprocess.run([shell, "-n", path], capture_output=True, text=True,
                                       check=False)
                self.assertEqual((check.returncode, check.stderr), (0, ""), path)


if __name__ == "__main__":
    main()
