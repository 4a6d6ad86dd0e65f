# SPDX-License-Identifier: GPL-3.0-or-later
"""What README and manual pages have a reader type, and what they say will be shown."""

import os
import re
import textwrap

from telex_test import HERE

ROOT = os.path.dirname(os.path.dirname(HERE))

PAGES = ("README.md", "doc/telexd.8.scd", "doc/telexd.conf.5.scd", "doc/telex.1.scd",
         "doc/telex-bench.1.scd", "doc/telex-json.7.scd")

# Words that begin a command where no "$ " says that it is one.
PROGRAMS = {"telexd", "telex", "telex-bench", "nc", "ncat", "socat", "curl", "echo", "printf",
            "meson", "ninja", "sudo", "man", "ssh", "openssl"}


def read(page):
    with open(os.path.join(ROOT, page), encoding="utf-8") as file:
        text = file.read()
    if page.endswith(".scd"):  # a backslash hides a letter from scdoc(5), in code too
        text = text.replace("\\\\", "\\")
    return text


def blocks(page):
    """The blocks of code of a page: fenced, or in Markdown indented by four blanks."""
    fenced = r"^```\n((?:.*\n)*?)```$"
    indented = r"(?<=\n\n)((?:    .*\n)+)" if page.endswith(".md") else r"(?!)()"
    for match in re.finditer(f"{fenced}|{indented}", read(page), re.M):
        yield textwrap.dedent(match[1] or match[2]).rstrip("\n").split("\n")


def without_comment(line):
    """The lists of commands have a comment behind at least two blanks."""
    if line.startswith("$ "):
        return line[2:]
    return re.match(r"(?:'[^']*'|\"[^\"]*\"|\S| (?! ))+", line)[0].removesuffix(" &")


def is_command(line):
    word = line.split(" ")[0]
    return line.startswith(("$ ", "/", "tools/")) or word in PROGRAMS


def commands(page):
    """Each command once, in order; of a block with prompts only what stands behind one."""
    found = {}
    for block in blocks(page):
        prompted = any(line.startswith("$ ") for line in block)
        for line in block:
            if line.startswith("$ ") if prompted else is_command(line):
                found[without_comment(line)] = True
    return list(found)


def transcript(page, first):
    """The block with prompts that begins with this line."""
    return next(block for block in blocks(page) if block[0] == first)


SHAPES = [(re.compile(pattern), shape) for pattern, shape in (
    (r"\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\]", "[STAMP]"),
    (r"\b\d{4}-\d\d-\d\dT[\d:.]+Z", "DATE"),
    (r"\b\d\d:\d\d:\d\d\b", "TIME"),
    (r"(?:127\.0\.0\.1|\[::1\]):(?:[345]\d{4}|6[0-5]\d{3})\b", "LOCALHOST:PORT"),
    (r"\b[\d,.]+ (?:µs|ms|s|min)\b", "DURATION"),
    (r"\b[\d,.]+ (?:bytes|KiB|MiB) a (second|client)\b", r"SIZE a \1"),
    (r"\(uid \d+", "(uid N"),
    (r" {2,}", "  "),
)]


def shape(line):
    """The line without what is another one each time: times, ports, durations, and blanks."""
    for pattern, replacement in SHAPES:
        line = pattern.sub(replacement, line)
    return line.strip()
