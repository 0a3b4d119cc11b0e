#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print a schema with one Template Type, all of whose fields are strings: those that Sigma rules name.
# usage: schema-from-rules.sh TYPE FOLDER...
set -eu
type=$1
shift
find "$@" -name '*.yml' -print0 | LC_ALL=C sort -z | xargs -0 cat | awk -v type="$type" '
	/^detection:/ { inside = 1; indent = 0; next }
	/^[^ #]/ { inside = 0 }
	!inside || /^ *(#|$)/ { next }
	{
		match($0, /^ */)
		depth = RLENGTH
		if (!indent)
			indent = depth
		line = substr($0, depth + 1)
		sub(/^- +/, "", line)
		if (depth == indent && line == substr($0, depth + 1))
			next
		if (match(line, /^[A-Za-z_][A-Za-z0-9_.]*(\|[a-z0-9|]+)?:( |$)/)) {
			name = substr(line, 1, RLENGTH)
			sub(/[|:].*/, "", name)
			if (!(name in seen)) {
				seen[name] = 1
				order[++n] = name
			}
		}
	}
	END {
		printf "{\"types\": [{\"name\": \"%s\", \"id\": 1000, \"fields\": [", type
		for (i = 1; i <= n; i++)
			printf("%s\n  {\"name\": \"%s\", \"kind\": \"string\"}", (i > 1 ? "," : ""), order[i])
		printf "\n]}]}\n"
	}'
