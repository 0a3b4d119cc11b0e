# SPDX-License-Identifier: GPL-2.0
"""dump, replay, test, explain and bench: output, conversions, errors, exit codes."""
import json
import os
import re
import subprocess
import sys

from taplib import done, result

WEIRC, WORK = sys.argv[1:3]
RULES = """
title: Shell \\e[31m in red
id: 7dcb8b7e-4a0f-4f6c-9d4e-0d3c1a0f0002
date: 2024-07-19
level: high
logsource: {category: process_creation}
detection:
    sel: {Image|endswith: [/bash, /sh]}
    not_me: {User: root}
    condition: sel and not not_me
weir:
    action: deny
    samples:
        - event: {Image: /bin/bash, ProcessId: 7}
          match: true
        - event: {Image: /bin/ls}
          match: false
---
title: Any values
id: 7dcb8b7e-4a0f-4f6c-9d4e-0d3c1a0f0001
date: 2024-07-19
logsource: {category: process_creation}
detection:
    sel:
        - CommandLine|re: 'x{2,3}'
        - ProcessId|gte: 1000
        - Nice: -5
        - DeletedImage: true
        - CommandLine: 'a*b?c'
        - Image|fieldref: ParentImage
    condition: sel
---
title: Network
id: 7dcb8b7e-4a0f-4f6c-9d4e-0d3c1a0f0003
date: 2024-07-19
logsource: {category: network_connection}
detection:
    sel: {DestinationIp|cidr: ['10.0.0.0/8', '2001:db8::/32']}
    p: {Protocol: [tcp, udp], Initiated: true}
    condition: sel or p
"""
SHELL, ANY, NET = ("7dcb8b7e-4a0f-4f6c-9d4e-0d3c1a0f000" + x for x in "213")


def weirc(*args, stdin=b""):
    """Run weirc: (exit code, output, errors)."""
    p = subprocess.run([WEIRC, *args], input=stdin, capture_output=True, check=False, timeout=120)
    return p.returncode, p.stdout.decode(), p.stderr.decode(errors="replace")


def path(name, data=None):
    """A file to work with."""
    p = os.path.join(WORK, name)
    if data is not None:
        with open(p, "wb") as f:
            f.write(data)
    return p


def read(p):
    """All of a file."""
    with open(p, "rb") as f:
        return f.read()


def event(fields, kind="process_creation"):
    """An event as a line."""
    return json.dumps({"type": kind, "fields": fields}).encode() + b"\n"


def replay(content):
    """What replay prints, and that events count from 0 and empty lines do not."""
    lines = event({"Image": "/bin/SH"}) + b"\n  \r\n" + event({"Image": "/bin/sh", "User": "ROOT"}) + \
        event({"DestinationIp": "10.9.8.7"}, "network_connection") + event({}, "ipc") + \
        event({"Image": "/a/bash", "ProcessId": 1000})
    want = [{"event": 0, "matches": [SHELL], "verdict": "deny"},
            {"event": 1, "matches": [], "verdict": "none"},
            {"event": 2, "matches": [NET], "verdict": "alert"},
            {"event": 3, "matches": [], "verdict": "none"},
            {"event": 4, "matches": [ANY, SHELL], "verdict": "deny"}]
    code, out, err = weirc("replay", content, "-", stdin=lines)
    result("replay prints a line for each event",
           code == 0 and [json.loads(x) for x in out.splitlines()] == want, out + err)
    code, out, err = weirc("replay", "-", path("e.jsonl", lines), stdin=read(content))
    result("replay reads the content from standard input",
           code == 0 and [json.loads(x) for x in out.splitlines()] == want, err)
    code, out, err = weirc("replay", content, path("none.jsonl", b""))
    result("replay of no events prints nothing", code == 0 and out == "", err)
    code, out, err = weirc("replay", content, "-", stdin=lines[:-1])
    result("the last line needs no line feed", code == 0 and len(out.splitlines()) == 5, err)


