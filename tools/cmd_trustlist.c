// SPDX-License-Identifier: GPL-2.0
/* weirc trustlist: make a trust list, or print one. */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/sha.h>

#include "cmd_trustlist.h"
#include "describe_trust.h"
#include "signing.h"

const char weir_help_trustlist[] =
	"usage: weirc trustlist [--base OLD] [--version N] [ENTRIES] -o OUT\n"
	"       weirc trustlist FILE\n\n"
	"Makes a trust list, to be signed with weirc sign and put in force with weirctl trust: "
	"the\n"
	"entries of OLD, and those given here, each of which may be repeated. With FILE and "
	"nothing\n"
	"else prints what stands in a list. A host takes a list only if nothing of the one before\n"
	"is left out: what is revoked stays revoked.\n\n"
	"  --base OLD          the list that this one follows, signed or not\n"
	"  --version N         its version (default: one above that of OLD, or 1)\n"
	"  --deny FILE         the content of a channel file must not run; or a SHA-256 of "
	"content\n"
	"  --revoke CERT       the key of a certificate must not sign; or the id of a key\n"
	"  --below C:V         of channel C, no version below V may run\n"
	"  --withdraw C:V      of channel C, version V must not run\n"
	"  --signers C:N       channel C needs N distinct signers; C is \"all\" for every channel\n"
	"  --signer C:CERT     of channel C, or of trust lists with \"lists\", only keys so named\n"
	"                      count: of a certificate, or the id of a key\n"
	"  --introduce CERT    the key of a certificate may sign\n"
	"  -o, --output OUT    the file to write; - is standard output\n"
	"  --json              the list as JSON\n";

struct request {
	const char *base;
	const char *out;
	int makes; /* there is an option, so a list is made, not printed */
	struct weir_list_work work;
};

static int is_digest(const char *text, uint8_t *out)
{
	return strlen(text) == 2 * WEIR_DIGEST_SIZE &&
	       strspn(text, "0123456789abcdef") == 2 * WEIR_DIGEST_SIZE && !weir_unhex(text, out);
}

/* A key by its id, or by a certificate of it. */
static int key_id(const char *text, uint8_t *out)
{
	struct weir_refusal r;
	X509 *x;
	int ret;

	if (is_digest(text, out))
		return 0;
	x = weir_read_cert(text);
	if (!x)
		return WEIR_EXIT_FAIL;
	ret = weir_cert_key(x, out, &r) ? weir_loader_refused(text, &r) : 0;
	X509_free(x);
	return ret;
}

static int content_digest(const char *path, uint8_t *out)
{
	struct weir_signed parts;
	struct weir_refusal r;
	struct weir_error err;
	struct weir_view v;
	struct weir_blob f;
	int ret = 0;

	if (is_digest(path, out))
		return 0;
	if (weir_blob_read(path, WEIR_FILE_MAX, &f, &r))
		return weir_loader_refused(path, &r);
	parts.content = f.b;
	parts.ncontent = (uint32_t)f.n;
	if (weir_trailer_present(&f) && weir_trailer_parse(&f, &parts, &r))
		ret = weir_loader_refused(path, &r);
	else if (weir_open(parts.content, parts.ncontent, &v, &err))
		ret = weir_refused(path, &err);
	else
		SHA256(parts.content, parts.ncontent, out);
	weir_blob_free(&f);
	return ret;
}

/* The channel before the colon, @all for 0; and what follows. */
static int split(const char *option, const char *text, const char *all, uint32_t *channel,
		 const char **rest)
{
	size_t n = strcspn(text, ":");
	unsigned long v;
	char *end;

	*rest = text + n + 1;
	if (text[n] && text[n + 1] && all && n == strlen(all) && !strncmp(text, all, n)) {
		*channel = 0;
		return 0;
	}
	errno = 0;
	v = strtoul(text, &end, 10);
	if (errno || !n || end != text + n || !text[n] || !text[n + 1] || !v || v > UINT32_MAX ||
	    text[0] == '-')
		return weir_usage("trustlist",
				  "%s: \"%s\" does not begin with a channel and a colon", option,
				  text);
	*channel = (uint32_t)v;
	return 0;
}

static int number(const char *option, const char *text, uint64_t max, uint64_t *out)
{
	unsigned long long v;
	char *end;

	errno = 0;
	v = strtoull(text, &end, 10);
	if (errno || end == text || *end || !v || v > max || strchr(text, '-'))
		return weir_usage("trustlist", "%s: \"%s\" is no number from 1 to %llu", option,
				  text, (unsigned long long)max);
	*out = v;
	return 0;
}

