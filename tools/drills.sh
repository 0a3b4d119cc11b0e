#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The drills alone, in guests with Debian's 6.1 kernel: the one of 19 July, which is part of make demo,
# too, those of other wrong content and of machines that break, and then a machine that is reset at each
# stage. All are part of make check-guest. Documentation/drills.rst says what each one shows.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tools/guest/lib.sh
. "$top/tools/guest/lib.sh"

make -s -C "$top" tools
make -s -C "$top/selftests"
make -s -C "$top/kmod" module KDIR="$(kernel_dir 6.1)"
status=0
"$top/tools/guest/run.sh" --name drills --kernel 6.1 --plan "$top/selftests/plans/drills.plan" ||
	status=$?
sed -n '/^    KTAP\|^    1\.\./d; s/^    //p' "$top/build/guest/drills/verdict.log"
echo "# A machine with a disk is reset at each stage."
"$top/tools/guest/resets.sh" 6.1 || status=$?
exit $status