CONVERSIONS = [
    ("process_creation", "ProcessId", "443", 443), ("process_creation", "ProcessId", "0x1bb", 443),
    ("process_creation", "ProcessId", True, 1), ("process_creation", "ProcessId", None, None),
    ("process_creation", "ProcessId", "18446744073709551615", "18446744073709551615"),
    ("process_creation", "ProcessId", -1, "field"), ("process_creation", "ProcessId", "4x", "field"),
    ("process_creation", "ProcessId", "", "field"), ("process_creation", "ProcessId", 1.5, "field"),
    ("process_creation", "ProcessId", "18446744073709551616", "field"),
    ("process_creation", "ProcessId", [1], "field"), ("process_creation", "ProcessId", " 4", "field"),
    ("process_creation", "Nice", -20, -20), ("process_creation", "Nice", "-20", -20),
    ("process_creation", "Nice", "-9223372036854775808", -2**63),
    ("process_creation", "Nice", "9223372036854775808", "field"),
    ("process_creation", "Image", 443, "443"), ("process_creation", "Image", True, "true"),
    ("process_creation", "Image", "a\0b", "a\\x00b"), ("process_creation", "Image", 1.5, "1.5"),
    ("process_creation", "Image", {"a": 1}, "field"), ("process_creation", "Image", "", ""),
    ("process_creation", "Image", "x" * 8192, "x" * 8192),
    ("process_creation", "Image", "x" * 8193, "field"),
    ("process_creation", "DeletedImage", "TRUE", True), ("process_creation", "DeletedImage", 0, False),
    ("process_creation", "DeletedImage", "1", True), ("process_creation", "DeletedImage", 2, "field"),
    ("process_creation", "DeletedImage", "yes", "field"),
    ("network_connection", "Protocol", "TCP", "tcp"), ("network_connection", "Protocol", 1, "field"),
    ("network_connection", "Protocol", "tc", "field"),
    ("network_connection", "Protocol", "tcp|udp", "field"),
    ("network_connection", "DestinationIp", "192.0.2.1", "192.0.2.1"),
    ("network_connection", "DestinationIp", "2001:DB8::0:1", "2001:db8::1"),
    ("network_connection", "DestinationIp", "192.0.2.256", "field"),
    ("network_connection", "DestinationIp", "192.0.2.0/24", "field"),
    ("network_connection", "DestinationIp", 3221225985, "field"),
]


def all_fields_rule():
    """Content that reads every field, so that explain shows every value."""
    _, out, _ = weirc("schema")
    docs = []
    for t in json.loads(out)["types"]:
        items = "".join("        %s|exists: true\n" % f["name"] for f in t["fields"])
        docs.append("title: %s\ndate: 2024-07-19\nlogsource: {category: %s}\ndetection:\n    sel:\n%s"
                    "    condition: sel\n" % (t["name"], t["name"], items))
    out = path("all.weir")
    weirc("compile", "-o", out, path("all.yml", "---\n".join(docs).encode()))
    return out


def conversions():
    """JSON values to kinds, seen through explain."""
    content = all_fields_rule()
    for kind, field, given, want in CONVERSIONS:
        name = "conversion of %s to %s" % (json.dumps(given)[:40], field)
        code, out, err = weirc("explain", "--json", content, "-", stdin=event({field: given}, kind))
        doc = json.loads(out) if out else {}
        if want == "field":
            e = doc.get("error", {})
            result(name + " is an error", code == 1 and e.get("field") == field and
                   "value" in e.get("message", ""), out + err)
            continue
        got = [c["value"] for i in doc.get("instances", []) for c in i["criteria"]
               if c["field"] == field]
        result(name, code == 0 and got == [want] and type(got[0]) is type(want), str(got) + err)


BAD_EVENTS = [
    ("not JSON", b"{\n", "not JSON"), ("no object", b"[]\n", "object"), ("no type", b"{}\n", "type"),
    ("a type with a NUL", b'{"type": "ipc\\u0000", "fields": {}}\n', "type"),
    ("no fields", b'{"type": "ipc"}\n', "fields"), ("an unknown type", event({}, "nope"), "nope"),
    ("an unknown field", event({"Nope": 1}), "Nope"),
    ("an unknown member", b'{"type": "ipc", "fields": {}, "more": 1}\n', "more"),
    ("a key twice", b'{"type": "ipc", "fields": {"Image": "a", "Image": "b"}}\n', "not JSON"),
    ("two on a line", event({})[:-1] + event({}), "not JSON"),
    ("a number that is too big", b'{"type":"ipc","fields":{"ObjectId":99999999999999999999}}\n',
     "not JSON"),
    ("bytes that are no UTF-8", b'{"type":"ipc","fields":{"Image":"\xff"}}\n', "not JSON"),
    ("a very long line", b'{"type":"ipc","fields":{"Image":"' + b"x" * (5 << 20) + b'"}}\n', "line of"),
    ("deep nesting", b'{"type":' + b"[" * 100000 + b"\n", "not JSON"),
]


