# SPDX-License-Identifier: GPL-2.0
"""Rules that cannot be compiled: each is refused with file, line, rule and reason.

usage: bad.py WEIRC
"""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import taplib

WEIRC = sys.argv[1]
HEAD = """title: Bad rule
id: 11111111-2222-3333-4444-555555555555
date: 2024-01-01
logsource:
    category: %s
detection:
"""


def det(body, kind="process_creation"):
    """A rule with this detection, which begins at line 7."""
    return (HEAD % kind + "".join("    " + line + "\n" for line in body.split("\n"))).encode()


def sel(item, kind="process_creation"):
    """A rule with one selection, whose item stands in line 8."""
    return det("s:\n    " + item + "\ncondition: s", kind)


def cond(text):
    """A rule with this condition, in line 9."""
    return det("s:\n    Image: a\ncondition: " + text)


def whole(**keys):
    """A good rule with some keys changed; None drops one."""
    keys = dict({"title": "Bad rule", "id": "11111111-2222-3333-4444-555555555555",
                 "date": "2024-01-01", "logsource": "{category: process_creation}",
                 "detection": "{s: {Image: a}, condition: s}"}, **keys)
    return "".join("%s: %s\n" % (k, v) for k, v in keys.items() if v is not None).encode()


BOMB = whole() + b"x:\n  a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"  a%d: &a%d [%s]\n" % (i, i, b",".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, 12))

