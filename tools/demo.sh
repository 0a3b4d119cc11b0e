#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The whole way once: rules to channel file to kernel to detections, then the drill of 19 July.
#
# Everything happens in a virtual machine with Debian's own 6.1 kernel. Exit 0: all went as it should.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tools/guest/lib.sh
. "$top/tools/guest/lib.sh"

demo=$top/build/demo
began=$(date +%s)
mkdir -p "$demo"

# step TEXT COMMAND...: one line, then a dot every two seconds while it lasts.
step() {
	printf '== %s' "$1"
	shift
	"$@" >"$demo/step.log" 2>&1 &
	job=$!
	n=0
	while kill -0 $job 2>/dev/null; do
		sleep 0.2
		n=$((n + 1))
		[ $((n % 10)) -ne 0 ] || printf .
	done
	echo
	wait $job || {
		cat "$demo/step.log" >&2
		exit 1
	}
}

# The guest's own words as they come, without the harness's bookkeeping.
watch() {
	tail -n +1 -f --pid="$1" "$top/build/guest/demo/verdict.log" 2>/dev/null | tr -d '\r' |
		sed -u -n 's/^    KTAP version.*//;s/^    1\.\.[0-9]*$//;s/^    # \{0,1\}//p;t;s/^    \(..*\)/\1/p;s/^not ok/FAILED:/p'
}

boot() {
	set -- --prog /usr/bin/dash --prog /usr/bin/dash:/usr/bin/sh
	for p in /usr/bin/id /usr/bin/cat /usr/bin/find /usr/bin/base64 /usr/bin/chmod /usr/bin/rm \
		/usr/bin/ls /usr/bin/mkfifo /usr/bin/truncate /usr/bin/nc.openbsd /usr/bin/kmod \
		/usr/sbin/useradd; do
		set -- "$@" --prog "$(readlink -f "$p"):$p"
	done
	"$top/tools/guest/run.sh" --quiet --name demo --kernel 6.1 --plan "$demo/plan" \
		--overlay "$demo/overlay" "$@" >"$demo/run.log" 2>&1
}

rules=$(find "$top/selftests/demo/rules" -name '*.yml' | wc -l)
step "building weirc and weirctl" make -s -C "$top" tools
step "building weir.ko for $(stock_release 6.1), with a throw-away TEST key" \
	make -s -C "$top" module KDIR="$(kernel_dir 6.1)"
step "compiling and signing a pack of $rules Sigma rules" make -s -C "$top/selftests" all demo
"$top/build/weirc" dump "$top/build/selftests/demo/pack.raw" | head -n 4 | sed 's/^/   /'

cp "$top/selftests/plans/demo.plan" "$demo/plan"
rm -rf "$demo/overlay"
mkdir -p "$demo/overlay/demo"
for f in pack.weir memfd_run act.sh detections.sh; do
	cp "$top/build/selftests/demo/$f" "$demo/overlay/demo/"
done
cat "$top/selftests/demo/rules/"*.yml | sed -n 's/^title: //p' >"$demo/overlay/demo/titles"
rm -rf "$top/build/guest/demo"
mkdir -p "$top/build/guest/demo"
: >"$top/build/guest/demo/verdict.log"

echo "== booting a guest with Debian's kernel $(stock_release 6.1) ($(accel))"
boot &
guest=$!
# The folder is made anew by the run: wait until it has a log again.
for _ in 1 2 3 4 5 6 7 8 9 10; do
	sleep 0.5
	[ ! -s "$top/build/guest/demo/console.log" ] || break
done
watch $guest
status=0
wait $guest || status=$?
tail -n 1 "$demo/run.log"
if [ $status != 0 ]; then
	cat "$demo/run.log" >&2
	exit 1
fi
echo "== the demo went as it should, in $(($(date +%s) - began)) s"