static int take_numbered(struct weir_list_work *k, const char *option, uint32_t kind,
			 const char *text)
{
	int signers = kind == WEIR_LIST_SIGNERS;
	const char *rest;
	uint32_t channel;
	uint64_t v;

	if (split(option, text, signers ? "all" : NULL, &channel, &rest) ||
	    number(option, rest, signers ? WEIR_KEYS_MAX : UINT64_MAX, &v))
		return WEIR_EXIT_USAGE;
	weir_list_add(k, kind, channel, v, NULL);
	return 0;
}

static int take_signer(struct weir_list_work *k, const char *text)
{
	uint8_t id[WEIR_DIGEST_SIZE];
	const char *rest;
	uint32_t channel;
	int ret;

	if (split("--signer", text, "lists", &channel, &rest))
		return WEIR_EXIT_USAGE;
	ret = key_id(rest, id);
	if (!ret)
		weir_list_add(k, WEIR_LIST_SIGNER, channel, 0, id);
	return ret;
}

static int show(const char *path)
{
	struct weir_refusal r;
	struct weir_list *l;
	json_t *o;

	if (weir_list_open(path, &l, &r))
		return weir_loader_refused(path, &r);
	o = weir_describe_trust(l);
	if (weir_json) {
		json_dumpf(o, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		weir_print_trust(o);
	}
	json_decref(o);
	weir_list_close(l);
	return WEIR_EXIT_OK;
}

static int take(struct request *q, int c)
{
	struct weir_list_work *k = &q->work;
	uint8_t digest[WEIR_DIGEST_SIZE];
	int ret = 0;

	switch (c) {
	case 'd':
	case 'r':
		ret = c == 'd' ? content_digest(optarg, digest) : key_id(optarg, digest);
		if (!ret)
			weir_list_add(k, c == 'd' ? WEIR_LIST_CONTENT : WEIR_LIST_KEY, 0, 0,
				      digest);
		break;
	case 'b':
		ret = take_numbered(k, "--below", WEIR_LIST_BELOW, optarg);
		break;
	case 'w':
		ret = take_numbered(k, "--withdraw", WEIR_LIST_VERSION, optarg);
		break;
	case 's':
		ret = take_numbered(k, "--signers", WEIR_LIST_SIGNERS, optarg);
		break;
	case 'k':
		ret = take_signer(k, optarg);
		break;
	case 'i':
		ret = weir_list_introduce(k, optarg);
		break;
	case 'v':
		ret = number("--version", optarg, UINT64_MAX, &k->version);
		break;
	case 'B':
		q->base = optarg;
		break;
	case 'o':
		q->out = optarg;
		break;
	}
	return ret;
}

static int parse(struct request *q, int argc, char **argv)
{
	static const struct option options[] = { { "base", required_argument, NULL, 'B' },
						 { "version", required_argument, NULL, 'v' },
						 { "deny", required_argument, NULL, 'd' },
						 { "revoke", required_argument, NULL, 'r' },
						 { "below", required_argument, NULL, 'b' },
						 { "withdraw", required_argument, NULL, 'w' },
						 { "signers", required_argument, NULL, 's' },
						 { "signer", required_argument, NULL, 'k' },
						 { "introduce", required_argument, NULL, 'i' },
						 { "output", required_argument, NULL, 'o' },
						 { "json", no_argument, NULL, 'j' },
						 { NULL, 0, NULL, 0 } };
	int c, ret = 0;

	opterr = 0;
	while (!ret && (c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		if (c == '?')
			return weir_usage("trustlist", "unknown or incomplete option %s",
					  argv[optind - 1]);
		ret = take(q, c);
		q->makes |= c != 'j';
	}
	return ret;
}

static int make(struct request *q)
{
	if (!q->out)
		return weir_usage("trustlist", "-o OUT is missing");
	if (q->base && weir_list_begin(&q->work, q->base))
		return WEIR_EXIT_FAIL;
	if (!q->work.version)
		q->work.version = 1;
	return weir_list_write(&q->work, q->out);
}

static int run(struct request *q, int argc, char **argv)
{
	int ret = parse(q, argc, argv);

	if (ret)
		return ret;
	if (q->makes && optind != argc)
		return weir_usage("trustlist", "unexpected argument %s", argv[optind]);
	if (!q->makes && optind + 1 != argc)
		return weir_usage("trustlist",
				  "what shall be in the list, or which FILE is printed?");
	if (!q->makes)
		return show(argv[optind]);
	ret = make(q);
	/* What was written to standard output is the list itself. */
	return ret || !weir_json || !strcmp(q->out, "-") ? ret : show(q->out);
}

int weir_cmd_trustlist(int argc, char **argv)
{
	struct request q = { .base = NULL };
	int ret = run(&q, argc, argv);

	free(q.work.e);
	free(q.work.certs);
	return ret;
}
