#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A rule whose action cannot be applied to all that it may match is refused, and no other is.
# SEED= chooses other random rules.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
make -s -C "$here" VARIANT=san
failed=0
"$top/build/san/tests/actions_test" || failed=1
if python3 -c 'import yaml' 2>/dev/null; then
	python3 "$here/actions.py" "${WEIRC:-$top/build/weirc}" "$work" "${SEED:-20240719}" || failed=1
else
	echo "skip actions-rules python3-yaml is not installed"
fi
exit $failed
