#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The golden files with a matching index, read again by what Documentation/channel-format.rst says.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in index strings numbers addresses; do
	"${WEIRC:-$top/build/weirc}" compile --version 1 -o "$work/$name.weir" \
		"$here/golden/$name.yml" 2>/dev/null >/dev/null
done
python3 "$here/format.py" "$work/index.weir" "$work/strings.weir" "$work/numbers.weir" "$work/addresses.weir"
