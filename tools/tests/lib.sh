# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Results for tests in shell, to be read in; $dir/said is what the program under test said last.
failed=0

# result NAME STATUS
result() {
	if [ "$2" = 0 ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		cut -c1-500 "$dir/said" 2>/dev/null | sed 's/^/# /' | head -n 8
		# shellcheck disable=SC2034 # those who read this in exit with it
		failed=1
	fi
}
