#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The drill of 19 July alone, in a guest with Debian's 6.1 kernel. It is part of make demo and of
# make check-guest, too.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tools/guest/lib.sh
. "$top/tools/guest/lib.sh"

make -s -C "$top" tools
make -s -C "$top/selftests"
make -s -C "$top/kmod" module KDIR="$(kernel_dir 6.1)"
status=0
"$top/tools/guest/run.sh" --name drill --kernel 6.1 --plan "$top/selftests/plans/drill.plan" ||
	status=$?
sed -n 's/^    //p' "$top/build/guest/drill/verdict.log"
exit $status