def bad_events(content):
    """Errors name file, line, event and field."""
    for name, line, text in BAD_EVENTS:
        code, out, err = weirc("replay", content, path("bad.jsonl", event({}) + b"\n" + line))
        good = code == 1 and "bad.jsonl:3" in err and "event 1" in err and text in err
        result("replay refuses " + name, good and len(out.splitlines()) == 1, out + err)
    code, out, err = weirc("replay", "--json", content, path("bad.jsonl", event({"ProcessId": "x"})))
    e = json.loads(out)["error"] if out else {}
    result("errors as JSON", code == 1 and e.get("field") == "ProcessId" and e.get("line") == 1 and
           e.get("file", "").endswith("bad.jsonl") and not err, out + err)
    code, _, err = weirc("replay", content, path("missing.jsonl"))
    result("replay of a missing file", code == 1 and "missing.jsonl" in err, err)


def bad_content(content):
    """Files that are refused, with what is wrong and where."""
    data = read(content)
    big = path("big.weir")
    with open(big, "wb") as f:
        f.write(data)
        f.truncate(1 << 30)
    cases = [("an empty file", path("empty.weir", b""), "header"),
             ("a file of 1 GiB", big, "limit"), ("a folder", WORK, ""),
             ("another magic", path("magic.weir", b"X" + data[1:]), "magic"),
             ("a file cut short", path("cut.weir", data[:-8]), ""),
             ("a trailing byte", path("more.weir", data + b"\0"), ""),
             ("a wrong cost", path("cost.weir", data[:40] + b"\xff" + data[41:]), "cost"),
             ("text", path("text.weir", b"title: x\n" * 200), "magic"),
             ("a trailer that lies", path("lies.weir", data + bytes([0, 0, 2, 0, 0, 0, 0, 0, 0xff, 0, 0,
                                          0]) + b"~Module signature appended~\n"), "signature")]
    for command in ("replay", "dump", "test", "bench", "explain"):
        for name, bad, text in cases:
            args = [bad] if command in ("dump", "test") else [bad, path("e.jsonl")]
            code, out, err = weirc(command, *args)
            result("%s refuses %s" % (command, name), code == 1 and out == "" and err and text in err,
                   "%d %s" % (code, out[:200] + err))
            if command != "replay":
                break
        code, out, _ = weirc(command, "--json", *([cases[3][1]] + ([path("e.jsonl")] if
                             command not in ("dump", "test") else [])))
        result(command + " refuses in JSON", code == 1 and "message" in json.loads(out)["error"], out)


def other_schema(content):
    """Content for one schema is refused by another."""
    _, out, _ = weirc("schema")
    doc = json.loads(out)
    doc["types"][0]["fields"].append({"name": "Extra", "kind": "u64"})
    schema = path("schema.json", json.dumps(doc).encode())
    code, out, err = weirc("replay", "--schema", schema, content, path("e.jsonl"))
    result("content for another arity is refused", code == 1 and "arity" in err, err)
    doc["types"][0]["fields"].pop()
    doc["types"][0]["fields"][0]["name"] = "Renamed"
    schema = path("schema.json", json.dumps(doc).encode())
    code, out, err = weirc("dump", "--schema", schema, content)
    result("content for other fields is refused", code == 1 and "schema" in err, err)


def samples(content):
    """weirc test: good samples, and one that was tampered with."""
    code, out, err = weirc("test", content)
    result("test passes", code == 0 and "2 samples, 0 failed" in out, out + err)
    data = read(content)
    at = data.rindex(b"/bin/bash")
    bad = path("sample.weir", data[:at] + b"/bin/bush" + data[at + 9:])
    code, out, err = weirc("test", "--json", bad)
    doc = json.loads(out) if out else {}
    result("test finds a sample that fails", code == 1 and doc.get("failed") == 1 and
           doc["results"][0] == {"sample": 0, "ok": False, "expect": [SHELL], "matches": []}, out + err)
    code, out, _ = weirc("test", bad)
    result("test says what was expected", code == 1 and "expected " + SHELL in out, out)


