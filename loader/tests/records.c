// SPDX-License-Identifier: GPL-2.0
/*
 * records text|json < BYTES: what read() of the device gives, as weirctl events prints it.
 * records FILE < BYTES: the profile that weirctl profile makes of it.
 */
#include <string.h>
#include <unistd.h>

#include "events_out.h"
#include "record_profile.h"

int main(int argc, char **argv)
{
	static uint8_t buf[0x40000] __attribute__((aligned(8)));
	const uint8_t *p = buf;
	struct weir_record_profile profile = { .type = 0 };
	struct weir_record rec;
	struct weir_refusal r;
	struct weir_types ts;
	ssize_t n = read(STDIN_FILENO, buf, sizeof(buf));
	int got;

	if (argc != 2 || n < 0 || weir_types_open(NULL, &ts))
		return 2;
	weir_json = !strcmp(argv[1], "json");
	while ((got = weir_record_next(&p, buf + n, &rec, &r)) > 0) {
		if (strcmp(argv[1], "text") && !weir_json)
			weir_record_count(&profile, &ts, &rec);
		else if (weir_json)
			weir_put_json_line(weir_record_json(&rec, &ts));
		else
			weir_record_text(&rec, &ts);
	}
	if (strcmp(argv[1], "text") && !weir_json && !got)
		got = weir_profile_save(&profile.profile, argv[1]);
	weir_profile_free(&profile.profile);
	weir_types_close(&ts);
	return got < 0 ? weir_refused_by(&r) : got;
}
