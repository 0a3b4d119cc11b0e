#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# cost_bench with one rule loaded, of each Template Type and of each kind: /tmp/cost.KIND.TYPE.
set -eu

# Default channels of the types.
for type in 287:process_creation 288:file_event 289:network_connection 290:kernel_activity 291:ipc; do
	channel=${type%%:*}
	type=${type#*:}
	for kind in field path; do
		weirctl load --stage trusted "/content/cost_${kind}_$type.weir"
		/selftests/cost_run.sh "$kind.$type"
	done
	weirctl unload "$channel"
done