def explain(content):
    """weirc explain."""
    e = path("one.json", event({"Image": "/bin/sh", "User": "me", "ProcessId": 5}))
    code, out, err = weirc("explain", "--json", "--id", SHELL.upper(), content, e)
    doc = json.loads(out) if out else {}
    inst = doc.get("instances", [{}])
    held = {c["field"]: (c["held"], c["asked"], c["value"]) for c in inst[0].get("criteria", [])}
    result("explain --id", code == 0 and len(inst) == 1 and inst[0]["matched"] and
           held == {"Image": (True, True, "/bin/sh"), "User": (False, True, "me")}, out + err)
    code, out, err = weirc("explain", content, e)
    result("explain lists all instances of the type", code == 0 and "MATCH    " + SHELL in out and
           "no match " + ANY in out and NET not in out and "event: absent" in out, out + err)
    code, out, err = weirc("explain", "--id", NET, content, e)
    result("explain refuses an id of another type", code == 1 and NET in err, err)
    code, out, err = weirc("explain", content, "-", stdin=event({}, "ipc"))
    result("explain of a type without instances says so", code == 0 and "no instance" in out, out + err)


def dump(content):
    """weirc dump."""
    code, out, err = weirc("dump", content)
    result("dump is fit to be shown", code == 0 and "\x1b" not in out and "\\x1b[31m" in out and
           "unsigned" in out and '"/bash" | "/sh"' in out and "2001:db8::/32" in out, out + err)
    code, out, err = weirc("dump", "--json", content)
    doc = json.loads(out)
    result("dump as JSON", code == 0 and [i["id"] for i in doc["instances"]] == [ANY, SHELL, NET] and
           doc["instances"][1]["action"] == "deny" and len(doc["samples"]) == 2 and
           doc["samples"][0]["expect"] == [SHELL] and doc["signed"] is False and
           doc["content_bytes"] == os.path.getsize(content) and
           {c["op"] for c in doc["criteria"]} >= {"endswith", "matches", "in", "cidr"}, out + err)
    with open("/dev/full", "wb") as full:
        for args in (["dump", content], ["dump", "--json", content], ["test", content],
                     ["replay", content, path("e.jsonl")]):
            p = subprocess.run([WEIRC, *args], stdout=full, stderr=subprocess.PIPE, check=False)
            result("%s to a full device fails" % args[0], p.returncode == 1 and (p.stderr or "--json" in args),
                   str(p))


def index():
    """What dump and explain say of the matching index, of the golden file that has all of it."""
    here = os.path.dirname(os.path.abspath(__file__))
    content = path("index.weir")
    code, out, err = weirc("compile", "--version", "1", "-o", content, os.path.join(here, "golden", "index.yml"))
    result("the golden file with an index compiles", code == 0, out + err)
    doc = json.loads(weirc("dump", "--json", content)[1])
    inst = {i["title"]: i for i in doc["instances"]}
    always = [i["title"] for i in doc["instances"] if i["always"]]
    result("dump says which rules are always asked", always == ["Nothing rare", "A range"] and
           all(bool(i["woken_by"]) != i["always"] for i in inst.values()), str(inst))
    woken = [doc["criteria"][c] for c in inst["A word in both, but not a third"]["woken_by"]]
    result("dump says what wakes a rule", [(c["field"], c["operands"], c["indexed"]) for c in woken] ==
           [("CommandLine", ["abab"], True)], str(woken))
    gates = {t: doc["criteria"][i["gate"]]["field"] for t, i in inst.items() if i["gate"] is not None}
    result("dump says behind which gate a rule is", gates == {"A range behind an image": "DestinationPort",
                                                              "A user's network": "UserId"}, str(gates))
    known = sum(p["operands"] for p in doc["probes"])
    result("dump shows a probe for each operand of the index", {p["where"] for p in doc["probes"]} ==
           {"anywhere", "from the start", "from the end", "number", "network"} and
           known == sum(len(c["operands"]) for c in doc["criteria"] if c["indexed"]), str(doc["probes"]))
    out = weirc("dump", content)[1]
    result("and so does dump as text", "\n    always asked\n" in out and "\n    woken by c" in out and
           re.search(r"\n    woken by c[0-9]+, behind c[0-9]+\n", out) and
           "SourceIp: network, 24 bits of 128; operands 1" in out and "Image: bytes, 4 from the end; " in out, out)
    kind = "network_connection"
    code, out, err = weirc("explain", "--json", content, "-", stdin=event(
        {"Image": "/usr/bin/bash", "User": "svc9"}, kind))
    runs = {i["title"]: (i["runs"], i["matched"]) for i in json.loads(out)["instances"]}
    result("explain says what runs", [t for t, r in runs.items() if r[0]] == always + ["An image", "Any image"] and
           [t for t, r in runs.items() if r[1]] == ["An image", "Any image"], str(runs))
    code, out, err = weirc("explain", content, "-", stdin=event({"Image": "/tmp/bash", "User": "svc9"}, kind))
    result("explain says which criteria held, with an index too", code == 0 and
           "  *w no  Image equals \"/usr/bin/bash\"\n" in out and '"An image" (not woken)\n' in out and
           "     yes Image contains \"bash\"\n" in out and "  *w yes Image startswith \"/tmp/\"\n" in out, out)
    code, out, err = weirc("explain", content, "-", stdin=event(
        {"Image": "/tmp/bash", "DestinationPort": 80}, kind))
    result("explain shows a gate that keeps a rule asleep", '"A range behind an image" (not woken)\n' in out and
           "  *g no  DestinationPort" in out and "   w yes Image startswith" in out, out)


