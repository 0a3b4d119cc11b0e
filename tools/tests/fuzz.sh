#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A short run of every fuzzer. make fuzz SECONDS=N runs them for longer.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
seconds=${SECONDS_EACH:-20}
export WEIRC="${WEIRC:-$top/build/weirc}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! command -v clang >/dev/null || ! echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
	clang -fsanitize=fuzzer -x c -o /dev/null - 2>/dev/null; then
	echo "skip fuzz clang with libFuzzer is not installed (clang, libclang-rt-14-dev)"
	exit 0
fi
if ! make -s -C "$top/tools/fuzz" build >"$log" 2>&1; then
	sed 's/^/# /' "$log"
	echo "not ok fuzz-build"
	exit 1
fi
"$top/tools/fuzz/run.sh" "$seconds" content compile
"$top/tools/fuzz/run.sh" "$((seconds / 4))" regex events trustlist
