# SPDX-License-Identifier: GPL-3.0-or-later
"""What tools/check and tools/measure read of C: files, code, includes, functions, structs."""

import os
import re
import subprocess

# Rooms that are not in src/; what is included from them is written from there.
HOUSES = {"telex-bench": "tools", "completion": "tools"}


def tree(root):
    """The paths of all files that are, or would be, in the repository at root."""
    git = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"],
                         capture_output=True, text=True, check=False)
    if git.returncode == 0 and git.stdout:
        paths = git.stdout.splitlines()
    else:
        paths = [os.path.relpath(os.path.join(folder, name), root)
                 for folder, _, names in os.walk(root) for name in names]
        paths = [p for p in paths if not re.match(r"build/|\.git/", p)]
    return sorted(p for p in set(paths) if os.path.isfile(os.path.join(root, p)))


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def blank(match):
    """What stands for a comment or a string where only code counts: its newlines, quotes."""
    text = match.group()
    return '""' if text[0] == '"' else "''" if text[0] == "'" else \
        " " + "\n" * text.count("\n")


def code_of(text):
    """C without comments and strings, with the same line numbers. #include lines stay."""
    pattern = r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, blank, text, flags=re.S)


def comments_of(text):
    """Each comment of C, with the number of its first line."""
    pattern = r'("(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\')|//[^\n]*|/\*.*?\*/'
    for found in re.finditer(pattern, text, flags=re.S):
        if not found.group(1):
            yield text.count("\n", 0, found.start()) + 1, found.group()


def includes(text):
    """The number of each line with an #include, < or ", and what it names."""
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)', line)
        if found:
            yield number, found.group(1), found.group(2)


def functions(code):
    """The first line of each function's definition, and how many lines it has. A function's
    braces stand alone at the beginning of a line."""
    head = body = None
    for number, line in enumerate(code.splitlines(), 1):
        if line == "{":
            body = number
        elif line == "}" and body:
            yield head, number - head + 1
            body = None
        elif re.match(r"[A-Za-z_]", line) and not body:
            head = number


def members(body):
    """How many members a struct has between its braces, those of structs in it included."""
    while re.search(r"\([^()]*\)", body):
        body = re.sub(r"\([^()]*\)", "", body)
    while re.search(r"enum\s*\w*\s*\{[^{}]*\}", body):
        body = re.sub(r"enum\s*\w*\s*\{[^{}]*\}", "enum", body)
    # an anonymous one is no member itself
    body = re.sub(r"\}\s*;", "}", body)
    return sum(part.count(",") + 1 for part in re.findall(r"[^;{}]*;", body))


def structs(code):
    """The name of each struct that is defined outside of others, and its number of members."""
    for found in re.finditer(r"^(?:static )?(?:const )?struct\s*(\w*)\s*\{\n(.*?)^\}", code,
                             flags=re.S | re.M):
        yield found.group(1), members(found.group(2))


def room_of(path):
    """src/core/hub.c: core; src/telexd.c: ""; tools/telex-bench/run.c: telex-bench."""
    parts = path.split("/")
    return parts[1] if len(parts) == 3 else ""


def house_of(room):
    return HOUSES.get(room, "src")


def is_ours(path):
    """Whether the file is of a program, not of its tests."""
    return path.startswith("src/") or house_of(room_of(path)) != "src"


def included(path, texts):
    """The headers of ours that the file includes itself."""
    return [header for _, quote, name in includes(texts[path]) if quote == '"'
            for header in [f"{house_of(name.split('/')[0])}/{name}"] if header in texts]


def seen(path, texts):
    """All the headers of ours that the compiler reads for the file."""
    headers, ahead = set(), included(path, texts)
    while ahead:
        header = ahead.pop()
        if header not in headers:
            headers.add(header)
            ahead += included(header, texts)
    return headers


def thing_of(path, texts):
    """What a file is a part of: src/core/hub_event.h and src/core/hub_later.c are of
    src/core/hub, of which there is a file."""
    stem = re.sub(r"\.[ch]$", "", path)
    folder, name = os.path.split(stem)
    words = name.split("_")
    for count in range(1, len(words)):
        part = f"{folder}/{'_'.join(words[:count])}"
        if f"{part}.h" in texts or f"{part}.c" in texts:
            return part
    return stem


def circles(texts):
    """The things that include each other, in circles: a sorted list of names for each."""
    ways = {}
    for path in texts:
        ways.setdefault(thing_of(path, texts), set()).update(
            thing_of(header, texts) for header in included(path, texts))
    reached = {thing: reach(thing, ways) for thing in ways}
    found = {frozenset(other for other in reached[thing] if thing in reached[other])
             for thing in ways if thing in reached[thing]}
    return sorted(sorted(circle) for circle in found if len(circle) > 1)


def reach(thing, ways):
    """All that can be come to from a thing; itself where there is a way back."""
    found, ahead = set(), list(ways[thing] - {thing})
    while ahead:
        other = ahead.pop()
        if other not in found:
            found.add(other)
            ahead += ways[other] - {other}
    return found