def bench(content):
    """weirc bench."""
    code, out, err = weirc("bench", content, path("e.jsonl"))
    doc = json.loads(out) if out else {}
    result("bench prints its figures", code == 0 and list(doc) == [
        "events", "ns_per_event", "steps_per_event", "max_steps", "scratch_bytes", "content_bytes"] and
        doc["events"] == 5 and 0 < doc["ns_per_event"] < 1e7 and
        0 < doc["steps_per_event"] <= doc["max_steps"] and
        doc["content_bytes"] == os.path.getsize(content), out + err)
    code, out, err = weirc("bench", content, path("none.jsonl"))
    result("bench of no events is an error", code == 1 and "no event" in err, out + err)


def signed(content):
    """A signature is put aside, and named."""
    key, cert = path("weir-test.key"), path("weir-test.crt")
    out = path("signed.weir", read(content))
    code, text, err = weirc("keygen", "--out", WORK)
    if not result("keygen", code == 0, text + err):
        return
    code, text, err = weirc("sign", "--key", key, "--cert", cert, out)
    if not result("sign", code == 0 and len(read(out)) > len(read(content)), text + err):
        return
    plain, with_signature = (weirc("replay", x, path("e.jsonl")) for x in (content, out))
    result("replay of a signed file", plain == with_signature and plain[0] == 0, with_signature[2])
    code, text, err = weirc("dump", out)
    result("dump says that there is a signature", code == 0 and "signed (not checked" in text, err)
    data = read(out)
    code, text, err = weirc("dump", path("damaged.weir", data[:-36] + b"\xff" + data[-35:]))
    result("a damaged trailer is refused", code == 1 and "signature" in err or "trailer" in err, err)


def usage(content):
    """Exit codes of wrong usage and of --help."""
    for command in ("dump", "replay", "test", "explain", "bench"):
        code, out, _ = weirc(command, "--help")
        result(command + " --help", code == 0 and out.startswith("usage: weirc " + command), out)
        code, out, err = weirc(command)
        result(command + " without arguments", code == 2 and not out and "--help" in err, err)
        code, out, err = weirc(command, "--nope", content)
        result(command + " with an unknown option", code == 2 and "--nope" in err, err)
        code, out, err = weirc(command, content, content, content)
        result(command + " with too many arguments", code == 2, err)
        code, out, err = weirc(command, "--json")
        result(command + " --json without arguments", code == 2 and "error" in json.loads(out), err)
    code, _, err = weirc("replay", "-", "-")
    result("standard input can be only one file", code == 2, err)


def main():
    content = path("rules.weir")
    code, _, err = weirc("compile", "-o", content, path("rules.yml", RULES.replace(
        "title: Shell \\e[31m in red", 'title: "Shell \\e[31m in red"').encode()))
    if result("the rules compile", code == 0, err):
        for test in (replay, bad_events, bad_content, other_schema, samples, explain, dump, bench,
                     signed, usage):
            test(content)
        index()
        conversions()
    done()


main()
