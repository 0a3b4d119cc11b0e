#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Writes as many rules as a real pack has, each a little different: pack.sh OUTDIR COUNT
set -eu

[ $# = 2 ] || { echo "usage: pack.sh OUTDIR COUNT" >&2; exit 2; }
mkdir -p "$1"
i=0
while [ "$i" -lt "$2" ]; do
	cat >"$1/rule$i.yml" <<RULE
title: Tool number $i called with an argument that it should not get
id: $(printf '5b1d7c52-8a3e-4c0e-9f5f-%012d' "$i")
status: test
date: 2026-11-22
logsource:
    product: linux
    category: process_creation
detection:
    tool:
        Image|endswith:
            - /tool$i
            - /tool$i.sh
            - /busybox
    argument:
        CommandLine|contains:
            - ' --secret-file-$i='
            - ' -s$i '
            - /etc/tool$i/credentials
    parent:
        ParentImage|endswith:
            - /sshd
            - /cron
            - /systemd$i
    user:
        User: service$i
    condition: tool and argument and not (parent or user)
level: medium
RULE
	i=$((i + 1))
done
