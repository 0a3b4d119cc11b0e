// SPDX-License-Identifier: GPL-2.0
/* Layer 0 alone, for the prover. */
#include "../bytes.h"
