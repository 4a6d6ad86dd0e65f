# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What each script has, whose function declares the variables: words cur option operands ended
# lead. The same in all, so it does no harm that each defines it anew.

# words: those before the cursor and the one at it, in one piece each where bash splits
# them at = and :
_telex__words() {
    local line=${COMP_LINE:0:COMP_POINT} bare word i
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        bare=${line#"${line%%[![:blank:]]*}"}
        word=${COMP_WORDS[i]}
        ((i < COMP_CWORD)) || word=$bare
        if [[ $i -eq 0 || $bare != "$line" ]]; then
            words+=("$word")
        else
            words[${#words[@]} - 1]+=$word
        fi
        line=${bare#"$word"}
    done
}

# cur: what is to be completed; option: whose argument that is; operands: how many are
# before it. FIRST is the first word to look at, TAKES are the options with an argument,
# MAY those that take a path.
_telex__place() { # FIRST TAKES MAY
    local last=$((${#words[@]} - 1)) i
    cur=${words[last]}
    option="" operands=0 ended="" lead=""
    for ((i = $1; i < last; i++)); do
        if [[ ! $ended && " $2 " == *" ${words[i]} "* ]]; then
            option=${words[i++]}
        elif [[ ! $ended && " $3 " == *" ${words[i]} "* && ${words[i + 1]} == [/.?]* ]]; then
            option=${words[i++]}
        elif [[ $ended || ${words[i]} != -?* ]]; then
            operands=$((operands + 1))
        elif [[ ${words[i]} == -- ]]; then
            ended=yes
        fi
    done
    ((i > last)) || option=""
    if [[ ! $option && ! $ended && $cur == --*=* ]]; then
        option=${cur%%=*}
        [[ $COMP_WORDBREAKS == *=* ]] || lead="$option="
        cur=${cur#*=}
    fi
}

# Those of the words that begin with cur, less what readline does not replace.
_telex__offer() { # WORD...
    local word kept=""
    [[ $COMP_WORDBREAKS != *:* ]] || kept=${cur%"${cur##*:}"}
    for word; do
        [[ $word == "$cur"* ]] || continue
        COMPREPLY+=("$lead${word#"$kept"}")
        [[ $word != *[:/] ]] || compopt -o nospace
    done
}

# Readline's own completion of files, which knows about quotes and ~.
_telex__files() {
    compopt -o default
}

_telex__endpoint() { # BEGINNING...
    case $cur in
    unix:* | serial:*) _telex__files ;;
    *) _telex__offer "$@" ;;
    esac
}

_telex__process() {
    local processes=(/proc/[0-9]*)
    _telex__offer "${processes[@]#/proc/}"
}
