#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A package that others wrote is configured, compiled and installed, a tree is packed and searched,
# a server and its clients talk on loopback, all with a pack of rules active: nothing is missed.
#
#   rules.weir    channel 7200    what the host chose to load
#   every_exec    channel 7201    matches each program that starts
#
# Who else counts: the kernel's own trace event of an exec. Prints KTAP; needs the module inserted.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
n=0
failed=0
work=/tmp/workload
trace=/sys/kernel/tracing/instances/workload
seconds=60
mkdir -p "$work/src" "$work/build" "$work/www" || exit 1
cd "$work" || exit 1

claim() {
	text=$1
	shift
	n=$((n + 1))
	if "$@" >claim.log 2>&1; then
		tail -n 1 claim.log | sed 's/^/#   /'
		echo "ok $n $text"
	else
		tail -n 30 claim.log | sed 's/^/#   /'
		echo "not ok $n $text"
		failed=1
	fi
}

load() {
	weirctl load --stage trusted /content/rules.weir &&
		weirctl load --stage trusted /content/every_exec.weir
}

follow() {
	weirctl events --follow --json >events.jsonl 2>events.err &
	reader=$!
	kill -0 "$reader"
}

# The count of matches of a channel, out of the file that weirctl status was written to.
matches() {
	awk -v channel="$1" '$1 == channel { print $9 }' "$2"
}

# Between two looks at the counters the one program that is not traced is weirctl, the second time.
begin() {
	mkdir "$trace" && echo 8192 >"$trace/buffer_size_kb" || return 1
	weirctl status >before
	echo 1 >"$trace/events/sched/sched_process_exec/enable"
}

end() {
	echo 0 >"$trace/events/sched/sched_process_exec/enable"
	weirctl status >after
	[ "$(matches 7201 after)" -gt 0 ]
}

configure() {
	# As released: nothing of it is to be made anew with the tools of its authors.
	cp -r /usr/src/libltdl/. src && cd build &&
		CC=tcc ACLOCAL=: AUTOCONF=: AUTOHEADER=: AUTOMAKE=: sh ../src/libtool/configure \
			--disable-shared --enable-ltdl-install --prefix="$work/installed" \
			>configure.log 2>&1
	status=$?
	tail -n 5 configure.log
	cd "$work" && return "$status"
}

compile() {
	make -C build
}

install_it() {
	make -C build install && [ -s installed/lib/libltdl.a ] && [ -s installed/include/ltdl.h ]
}

# Every applet that reads or moves files has its turn.
traffic() {
	tar -cf tree.tar -C / usr/include usr/src && mkdir tree && tar -xf tree.tar -C tree || return 1
	find tree -name '*.h' -exec grep -l include {} + >headers || return 1
	find tree -type f -name '*.c' -exec md5sum {} + >sums && md5sum -c -s sums || return 1
	for f in tree/usr/src/libltdl/libtool/*; do
		[ -f "$f" ] || continue
		gzip -c "$f" | gunzip | cmp - "$f" && mv "$f" "$f.moved" && chmod 600 "$f.moved" &&
			ln -s "$f.moved" "$f" && sed -i s/a/b/ "$f.moved" || return 1
	done
	rm -r tree
}

network() {
	ip link set lo up
	head -c 100000 /dev/urandom >www/file
	httpd -f -p 127.0.0.1:8000 -h www &
	server=$!
	got=0
	for i in 1 2 3 4 5 6 7 8 9 10; do
		wget -q -O "got.$i" http://127.0.0.1:8000/file && cmp "got.$i" www/file && got=$((got + 1))
	done
	kill "$server"
	[ "$got" = 10 ]
}

traced() {
	awk '/^entries:/ { n += $2 } /^(commit )?overrun:/ { lost += $NF }
		END { if (lost) exit 1; print n }' "$trace"/per_cpu/cpu*/stats
}

same_count() {
	saw=$(($(matches 7201 after) - $(matches 7201 before) - 1))
	kernel=$(traced) || return 1
	echo "$saw programs seen, $kernel traced"
	[ "$saw" = "$kernel" ] && [ "$saw" -gt 300 ]
}

# Matches that were read, and those known to be lost, up to the start of the third weirctl status,
# which is what its counters say; nothing as long as that was not read.
read_until_last() {
	awk '/"kind":"lost"/ && match($0, /"lost":[0-9]+/) { n += substr($0, RSTART + 7, RLENGTH - 7) }
		/"kind":"match"/ { n++ }
		/"channel":7201/ && /"CommandLine":"weirctl status"/ && ++seen == 3 { print n; exit }' \
		events.jsonl
}

accounted() {
	weirctl status >last
	all=$(($(matches 7200 last) + $(matches 7201 last)))
	got=$(read_until_last)
	while [ -z "$got" ] && [ "$seconds" -gt 0 ]; do
		sleep 1
		seconds=$((seconds - 1))
		got=$(read_until_last)
	done
	echo "$got read or known to be lost, $all matched"
	[ "$got" = "$all" ]
}

unload() {
	kill "$reader"
	weirctl unload 7200 && weirctl unload 7201 && rmdir "$trace"
}

echo "KTAP version 1"
echo "1..11"
claim "the rules are loaded" load
claim "records are read as they come" follow
claim "an independent trace begins" begin
claim "a package is configured" configure
claim "it is compiled" compile
claim "it is installed" install_it
claim "files are packed, searched, summed, edited and moved" traffic
claim "a server answers its clients" network
claim "the trace ends" end
claim "as many programs were seen as the kernel traced" same_count
claim "each match was read, or is known to be lost" accounted
unload >/dev/null
exit $failed
