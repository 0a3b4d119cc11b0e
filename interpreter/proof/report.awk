# SPDX-License-Identifier: GPL-2.0
# Frama-C's log -> goals proved of goals generated for each function, open goals by name, a total.
# Its exit code is no verdict: a run counts only if the log closes with "Proved goals: N / N" and N is
# at least MIN.
/^\[wp\] \[/ && / Goal typed_/ {
	ok = / : Valid/
	sub(/^.* Goal typed_/, "")
	name = $1
	fn = name
	# what follows the function's name in the name of a goal
	sub(/_(ensures|assigns|requires|terminates|exits|loop_assigns|loop_invariant|loop_variant|call_|assert|check|instance|variant|stmt|disjoint|complete|decreases).*$/, "", fn)
	if (fn ~ /^lemma_/)
		fn = "lemmas"
	if (name in seen)
		next
	seen[name] = 1
	all[fn]++
	if (ok)
		good[fn]++
	else
		open[++nopen] = name
}
/Proved goals:/ {
	split($0, part, /[:\/ ]+/)
	proved = part[4]
	total = part[5]
}
END {
	for (fn in all)
		printf "  %-28s %4d / %d\n", fn, good[fn], all[fn] | "sort"
	close("sort")
	for (i = 1; i <= nopen; i++)
		print "  open: " open[i]
	printf "%s: %d / %d goals proved\n", NAME, proved, total
	exit !(total >= MIN && proved == total && nopen == 0)
}
