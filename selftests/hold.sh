#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Somebody else, a live patch say, may hold a function that Weir wants to sit on. That is said, and
# nothing is pretended; when the other one is gone all is as it should be.
# Prints KTAP; needs the module not to be inserted, and leaves it so.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
n=0
failed=0
out=/tmp/hold.out

# claim TEXT COMMAND...: one test
claim() {
	text=$1
	shift
	n=$((n + 1))
	if "$@" >"$out" 2>&1; then
		echo "ok $n $text"
	else
		sed 's/^/#   /' "$out"
		echo "not ok $n $text"
		failed=1
	fi
}

# Each load is of a version that the kernel has not seen: the module is new every time.
begin() {
	rm -rf /var/lib/weir
	insmod /modules/weir_holder.ko function="$1" && insmod /modules/weir.ko
}

refused() {
	! weirctl load /content/ipc_test.weir >"$out" 2>&1 && grep -q 'capture point' "$out" &&
		! weirctl status | grep -q '^ipc '
}

names_it() {
	dmesg | grep -q "weir: hook $1: error -16" && weirctl status >"$out" &&
		grep -q "^$1 .* Device or resource busy" "$out"
}

loads() {
	weirctl load /content/ipc_test.weir && weirctl status | grep -q '^ipc '
}

fires() {
	weirctl status | grep -q "^$1 .* fires"
}

end() {
	rmmod weir && { ! grep -q '^weir_holder ' /proc/modules || rmmod weir_holder; }
}

echo "KTAP version 1"
echo "1..10"
claim "a function that a type needs is held" begin security_unix_may_send
claim "content of the type is refused, and nothing of it is armed" refused
claim "the log and the status name the hook and the error" names_it security_unix_may_send
claim "the other one lets go" rmmod weir_holder
claim "the same content is loaded" loads
claim "and the hook fires" fires security_unix_may_send
claim "the module goes" end
claim "a function that a type can do without is held" begin security_sem_semop
claim "content of the type is loaded" loads
claim "the log and the status name the hook that is missing" names_it security_sem_semop
end >/dev/null 2>&1 || failed=1
exit $failed
