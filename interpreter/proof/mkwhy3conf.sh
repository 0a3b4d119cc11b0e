#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Write $1/why3.conf: the provers why3 finds by itself, and cvc5, which why3 1.5 does not know. cvc5
# takes what cvc4 takes but for the name of one logic, so cvc4's driver serves with that name changed.
set -eu

out=$1
drivers=/usr/share/why3/drivers
version=$(cvc5 --version | sed -n 's/^This is cvc5 version \([^ ]*\).*/\1/p')
[ -n "$version" ] || { echo "mkwhy3conf: cvc5 does not say its version" >&2; exit 1; }

mkdir -p "$out"
rm -f "$out/why3.conf"
WHY3CONFIG=$out/why3.conf why3 config detect >"$out/detect.log" 2>&1
sed -e 's/ALL_SUPPORTED/ALL/' -e "s#import \"#import \"$drivers/#" "$drivers/cvc4_17.drv" >"$out/cvc5.drv"
cat >>"$out/why3.conf" <<CONF

[prover]
name = "CVC5"
version = "$version"
alternative = ""
command = "cvc5 --stats --tlimit=%t000 --lang=smt2 %f"
command_steps = "cvc5 --stats --rlimit=%S --lang=smt2 %f"
driver = "$out/cvc5.drv"
editor = ""
in_place = false
interactive = false
shortcut = "cvc5"
CONF
