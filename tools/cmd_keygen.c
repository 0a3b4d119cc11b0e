// SPDX-License-Identifier: GPL-2.0
/* weirc keygen: a key pair and a certificate for tests. */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "channel.h"
#include "weirc.h"
#include "weirload.h"

const char weir_help_keygen[] =
	"usage: weirc keygen --out DIR [--name NAME] [--days N]\n\n"
	"Makes an RSA key of 3072 bits and a self-signed certificate for tests: weir-test.key "
	"(private,\n"
	"PEM, mode 0600), weir-test.crt (certificate, PEM, for a trust folder) and weir-test.x509 "
	"(the\n"
	"same, DER, for the module's build). The subject says TEST. What is there is not "
	"overwritten.\n\n"
	"  --out DIR    where to; made if missing\n"
	"  --name NAME  common name of the subject (default: weir signing key)\n"
	"  --days N     validity (default: 365)\n"
	"  --json       the file names as JSON\n";

#define ORGANISATION "TEST KEY - NOT FOR PRODUCTION"
#define DAY 86400
/* Guests and boards without a battery have clocks that lag. */
#define BACKDATE (-DAY)

struct request {
	const char *out;
	const char *name;
	long days;
	char *path[3];
};

enum { KEY, CRT, DER };

static const char *const file_names[] = { "weir-test.key", "weir-test.crt", "weir-test.x509" };

static int add_extension(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e;
	X509V3_CTX ctx;
	int ok;

	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ok = e && X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
	return ok;
}

static int set_serial(X509 *x)
{
	BIGNUM *n = BN_new();
	int ok = n && BN_rand(n, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
		 BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x));

	BN_free(n);
	return ok;
}

static int set_name(X509 *x, const char *name)
{
	X509_NAME *n = X509_get_subject_name(x);

	return X509_NAME_add_entry_by_txt(n, "O", MBSTRING_UTF8, (const uint8_t *)ORGANISATION, -1,
					  -1, 0) &&
	       X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_UTF8, (const uint8_t *)name, -1, -1,
					  0) &&
	       X509_set_issuer_name(x, n);
}

static X509 *make_cert(EVP_PKEY *key, const struct request *q)
{
	X509 *x = X509_new();

	if (x && X509_set_version(x, X509_VERSION_3) && set_serial(x) && set_name(x, q->name) &&
	    X509_gmtime_adj(X509_getm_notBefore(x), BACKDATE) &&
	    X509_gmtime_adj(X509_getm_notAfter(x), q->days * DAY) && X509_set_pubkey(x, key) &&
	    add_extension(x, NID_basic_constraints, "critical,CA:FALSE") &&
	    add_extension(x, NID_key_usage, "critical,digitalSignature") &&
	    add_extension(x, NID_ext_key_usage, "codeSigning") &&
	    add_extension(x, NID_subject_key_identifier, "hash") &&
	    add_extension(x, NID_authority_key_identifier, "keyid:always") &&
	    X509_sign(x, key, EVP_sha256()))
		return x;
	X509_free(x);
	return NULL;
}

static int write_bio(BIO *bio, const char *path, unsigned int mode)
{
	const struct weir_where w = { .file = path };
	struct weir_refusal r;
	char *p;
	long n = BIO_get_mem_data(bio, &p);

	if (n <= 0)
		return weir_fail_at(&w, "cannot be encoded");
	if (weir_blob_write(path, p, (size_t)n, mode, 1, &r))
		return weir_fail_at(&w, "%s", r.what);
	return 0;
}

static int write_files(EVP_PKEY *key, X509 *x, const struct request *q)
{
	BIO *bio[3] = { BIO_new(BIO_s_secmem()), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()) };
	int i, ret = WEIR_EXIT_FAIL;

	if (!bio[KEY] || !bio[CRT] || !bio[DER] ||
	    !PEM_write_bio_PrivateKey(bio[KEY], key, NULL, NULL, 0, NULL, NULL) ||
	    !PEM_write_bio_X509(bio[CRT], x) || !i2d_X509_bio(bio[DER], x)) {
		weir_fail("the key cannot be encoded");
		goto out;
	}
	for (i = 0; i < 3; i++)
		if (write_bio(bio[i], q->path[i], i == KEY ? 0600 : 0644))
			goto out;
	ret = 0;
out:
	for (i = 0; i < 3; i++)
		BIO_free(bio[i]);
	return ret;
}

static int make_files(const struct request *q)
{
	EVP_PKEY *key = EVP_RSA_gen(WEIR_RSA_BITS_MIN);
	X509 *x = key ? make_cert(key, q) : NULL;
	int ret;

	if (!x)
		ret = weir_fail("OpenSSL cannot make the key or its certificate; %s",
				"is the name proper UTF-8 of at most 64 characters?");
	else
		ret = write_files(key, x, q);
	X509_free(x);
	EVP_PKEY_free(key);
	return ret;
}

/* All three names must be free before the slow part; the writing refuses again. */
static int name_files(struct request *q)
{
	struct weir_where w = { .file = q->out };
	int i;

	if (mkdir(q->out, 0700) && errno != EEXIST)
		return weir_fail_at(&w, "cannot be made: %s", strerror(errno));
	for (i = 0; i < 3; i++) {
		if (asprintf(&q->path[i], "%s/%s", q->out, file_names[i]) < 0)
			return weir_fail("not enough memory");
		w.file = q->path[i];
		if (!access(q->path[i], F_OK))
			return weir_fail_at(&w, "is there already and is not overwritten; name "
						"another folder with --out");
	}
	return 0;
}

static json_t *path_json(const struct request *q, int i)
{
	return weir_json_bytes(q->path[i], strlen(q->path[i]));
}

static void report(const struct request *q)
{
	if (!weir_json) {
		printf("%s\n%s\n%s\n", q->path[KEY], q->path[CRT], q->path[DER]);
		return;
	}
	json_t *o = json_pack("{s:o, s:o, s:o}", "key", path_json(q, KEY), "cert",
			      path_json(q, CRT), "der", path_json(q, DER));

	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
}

static int parse(int argc, char **argv, struct request *q)
{
	static const struct option options[] = { { "out", required_argument, NULL, 'o' },
						 { "name", required_argument, NULL, 'n' },
						 { "days", required_argument, NULL, 'd' },
						 { "json", no_argument, NULL, 'j' },
						 { NULL, 0, NULL, 0 } };
	char *end;
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'o') {
			q->out = optarg;
		} else if (c == 'n') {
			q->name = optarg;
		} else if (c == 'd') {
			q->days = strtol(optarg, &end, 10);
			if (*end || q->days < 1 || q->days > 36500)
				return weir_usage("keygen",
						  "--days takes a number from 1 to 36500");
		} else if (c != 'j') {
			return weir_usage("keygen", "unknown or incomplete option %s",
					  argv[optind - 1]);
		}
	}
	if (optind < argc)
		return weir_usage("keygen", "unexpected argument %s", argv[optind]);
	if (!q->out)
		return weir_usage("keygen", "--out DIR is missing");
	return 0;
}

int weir_cmd_keygen(int argc, char **argv)
{
	struct request q = { .name = "weir signing key", .days = 365 };
	int i, ret;

	ret = parse(argc, argv, &q);
	if (ret)
		return ret;
	ret = name_files(&q);
	if (!ret)
		ret = make_files(&q);
	if (!ret)
		report(&q);
	for (i = 0; i < 3; i++)
		free(q.path[i]);
	return ret;
}