# name, file, line (0: none), part of the message
CASES = [
    ("YAML bomb", BOMB, 12, "100000"),
    ("alias of itself", whole() + b"x: &x [*x]\n", 6, "alias"),
    ("alias of nothing", whole() + b"x: *x\n", 6, "alias"),
    ("nested too deep", whole() + b"x: " + b"[" * 40 + b"]" * 40 + b"\n", 6, "deeper"),
    ("nested far too deep", b"[" * 100000, 1, "deeper"),
    ("file too large", whole() + b"#" * (1 << 20), 0, "limit"),
    ("empty file", b"", 1, "no rule"),
    ("a list", b"- a\n", 1, "not a map"),
    ("not YAML", b"title: 'a\n", 2, "YAML"),
    ("not text", bytes(range(256)), 1, "YAML"),
    ("not UTF-8", b"title: \xff\xfe\n", 1, "YAML"),
    ("a key twice", sel("Image: a\n    Image: b"), 9, "twice"),
    ("NUL in a field's name", sel('"Image\\0x": a'), 8, "NUL"),
    ("NUL in a level", whole(level='"high\\0x"'), 6, "level"),
    ("NUL behind an address", sel('DestinationIp: "10.*\\0x"', "network_connection"), 8, "address"),
    ("merge key", det("a: &a\n    Image: x\ns:\n    <<: *a\ncondition: s"), 10, "merge"),
    ("tag", sel("Image: !!binary aGVsbG8="), 8, "tag"),
    ("no title", whole(title=None), 1, "title"),
    ("empty title", whole(title="''"), 1, "title"),
    ("long title", whole(title="a" * 257), 1, "256"),
    ("no UUID", whole(id="12345"), 2, "UUID"),
    ("wrong level", whole(level="severe"), 6, "level"),
    ("wrong date", whole(date="2024-02-30"), 3, "date"),
    ("no log source", whole(logsource=None), 1, "logsource"),
    ("other product", whole(logsource="{category: process_creation, product: windows}"), 4,
     "windows"),
    ("a service", whole(logsource="{category: process_creation, service: auditd}"), 4, "auditd"),
    ("unknown category", whole(logsource="{category: dns_query}"), 4, "dns_query"),
    ("no category", whole(logsource="{product: linux}"), 4, "category"),
    ("unknown log source key", whole(logsource="{category: process_creation, x: y}"), 4, "\"x\""),
    ("correlation", whole(correlation="{type: event_count}"), 6, "correlation"),
    ("filter", whole(filter="{rules: any}"), 6, "filter"),
    ("collection", whole(action="global"), 6, "action"),
    ("taxonomy", whole(taxonomy="ecs"), 6, "taxonomy"),
    ("no detection", whole(detection=None), 1, "detection"),
    ("no condition", det("s:\n    Image: a"), 7, "condition"),
    ("timeframe", det("s:\n    Image: a\ntimeframe: 5m\ncondition: s"), 9, "timeframe"),
    ("unknown identifier", cond("s and x"), 9, "\"x\""),
    ("open bracket", cond("(s"), 9, "bracket"),
    ("closed bracket", cond("s)"), 9, "\")\""),
    ("aggregation", cond("s | count() > 3"), 9, "aggregation"),
    ("2 of", cond("2 of s*"), 9, "1 of"),
    ("some of", cond("some of s*"), 9, "of"),
    ("of nothing", cond("1 of"), 9, "of"),
    ("no operator", cond("s s"), 9, "expected"),
    ("two operators", cond("s and or s"), 9, "expected"),
    ("empty condition", cond("''"), 9, "expected"),
    ("pattern of nothing", cond("1 of filter*"), 9, "filter*"),
    ("condition too long", cond("s" + " or s" * 600), 9, "1024"),
    ("condition too deep", cond("(" * 70 + "s" + ")" * 70), 9, "64"),
    ("unknown field", sel("Imagee: a"), 8, "Imagee"),
    ("field in other case", sel("image: a"), 8, "image"),
    ("unknown modifier", sel("Image|foo: a"), 8, "foo"),
    ("no modifier", sel("Image|: a"), 8, "modifier"),
    ("modifier of dates", sel("Image|hour: 3"), 8, "date"),
    ("modifier twice", sel("Image|contains|contains: a"), 8, "twice"),
    ("startswith and endswith", sel("Image|startswith|endswith: a"), 8, "together"),
    ("re and contains", sel("CommandLine|contains|re: a"), 8, "together"),
    ("i without re", sel("CommandLine|i: a"), 8, "re"),
    ("i before re", sel("CommandLine|i|re: a"), 8, "behind re"),
    ("bad expression", sel("CommandLine|re: 'a(b'"), 8, "at byte"),
    ("back reference", sel("CommandLine|re: '(a)\\1'"), 8, "back reference"),
    ("look ahead", sel("CommandLine|re: 'a(?=b)'"), 8, "regular expression"),
    ("expression too large", sel("CommandLine|re: '\\\\[^\\\\]{1,256}a.{12}$'"), 8, "too many states"),
    ("base64 of wildcards", sel("CommandLine|base64: 'a*'"), 8, "base64"),
    ("base64offset of too little", sel("CommandLine|base64offset|contains: 'a'"), 8, "short"),
    ("too many variants", sel("CommandLine|windash: ' -a -b -c -d -e -f'"), 8, "4096"),
    ("too many automata", sel("CommandLine|windash: ' -a* -b? -c -d -e'"), 8, "1024"),
    ("placeholder without value", sel("Image|expand: '%foo%'"), 8, "%foo%"),
    ("number in words", sel("ProcessId: abc"), 8, "number"),
    ("number below 0", sel("ProcessId: -1"), 8, "below 0"),
    ("number too large", sel("ProcessId: 18446744073709551616"), 8, "64 bits"),
    ("signed number too large", sel("Nice: 9223372036854775808"), 8, "fit"),
    ("fraction on a number", sel("ProcessId: 1.5"), 8, "number"),
    ("pattern on a number", sel("ProcessId: '1*'"), 8, "number"),
    ("contains on a number", sel("ProcessId|contains: 1"), 8, "u64"),
    ("order of strings", sel("Image|gt: 3"), 8, "string"),
    ("below all numbers", sel("ProcessId|lt: 0"), 8, "never"),
    ("order of booleans", sel("SetId|gt: 0"), 8, "boolean"),
    ("no boolean", sel("SetId: maybe"), 8, "boolean"),
    ("fraction on a string", sel("Image: 1.50"), 8, "quote"),
    ("hexadecimal on a string", sel("Image: 0x10"), 8, "quote"),
    ("yes", sel("Image: yes"), 8, "YAML 1.1"),
    ("leading zero", sel("ImageMode: 0755"), 8, "YAML 1.1"),
    ("cidr on a string", sel("Image|cidr: 10.0.0.0/8"), 8, "ip"),
    ("host bits", sel("DestinationIp|cidr: 10.0.0.1/8", "network_connection"), 8, "network"),
    ("prefix too long", sel("DestinationIp|cidr: 10.0.0.0/33", "network_connection"), 8, "prefix"),
    ("no address", sel("DestinationIp: localhost", "network_connection"), 8, "address"),
    ("network without cidr", sel("DestinationIp: 10.0.0.0/8", "network_connection"), 8, "cidr"),
    ("text of an address", sel("DestinationIp|endswith: '.1'", "network_connection"), 8,
     "address"),
    ("re on an address", sel("DestinationIp|re: '.1'", "network_connection"), 8, "address"),
    ("no such name", sel("Protocol: quic", "network_connection"), 8, "tcp|udp"),
    ("one name of several", sel("Protocol: [tcp, quic]", "network_connection"), 8, "quic"),
    ("exists maybe", sel("Image|exists: 3"), 8, "true or false"),
    ("exists and more", sel("Image|exists|contains: true"), 8, "together"),
    ("fieldref of another kind", sel("Image|fieldref: ProcessId"), 8, "u64"),
    ("fieldref of nothing", sel("Image|fieldref: Foo"), 8, "Foo"),
    ("fieldref and contains", sel("Image|fieldref|contains: ParentImage"), 8, "together"),
    ("contains null", sel("Image|contains: null"), 8, "null"),
    ("keyword null", det("s:\n    - null\ncondition: s"), 8, "null"),
    ("keyword that starts", sel("'|startswith': a"), 8, "keywords"),
    ("empty list", sel("Image: []"), 8, "empty"),
    ("empty map", det("s: {}\ncondition: s"), 7, "empty"),
    ("a map as a value", sel("Image: {a: b}"), 8, "map"),
    ("a list in a list", sel("Image: [[a]]"), 8, "list"),
    ("value too long", sel("Image: " + "a" * 4097), 8, "4096"),
    ("literal too long", sel("Image: " + "a" * 2049), 8, "2048"),
    ("unknown action", whole(weir="{action: shoot}"), 6, "alert, deny, kill"),
    ("unknown key in weir", whole(weir="{acton: deny}"), 6, "acton"),
    ("weir is no map", whole(weir="deny"), 6, "weir"),
    ("sample without match", whole(weir="{samples: [{event: {Image: a}}]}"), 6, "match"),
    ("sample with another key", whole(weir="{samples: [{event: {}, match: true, x: y}]}"), 6, "x"),
    ("sample of an unknown field", whole(weir="{samples: [{event: {Imag: a}, match: true}]}"), 6,
     "Imag"),
    ("sample of the wrong kind", whole(weir="{samples: [{event: {ProcessId: x}, match: true}]}"), 6,
     "ProcessId"),
    ("sample that does not match", whole(weir="{samples: [{event: {Image: b}, match: true}]}"), 6,
     "is to match"),
    ("sample that matches", whole(weir="{samples: [{event: {Image: a}, match: false}]}"), 6,
     "not to match"),
    ("no date to make a version of", whole(date=None), 0, "--version"),
]


def run(folder, *arguments):
    """Exit code, standard output, standard error."""
    done = subprocess.run([WEIRC, "compile", "-o", os.path.join(folder, "out.weir")] +
                          list(arguments), capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def check(folder, name, text, line, part):
    """As text, and as JSON; nothing is written."""
    path = os.path.join(folder, "bad.yml")
    with open(path, "wb") as f:
        f.write(text)
    code, out, err = run(folder, path)
    place = path + (":%d: " % line if line else "")
    good = code == 1 and out == "" and part in err and (place in err or part == "--version")
    code2, out2, err2 = run(folder, "--json", path)
    try:
        error = json.loads(out2)["error"]
    except (ValueError, KeyError):
        error = {}
    good2 = code2 == 1 and err2 == "" and part in json.dumps(error, ensure_ascii=False).replace(
        "\\\"", "\"") and error.get("line", 0) == line
    written = os.listdir(folder) != ["bad.yml"]
    taplib.result("refused: " + name, good and good2 and not written,
                  "%d %d %s %s" % (code, code2, err[:300], out2[:300]))


with tempfile.TemporaryDirectory() as top:
    for case in CASES:
        check(top, *case)
taplib.done()
