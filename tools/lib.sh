# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034
# What the scripts in tools/ and .ci/ share: where things are, and how what is missing gets
# installed. Sourced, not run. Nothing here writes to stdout or reads stdin.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# One need a line: how to see whether it is there, and the Debian package that brings it.
build_needs='
command:cc              gcc
header:stdio.h          libc6-dev
command:ninja           ninja-build
command:meson           meson
command:pkg-config      pkg-config
module:libevent_core    libevent-dev
module:readline         libreadline-dev
module:jansson          libjansson-dev
module:zlib             zlib1g-dev
module:openssl          libssl-dev
module:libnats          libnats-dev
header:uthash.h         uthash-dev
'
test_needs="$build_needs
module:check            check
python:pyte             python3-pyte
python:websockets       python3-websockets
command:nc              netcat-openbsd
command:ncat            ncat
command:socat           socat
command:jq              jq
command:scdoc           scdoc
command:zsh             zsh
package:bash-completion bash-completion
package:netbase         netbase
command:curl            curl
command:openssl         openssl
command:pidof           sysvinit-utils
command:man             man-db
command:/usr/sbin/nats-server nats-server
"
fleet_needs="$build_needs
command:/usr/sbin/nats-server nats-server
"
bench_needs="$build_needs
command:python3         python3
command:openssl         openssl
command:ncat            ncat
command:socat           socat
command:strace          strace
"
# As packages, since dpkg-buildpackage asks for these: see contrib/debian/control.
package_needs='
package:build-essential build-essential
package:debhelper       debhelper
package:libevent-dev    libevent-dev
package:libjansson-dev  libjansson-dev
package:libnats-dev     libnats-dev
package:libreadline-dev libreadline-dev
package:libssl-dev      libssl-dev
package:meson           meson
package:pkg-config      pkg-config
package:scdoc           scdoc
package:uthash-dev      uthash-dev
package:zlib1g-dev      zlib1g-dev
'
coverage_needs='
command:gcovr           gcovr
'
clang_needs='
command:clang           clang
command:clang-format    clang-format
'
fuzz_needs="$build_needs
command:clang           clang
fuzzer:                 libclang-rt-dev
"
lint_needs='
command:clang           clang
command:clang-format    clang-format
command:shellcheck      shellcheck
command:python3         python3
command:git             git
'

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# Runs a command without stdin, silent unless it fails: then its output goes to stderr.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" </dev/null >"$log" 2>&1 || status=$?
    [ "$status" -eq 0 ] || cat "$log" >&2
    rm -f "$log"
    return "$status"
}

compiles() {
    local program=$1
    shift
    printf '%s\n' "$program" | "$@" -x c - -o /dev/null >/dev/null 2>&1
}

is_there() {
    local kind=${1%%:*} what=${1#*:} compiler
    read -ra compiler <<<"${CC:-cc}" # may be "ccache gcc", as meson takes it
    case $kind in
    command) command -v "$what" ;;
    module) pkg-config --exists "$what" ;;
    package) dpkg-query -W -f '${db:Status-Status}' "$what" | grep -qx installed ;;
    header) compiles "#include <$what>" "${compiler[@]}" -fsyntax-only ;;
    python) python3 -c "import $what" || /usr/bin/python3 -c "import $what" ;;
    fuzzer) compiles 'int LLVMFuzzerTestOneInput(void) { return 0; }' clang -fsanitize=fuzzer,address ;;
    esac >/dev/null 2>&1 </dev/null
}

# The packages of a list of needs that are not met, each once.
missing_packages() {
    local probe package
    while read -r probe package; do
        [ -z "$probe" ] || is_there "$probe" || printf '%s\n' "$package"
    done <<<"$1" | sort -u
}

install_packages() {
    local sudo=()
    [ "$(id -u)" -eq 0 ] || sudo=(sudo)
    if ! command -v apt-get >/dev/null; then
        fail "please install what these Debian packages hold, then try again: $*"
    fi
    if [ ${#sudo[@]} -gt 0 ] && ! command -v sudo >/dev/null; then
        fail "please install these packages as root, then try again: $*"
    fi
    printf 'installing %s\n' "$*" >&2
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "$@" </dev/null >/dev/null 2>&1 && return
    # Perhaps the lists of packages are old, or not there at all.
    if ! quietly "${sudo[@]}" apt-get update ||
        ! quietly "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y --no-install-recommends "$@"; then
        fail "could not install: $*"
    fi
}

# need LIST: whatever of it is missing gets installed.
need() {
    local packages
    mapfile -t packages < <(missing_packages "$1")
    [ ${#packages[@]} -eq 0 ] || install_packages "${packages[@]}"
}

# set_up DIRECTORY OPTION...: a build directory, unless it is there already.
set_up() {
    local directory=$1
    shift
    [ -f "$directory/build.ninja" ] || quietly meson setup "$directory" "$root" "$@" ||
        fail "meson setup failed"
}

# Takes what ninja says. On a terminal one line of stderr tells how far it is, each second anew,
# and is gone in the end; elsewhere it would be a flood.
show_progress() {
    local what=$1 line='' steps='' begun=$SECONDS drawn=-1 status
    while true; do
        status=0
        IFS= read -r -t 1 line || status=$?
        [ "$status" -eq 0 ] || [ "$status" -gt 128 ] || break # the end; over 128: time is up
        if [[ $status -eq 0 && $line =~ ^([0-9]+)/([0-9]+)\  ]]; then
            steps=", ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]} steps"
        fi
        if [ -t 2 ] && [ "$SECONDS" -ne "$drawn" ]; then
            drawn=$SECONDS
            printf '\rbuilding %s%s, %d s ' "$what" "$steps" $((SECONDS - begun)) >&2
        fi
    done
    [ "$drawn" -lt 0 ] || printf '\r%*s\r' 72 '' >&2
}

# build DIRECTORY WHAT: with ninja, where there is anything to do. Says that and for how long on
# stderr, and what ninja said where it fails.
build() {
    local directory=$1 what=$2 begun=$SECONDS log status=0
    log=$(mktemp)
    if ! ninja -n -C "$directory" </dev/null 2>&1 | grep -q '^ninja: no work to do'; then
        printf 'building %s\n' "$what" >&2
        NINJA_STATUS='%f/%t ' ninja -C "$directory" </dev/null 2>&1 | tee "$log" |
            show_progress "$what" || status=$?
        if [ "$status" -eq 0 ]; then
            printf 'built in %d s\n' $((SECONDS - begun)) >&2
        else
            cat "$log" >&2
        fi
    fi
    rm -f "$log"
    return "$status"
}

# copy_tree TO: the files that git knows, or would; all of them where this is no checkout.
copy_tree() {
    local to=$1 known list
    known=$(mktemp)
    list=(--exclude=./build --exclude=./.git .)
    if [ -e "$root/.git" ] &&
        git -C "$root" ls-files -z --cached --others --exclude-standard >"$known"; then
        list=(--ignore-failed-read --no-recursion --null --files-from="$known")
    fi
    tar -C "$root" -cf - "${list[@]}" | tar -C "$to" -xf - || fail "cannot copy the files"
    rm -f "$known"
}
