#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Rules and events of the benchmark's generator: weirc replay against the naive evaluator. SEED=
# chooses others.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! python3 -c 'import yaml' 2>/dev/null; then
	echo "skip benchmark python3-yaml is not installed"
	exit 0
fi
python3 "$here/benchmark.py" "${WEIRC:-$top/build/weirc}" "$work" "${SEED:-20240719}"
