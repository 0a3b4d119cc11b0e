# SPDX-License-Identifier: GPL-2.0
# What weir.ko is made of, for Kbuild and for the test module that links its own copy.
weir-core := templates text open verify verify_operands verify_programs verify_index verify_wakes \
	verify_samples actions eval explain info trustlist
weir-services := trust trustlist strength der certs types type_make module_api content selftest \
	selfcheck store submit swap life trial breaker breaker_act quarantine evaluate exempt records \
	record_write decision trace
weir-capture := capture capture_cause capture_task capture_value capture_withhold hooks hooks_arm \
	names procs procs_fill exec exec_args exec_fields file_fields file_hooks file_proof \
	net_fields net_hooks net_proof ipc_fields ipc_hooks ipc_proof activity_fields \
	activity_hooks activity_proof
weir-front := main device control control_exempt control_info control_store replay

# KASAN keeps red zones around the structs that the interpreter hands on, on stacks made for that.
CFLAGS_interpreter/eval.o := $(if $(CONFIG_KASAN),-Wframe-larger-than=4096)
