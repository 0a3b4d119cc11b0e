#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# weirc built with ASan and UBSan, through the tests of its commands and of every field.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
make -s -C "$top/tools" VARIANT=san
status=0
for test in replay fields; do
	WEIRC=$top/build/san/weirc OUT=$top/build/san/fields sh "$here/$test.sh" >"$log" 2>&1 ||
		status=1
	sed 's/^ok /&san: /;s/^not ok /&san: /' "$log"
done
exit $status
