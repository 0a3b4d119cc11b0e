#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Runs the commands that standard input has, one a line, side by side: as many guests at a time as
# there are CPUs for them. What a command prints is shown when it has ended, whatever became of it;
# what it says on standard error as it comes.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tools/guest/lib.sh
. "$top/tools/guest/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# A guest has two CPUs, which the emulator may run in one thread.
lanes=$(nproc)
if [ "$(accel)" = kvm ] || [ "$(tcg_threads)" = multi ]; then
	lanes=$(((lanes + 1) / 2))
fi
# shellcheck disable=SC2016
xargs -d '\n' -n 1 -P "$lanes" sh -c '
	sh -c "$2" >"$1/$$" || true
	flock "$1" cat "$1/$$"' lanes "$work"
