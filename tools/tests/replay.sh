#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# dump, replay, test, explain and bench: output, conversions, errors, exit codes.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$here/replay.py" "${WEIRC:-$top/build/weirc}" "$work"
