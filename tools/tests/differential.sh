#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# weirc compile and replay against a naive evaluator of Sigma: random rules, and public ones if they
# are there. SEED= chooses other rules and events.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
weirc=${WEIRC:-$top/build/weirc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! python3 -c 'import yaml' 2>/dev/null; then
	echo "skip differential python3-yaml is not installed"
	exit 0
fi
set --
for folder in "$top/../shared/sigma/linux" "$top/../shared/sigma/windows/process_creation"; do
	[ ! -d "$folder" ] || set -- "$@" "$folder"
done
[ $# != 0 ] || echo "skip differential-public there are no public rules beside the tree"
python3 "$here/differential.py" "$weirc" "$work" "${SEED:-20240719}" "$@"
