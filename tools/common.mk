# SPDX-License-Identifier: GPL-2.0
# What every user-space Makefile shares. Include it with TOP set to the top of the tree.
BUILD ?= $(TOP)/build
CC ?= gcc
WARN := -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes -Wshadow -Wvla -Wwrite-strings
# VARIANT=san builds everything with ASan and UBSan under build/san
ifeq ($(VARIANT),san)
OUT := $(BUILD)/san
SAN := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
else
OUT := $(BUILD)
endif
CFLAGS ?= -O2 -g
override CFLAGS += -std=gnu11 $(WARN) $(SAN) -MMD -MP -iquote $(TOP)/interpreter -iquote $(TOP)/kmod
LDFLAGS += $(SAN)
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
