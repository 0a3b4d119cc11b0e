#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# One machine with one disk, through boots that end with a reset, at each stage of content: see
# selftests/reset_drill.sh. The logs are in build/guest/reset-KERNEL-STAGE.
#
#   resets.sh KERNEL    6.1 or 6.12; the last line is "guest resets-KERNEL: N passed, N failed, N skipped"
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tools/guest/lib.sh
. "$top/tools/guest/lib.sh"

kernel=$1
out=$top/build/resets-$kernel
disk=$out/disk
# In this order: each boot checks what the one before left.
stages="candidate shadow probation trusted booting booting-again loading storing last"
mkdir -p "$out"

# What a person may want to see of a boot, and nothing of its harness.
shown() {
	sed -n 's/^    \(# .*\)/\1/p; s/^    \(\(not \)\{0,1\}ok .*\)/\1/p' "$1/verdict.log" | tr -d '\r' >&2
}

# The last boot ends as any other.
boot() {
	sed "s/@STAGE@/$1/g" "$top/selftests/plans/reset.plan" >"$out/$1.plan"
	[ "$1" != last ] || sed -i '/^reset /d' "$out/$1.plan"
	"$top/tools/guest/run.sh" --quiet --name "reset-$kernel-$1" --kernel "$kernel" \
		--plan "$out/$1.plan" --disk "$disk" \
		--file "$top/packaging/weir-boot.service:/packaging/weir-boot.service" \
		--file "$top/packaging/weir-settled.service:/packaging/weir-settled.service"
}

# The file system is whole, too.
check_disk() {
	if e2fsck -fn "$disk" >"$out/e2fsck.log" 2>&1; then
		echo "disk: 1 passed, 0 failed, 0 skipped"
	else
		cat "$out/e2fsck.log"
		echo "disk: 0 passed, 1 failed, 0 skipped"
	fi
}

rm -f "$disk"
truncate -s 32M "$disk"
mke2fs -q -F -t ext4 "$disk"
boots=1
for stage in $stages; do
	boots=$((boots + 1))
	echo "# boot $((boots - 1)): $stage" >&2
	boot "$stage" || true
	shown "$top/build/guest/reset-$kernel-$stage"
done >"$out/log"
check_disk >>"$out/log"
status=0
"$top/tools/guest/totals.sh" "guest resets-$kernel" "$boots" <"$out/log" >"$out/totals" || status=$?
[ $status = 0 ] || sed '$d' "$out/totals" >&2
tail -n 1 "$out/totals"
exit $status
