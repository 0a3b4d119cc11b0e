#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What an intruder might do, with real programs; and some honest work in between.

# run TEXT: says what it does, does it, and does not mind whether it works.
run() {
	echo "  \$ $*"
	sh -c "$*" >/dev/null 2>&1 </dev/null
}

mkdir -p /var/log
echo x >/var/log/auth.log
echo 'root:*:19000:0:99999:7:::' >/etc/shadow
cp /usr/bin/dash /usr/sbin/nginx

echo "honest work:"
run "ls -l /etc"
run "cat /etc/passwd"
run "chmod 0644 /etc/passwd"
run "echo aGVsbG8K | base64 -d"

echo "an intruder:"
run "/usr/sbin/nginx -c 'sh -c id; true'"
run "echo aWQK | base64 -d | sh"
run "find / -xdev -perm -4000 -type f"
run "cat /etc/shadow"
run "cp /usr/bin/id /tmp/.cache; /tmp/.cache -u; true"
run "chmod 4755 /tmp/.cache"
run "/demo/memfd_run /usr/bin/id"
run "cp /usr/bin/id /run/gone; exec 3</run/gone; rm /run/gone; exec /proc/self/fd/3"
run "useradd -o -u 0 toor"
run "timeout 1 nc -l -p 4444 -e /bin/sh"
run "insmod /tmp/rootkit.ko"
run "mkfifo /tmp/f; echo id >/tmp/f & sh /tmp/f"
nc.openbsd -lU /run/docker.sock >/dev/null &
tries=0
until [ -S /run/docker.sock ] || [ $tries = 50 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
run "echo GET / | nc.openbsd -NU /run/docker.sock"
run "truncate -s 0 /var/log/auth.log"
