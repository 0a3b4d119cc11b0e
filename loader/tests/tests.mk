# SPDX-License-Identifier: GPL-2.0
# The loader's tests: helpers that they need, and check
TESTS := $(filter-out tests/lib.sh,$(sort $(wildcard tests/*.sh)))
HELPERS := $(OUT)/loader/tests/craft $(OUT)/loader/tests/raise $(OUT)/loader/tests/records \
	   $(OUT)/loader/tests/mislead $(OUT)/loader/tests/storectl $(OUT)/loader/tests/disk.so

$(OUT)/loader/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

$(OUT)/loader/tests/craft: $(OUT)/loader/tests/craft.o $(OUT)/libweir.a
	$(CC) $(LDFLAGS) -o $@ $^

$(OUT)/loader/tests/raise: $(OUT)/loader/tests/raise.o $(OUT)/libweirload.a $(OUT)/libweir.a
	$(CC) $(LDFLAGS) -o $@ $^ -lcrypto

$(OUT)/loader/tests/storectl: $(OUT)/loader/tests/storectl.o $(OUT)/libweirload.a $(OUT)/libweir.a
	$(CC) $(LDFLAGS) -o $@ $^ -lcrypto

$(OUT)/loader/tests/mislead: $(OUT)/loader/tests/mislead.o $(OUT)/libweirload.a $(OUT)/libweir.a
	$(CC) $(LDFLAGS) -o $@ $^ -lcrypto

$(OUT)/loader/tests/records: $(OUT)/loader/tests/records.o $(OUT)/loader/ctl/event_text.o \
		$(OUT)/loader/ctl/event_json.o $(OUT)/loader/ctl/output.o \
		$(OUT)/loader/ctl/record_profile.o \
		$(SHARED:%=$(OUT)/loader/tools/%.o) $(OUT)/loader/tools/names.o \
		$(OUT)/libweirload.a $(OUT)/libweir.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# Without the sanitizers: it is loaded into a program that may or may not have them.
$(OUT)/loader/tests/disk.so: tests/disk.c
	@mkdir -p $(@D)
	$(CC) $(filter-out $(SAN),$(CFLAGS)) -fvisibility=default -shared -fPIC -o $@ $<

$(OUT)/weirc: FORCE
	$(MAKE) -C $(TOP)/tools $@

check: $(OUT)/weirctl $(OUT)/weirc $(HELPERS)
	@test -n "$(TESTS)" || { echo "no tests found" >&2; exit 1; }
	@failed=0; for t in $(TESTS); do \
		BIN=$(abspath $(OUT)) sh $$t || { echo "FAILED: loader/$$t"; failed=1; }; \
	done; exit $$failed
