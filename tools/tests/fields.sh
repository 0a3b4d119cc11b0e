#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every field of every Template Type with every operator of its kind, in user space. What it leaves
# in build/fields is what the guest replays in the kernel.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
if ! python3 -c 'import yaml' 2>/dev/null; then
	echo "skip fields python3-yaml is not installed"
	exit 0
fi
exec python3 "$here/fields.py" "${WEIRC:-$top/build/weirc}" "${OUT:-$top/build/fields}"
