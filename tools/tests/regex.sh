#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The regex compiler against Python's re, and PCRE2 where its library is installed.
set -e
here=$(dirname "$0")
out=$(cd "$here/../.." && pwd)/build
make -s -C "$here" VARIANT=san
exec python3 "$here/regex.py" "$out/san/tests/regex_driver"
