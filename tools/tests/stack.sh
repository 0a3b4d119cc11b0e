#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The Content Interpreter's stack is bounded: gcc's own call graph, with what each function takes.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! command -v gcc >/dev/null || ! echo 'int x;' |
	gcc -fcallgraph-info=su,da -x c -c -o "$work/x.o" - 2>/dev/null; then
	echo "skip stack gcc does not tell the call graph (gcc 10 or newer)"
	exit 0
fi

# graph NAME FLAGS...: call graphs of the core under $work/NAME
graph() {
	mkdir "$work/$1"
	for f in "$top"/interpreter/*.c; do
		(cd "$work/$1" && shift && gcc -std=gnu11 -ffreestanding "$@" -fcallgraph-info=su,da \
			-I"$top/interpreter" -c "$f")
	done
}

# The last set is what matters of a kernel build.
graph O2 -O2
graph Os -Os
graph kernel -O2 -fno-strict-aliasing -mno-sse -mno-red-zone -mcmodel=kernel -fno-pie \
	-fno-omit-frame-pointer -fstack-protector-strong -fno-allow-store-data-races
for set in O2 Os kernel; do
	python3 "$here/stack.py" "$set" "$work/$set"/*.ci || touch "$work/failed"
done
[ ! -e "$work/failed" ]
