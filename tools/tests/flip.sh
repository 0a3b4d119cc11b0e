#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Small channel files, one with every operator and one with every probe of the matching index, damaged
# at every place, under sanitizers.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
make -s -C "$here" VARIANT=san
cat >"$work/rule.yml" <<'RULE'
title: Every operator
id: 0b8d1d6c-7c4f-4c25-9b29-2f1a0c4e0291
date: 2024-07-19
level: high
logsource:
    category: network_connection
detection:
    sel:
        Image|endswith: [/Bash, /sh]
        CommandLine|contains: abab
        ParentImage|startswith|cased: /Usr
        User: root
        SourcePort|gt: 1023
        DestinationIp|cidr: [10.0.0.0/8, '2001:db8::/33']
    more:
        CommandLine|re: '^a.*b$'
        Protocol: tcp
        Image|fieldref: ParentImage
        SourceHostname|fieldref|startswith: DestinationHostname
        SourceHostname|fieldref|endswith: User
        CgroupPath|exists: true
    condition: sel or not more
weir:
    action: kill
    samples:
        - event: {Image: /bin/bash, DestinationIp: 10.1.2.3, ProcessId: 7, Initiated: true}
          match: true
RULE
cp "$here/golden/index.yml" "$work/index.yml"
for name in rule index; do
	"${WEIRC:-$top/build/weirc}" compile --version 1 -o "$work/$name.weir" "$work/$name.yml" \
		2>/dev/null
	"$top/build/san/tests/flip_test" "$work/$name.weir"
done
