# SPDX-License-Identifier: GPL-2.0
# What weir.ko is made of, for Kbuild and for the test module that links its own copy.
weir-core := templates text open verify verify_operands verify_programs verify_samples eval info \
	actions
weir-services := trust strength der certs content selftest selfcheck store submit swap evaluate \
	records record_write trace exempt
weir-capture := capture capture_cause capture_task capture_value capture_withhold hooks names \
	procs exec exec_fields file_fields file_hooks file_proof ipc_fields ipc_hooks ipc_proof \
	net_fields net_hooks net_proof activity_fields activity_hooks activity_proof
weir-front := main device control control_info control_store replay control_exempt procs \
	procs_fill exec exec_args exec_fields ipc_fields ipc_hooks ipc_proof
