#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Logs who comes to telexd and who goes, one line each, over a control socket of telexd:
#
#     who.sh [PATH]
#
#     2026-11-25T23:11:47.095332Z open 3 tcp 127.0.0.1:40776
#     2026-11-25T23:12:02.260360Z close 3 127.0.0.1:40776 eof received=13 sent=10 unsent=0
#
# A peer whose open was not seen has "-" for its address; "lost" tells how many lines are missing
# because nobody read them in time. It needs socat and jq. Exit status: 0 when telexd has ended or
# a signal ended the log, 1 where telexd was not reached, 2 for a usage error.
set -u

fail() {
    printf 'who.sh: %s\n' "$2" >&2
    exit "$1"
}

# An address with a path in it may hold anything. In what "safe" leaves there is no space and no
# control character, so that no value can look like two, or like a line of its own. The first
# event must be a hello that we understand. Kept is the address of each peer on the line.
# shellcheck disable=SC2016
filter='
def safe: if . == null then "-" else tostring | gsub("[^!-~]"; "?") end;
def say: map(safe) | join(" ");

input | if .event != "hello" or .protocol != 1 then error("no telexd") else empty end,
foreach inputs as $e ({remote: {}};
    .line = null
    | ($e.peer | tostring) as $peer
    | if $e.event == "open" then
        .remote[$peer] = $e.remote
        | .line = [$e.time, "open", $e.peer, $e.transport, $e.remote]
      elif $e.event == "close" then
        .line = [$e.time, "close", $e.peer, .remote[$peer], $e.reason,
                 "received=\($e.received)", "sent=\($e.sent)", "unsent=\($e.unsent)"]
        | del(.remote[$peer])
      elif $e.event == "result" and $e.command == "peers" then
        reduce $e.peers[] as $p (.; .remote[$p.peer | tostring] = $p.remote)
      elif $e.event == "lost" then
        .remote = {} | .line = [$e.time, "lost", $e.events]
      else . end;
    .line | values | say)
'

case $#${1-} in
0 | 1[!-]*) ;;
*) fail 2 "usage: who.sh [PATH]" ;;
esac
path=${XDG_RUNTIME_DIR:-/run/user/$(id -u)}/telex.sock
[ "$(id -u)" -ne 0 ] || path=/run/telex/telex.sock
path=${1-$path}
for program in socat jq; do
    command -v "$program" >/dev/null || fail 1 "needs $program"
done
[ -S "$path" ] || fail 1 "no control socket at $path"

# To socat a comma or a colon in a path would begin something else.
address=UNIX-CONNECT:$(printf '%s' "$path" | sed 's/[^A-Za-z0-9_./-]/\\&/g')

# telexd goes on telling us events after the end of our lines; -t has socat wait for them, for
# years. A job of its own, so that a signal ends all of it.
set -m
trap 'kill %1 2>/dev/null; exit 0' INT TERM HUP
printf '%s\n' '/view none' /peers | socat -lf /dev/null -t 1000000000 - "$address" 2>/dev/null |
    jq --unbuffered -nr "$filter" 2>/dev/null &
wait $!
case $? in
0 | 141) ;; # 141: nobody reads the log any more
*) fail 1 "$path is no control socket of a telexd that we understand" ;;
esac
