# SPDX-License-Identifier: GPL-2.0
"""What Sigma means, case by case: a detection, events that match it, events that do not.

The events become sample events of the rule, so that compiling it runs them in the interpreter; the
second run states the opposite of one of them, and has to fail.
"""
import base64
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import taplib

WEIRC = sys.argv[1]
ID = "6f9c3c1a-0000-4000-8000-%012d"


def b64(text):
    """Base64 of text, as text."""
    return base64.b64encode(text.encode()).decode()


def sel(*lines):
    """A detection with one selection."""
    return ["s:"] + ["    " + line for line in lines] + ["condition: s"]


def image(*values):
    """Events with these images."""
    return [{"Image": v} for v in values]


def line(*values):
    """Events with these command lines."""
    return [{"CommandLine": v} for v in values]


# name, detection, matching, not matching[, arguments][, type]
CASES = [
    ("plain string, whole and without case", sel("Image: /usr/bin/NMAP"),
     image("/usr/bin/nmap", "/USR/bin/Nmap"), image("/usr/bin/nmap2", "x/usr/bin/nmap", "") + [{}]),
    ("cased", sel("Image|cased: /Bin/Ls"), image("/Bin/Ls"), image("/bin/ls", "/Bin/ls")),
    ("only ASCII folds", sel("Image: '\u00c4A'"), image("\u00c4a"), image("\u00e4a")),
    ("star at the end", sel("Image: '/bin/*'"), image("/bin/", "/bin/a"), image("/bi", "x/bin/a")),
    ("star in front", sel("Image: '*/ls'"), image("/ls", "/bin/LS"), image("/lsx", "ls")),
    ("stars around", sel("Image: '*bin*'"), image("bin", "/bin/x"), image("bi", "b in")),
    ("star alone is any value, also the empty one", sel("Image: '*'"), image("", "x"), [{}]),
    ("two stars are one", sel("Image: '**/ls**'"), image("/ls", "a/lsb"), image("ls")),
    ("star inside", sel("Image: '/a*z'"), image("/az", "/abcz", "/A--Z"), image("/a", "/azb")),
    ("question mark is one byte", sel("Image: '/l?'"), image("/ls", "/l?"), image("/l", "/lss")),
    ("question mark with stars", sel("Image: '*l?/*'"), image("ls/", "xxla/yy"), image("l/")),
    ("escaped star", sel("Image: 'a\\*'"), image("a*"), image("ab", "a", "a\\*", "a\\")),
    ("escaped question mark", sel("Image: 'a\\?'"), image("a?"), image("ab", "a\\?")),
    ("escaped backslash and star", sel("Image: 'a\\\\*'"), image("a\\", "a\\b"), image("a*", "ab")),
    ("escaped backslash and escaped star", sel("Image: 'a\\\\\\*'"), image("a\\*"),
     image("a\\", "a\\b", "a*")),
    ("a plain backslash", sel("Image: 'C:\\x'"), image("C:\\x", "c:\\X"), image("C:x", "C:\\\\x")),
    ("two backslashes are one", sel("Image: 'C:\\\\x'"), image("C:\\x"), image("C:\\\\x")),
    ("four backslashes are two", sel("Image: 'C:\\\\\\\\x'"), image("C:\\\\x"), image("C:\\x")),
    ("a backslash at the end", sel("Image|endswith: 'x\\'"), image("x\\", "ax\\"), image("x")),
    ("an escape stays one behind contains", sel("Image|contains: 'a\\*b'"), image("-a*b-"),
     image("axb")),
    ("the empty string", sel("Image: ''"), image(""), image("a") + [{}]),
    ("null is absent", sel("Image: null"), [{}, {"CommandLine": "x"}], image("", "a")),
    ("null by nothing", sel("Image:"), [{}], image("a")),
    ("null in a list", sel("Image:", "    - null", "    - ''", "    - /a"), [{}] + image("", "/a"),
     image("/b")),
    ("exists", sel("Image|exists: true"), image("", "a"), [{}]),
    ("exists not", sel("Image|exists: false"), [{}], image("", "a")),
    ("a list is any of its values", sel("Image:", "    - /a", "    - /b*", "    - '*c'"),
     image("/A", "/bb", "xc"), image("/ab", "cb")),
    ("contains", sel("CommandLine|contains: -Enc"), line("x -enc y", "-ENC"), line("-e nc", "")),
    ("contains, a list", sel("CommandLine|contains:", "    - aab", "    - abab"),
     line("aaab", "xababab"), line("aba", "abba")),
    ("contains with overlaps", sel("CommandLine|contains: aabaaab"), line("aabaabaaab"),
     line("aabaabaab")),
    ("contains of nothing is any value", sel("CommandLine|contains: ''"), line("", "x"), [{}]),
    ("contains all", sel("CommandLine|contains|all:", "    - curl", "    - '-o'"),
     line("curl -o x", "-o curl"), line("curl", "-o")),
    ("all of one value", sel("CommandLine|contains|all: curl"), line("a curl"), line("cur")),
    ("startswith", sel("Image|startswith: /tmp/"), image("/tmp/", "/TMP/x"), image("x/tmp/", "/tmp")),
    ("endswith", sel("Image|endswith: /sh"), image("/sh", "/bin/SH"), image("/sh ", "sh")),
    ("startswith with a star inside", sel("Image|startswith: '/t*p/'"), image("/tmp/x", "/tp/"),
     image("/tmx")),
    ("neq", sel("Image|neq: /bin/ls"), image("/bin/cat", "") + [{}], image("/bin/ls", "/BIN/LS")),
    ("neq of a list is none of it", sel("Image|neq:", "    - /a", "    - /b"), image("/c"),
     image("/a", "/b")),
    ("neq with contains", sel("Image|contains|neq: tmp"), image("/bin/x"), image("/tmp/x")),
    ("a map is all of its items", sel("Image: /a", "CommandLine|contains: x"),
     [{"Image": "/a", "CommandLine": "-x"}], [{"Image": "/a"}, {"CommandLine": "x"}]),
    ("a list of maps is any of them",
     ["s:", "    - Image: /a", "      CommandLine: x", "    - Image: /b", "condition: s"],
     [{"Image": "/a", "CommandLine": "x"}, {"Image": "/b"}], image("/a", "/c")),
    ("keywords are in any string field", ["s:", "    - mimi", "    - 'k?tz'", "condition: s"],
     [{"CommandLine": "a MIMI b"}, {"ParentImage": "/katz"}, {"User": "xmimix"}],
     [{"CommandLine": "mim i"}, {"ProcessId": 7}, {}]),
    ("one keyword", ["s: mimi", "condition: s"], line("xmimix"), line("mim")),
    ("keywords, all", ["s:", "    '|all':", "        - foo", "        - bar", "condition: s"],
     [{"Image": "foo", "CommandLine": "bar"}, {"Image": "foobar"}], image("foo", "bar")),
    ("keywords by regular expression", ["s:", "    '|re': 'ab+c'", "condition: s"],
     line("xabbbcx"), line("xac")),
    ("a number", sel("ProcessId: 7"), [{"ProcessId": 7}, {"ProcessId": "0x7"}],
     [{"ProcessId": 8}, {"Image": "7"}]),
    ("a number in quotes, and hexadecimal", sel("ProcessId:", "    - '17'", "    - 0x20"),
     [{"ProcessId": 17}, {"ProcessId": 32}], [{"ProcessId": 20}]),
    ("numbers by order", sel("ProcessId|gte: 10", "ParentProcessId|lt: 5"),
     [{"ProcessId": 10, "ParentProcessId": 4}],
     [{"ProcessId": 9, "ParentProcessId": 4}, {"ProcessId": 10, "ParentProcessId": 5},
      {"ProcessId": 10}]),
    ("gt and lte", sel("ProcessId|gt: 10", "ParentProcessId|lte: 5"),
     [{"ProcessId": 11, "ParentProcessId": 5}, {"ProcessId": 18446744073709551615,
                                                "ParentProcessId": 0}],
     [{"ProcessId": 10, "ParentProcessId": 5}, {"ProcessId": 11, "ParentProcessId": 6}]),
    ("the largest number", sel("ProcessId: 18446744073709551615"),
     [{"ProcessId": 18446744073709551615}], [{"ProcessId": 9223372036854775807}]),
    ("a signed number", sel("Nice|lt: -5"), [{"Nice": -6}, {"Nice": -9223372036854775808}],
     [{"Nice": -5}, {"Nice": 0}, {"Nice": 6}]),
    ("a signed number equals", sel("Nice:", "    - -1", "    - 3"), [{"Nice": -1}, {"Nice": 3}],
     [{"Nice": 1}, {"Nice": -3}]),
    ("a number of any value", sel("ProcessId: '*'"), [{"ProcessId": 0}], [{}]),
    ("a number that is absent", sel("ProcessId: null"), [{}], [{"ProcessId": 0}]),
    ("a number, neq", sel("ProcessId|neq: 1"), [{"ProcessId": 2}, {}], [{"ProcessId": 1}]),
    ("booleans", sel("SetId: true", "MemfdImage: 'FALSE'"), [{"SetId": True, "MemfdImage": False}],
     [{"SetId": False, "MemfdImage": False}, {"SetId": True}]),
    ("a number on a string field is its text", sel("User: 0"), [{"User": "0"}], [{"User": "00"}]),
    ("a boolean on a string field is its text", sel("User: True"), [{"User": "true"}],
     [{"User": "1"}]),
    ("re is found anywhere, with case", sel("CommandLine|re: 'a[0-9]+b'"), line("xxa12bxx"),
     line("xA12B", "ab")),
    ("re with i", sel("CommandLine|re|i: '^CURL\\s'"), line("curl x", "Curl\tx"), line("xcurl ")),
    ("re with m", sel("CommandLine|re|m: '^b$'"), line("a\nb\nc", "b"), line("ab", "a b")),
    ("re with s", sel("CommandLine|re|s: 'a.b'"), line("a\nb", "a-b"), line("ab")),
    ("re without s", sel("CommandLine|re: 'a.b'"), line("a-b"), line("a\nb")),
    ("re, all", sel("CommandLine|re|all:", "    - 'a+'", "    - '^b'"), line("baa"), line("ab", "b")),
    ("re does not know Sigma's wildcards", sel("CommandLine|re: 'a\\*b'"), line("a*b"), line("axb")),
    ("windash", sel("CommandLine|windash|contains: ' -f'"),
     line("x -f", "x /f", "x \u2013f", "x \u2014F", "x \u2015f"), line("x f", "x +f")),
    ("windash, each of several", sel("CommandLine|contains|windash: ' -a -b'"),
     line("x -a /b", "x /a \u2014b"), line("x -a b")),
    ("windash leaves dashes inside words", sel("CommandLine|windash|contains: ' -a-b'"),
     line("x /a-b"), line("x /a/b")),
    ("windash, the second of two dashes", sel("CommandLine|windash|contains: ' --all'"),
     line("x --all", "x -/all"), line("x /-all")),
    ("windash, all", sel("CommandLine|contains|all|windash:", "    - ' -a'", "    - ' -b'"),
     line("x /a -b", "x -b \u2013a"), line("x /a", "x -b")),
    ("base64", sel("CommandLine|base64|contains: foo bar"), line("x" + b64("foo bar") + "y"),
     line("foo bar")),
    ("base64, cased", sel("CommandLine|base64|contains|cased: foo bar"), line(b64("foo bar")),
     line(b64("foo bar").lower())),
    ("base64offset", sel("CommandLine|base64offset|contains: http://"),
     line(b64("http://x"), b64("1http://x"), b64("12http://x"), b64("12345http://")),
     line(b64("htp://x"), "http://")),
    ("base64offset, each length", sel("CommandLine|base64offset|contains:", "    - foobar1",
                                      "    - foobar22", "    - foobar333"),
     line(*[b64("x" * i + s + "y" * j) for i in range(3) for j in range(3)
            for s in ("foobar1", "foobar22", "foobar333")]), line(b64("foobaz1"))),
    ("wide, base64offset", sel("CommandLine|wide|base64offset|contains: ping"),
     line(base64.b64encode("a ping b".encode("utf-16-le")).decode()), line(b64("a ping b"))),
    ("utf16le of ASCII", sel("CommandLine|utf16le: cmd"), line("c\0m\0d\0"), line("cmd", "\0c\0m\0d")),
    ("utf16be of ASCII", sel("CommandLine|utf16be: cmd"), line("\0c\0m\0d"), line("c\0m\0d\0")),
    ("wide keeps wildcards", sel("CommandLine|wide: 'a*b'"), line("a\0b\0", "a\0xxb\0"), line("ab")),
    ("utf16 through base64", sel("CommandLine|utf16|base64: ab"),
     line(base64.b64encode(b"\xff\xfea\0b\0").decode()), line(b64("ab"))),
    ("fieldref", sel("Image|fieldref: ParentImage"), [{"Image": "/a", "ParentImage": "/A"}],
     [{"Image": "/a", "ParentImage": "/b"}, {"Image": "/a"}, {"ParentImage": "/a"}, {}]),
    ("fieldref, neq", sel("Image|fieldref|neq: ParentImage"),
     [{"Image": "/a", "ParentImage": "/b"}, {"Image": "/a"}],
     [{"Image": "/a", "ParentImage": "/a"}]),
    ("fieldref, cased", sel("Image|fieldref|cased: ParentImage"),
     [{"Image": "/a", "ParentImage": "/a"}], [{"Image": "/a", "ParentImage": "/A"}]),
    ("fieldref, startswith", sel("CommandLine|fieldref|startswith: Image"),
     [{"CommandLine": "/bin/ls -l", "Image": "/bin/ls"}],
     [{"CommandLine": "ls -l", "Image": "/bin/ls"}]),
    ("fieldref, endswith", sel("Image|fieldref|endswith: ProcessName"),
     [{"Image": "/bin/ls", "ProcessName": "ls"}], [{"Image": "/bin/lsx", "ProcessName": "ls"}]),
    ("fieldref of numbers", sel("UserId|fieldref: EffectiveUserId"),
     [{"UserId": 0, "EffectiveUserId": 0}], [{"UserId": 0, "EffectiveUserId": 1}, {"UserId": 0}]),
    ("expand", sel("User|expand: '%admins%'"), [{"User": "root"}, {"User": "adm-x"}],
     [{"User": "%admins%"}, {"User": "guest"}], ["--expand", "admins=root", "--expand",
                                                 "admins=adm-*"]),
    ("expand, escaped, and inside", sel("User|expand: 'a%x%\\%x%b'"), [{"User": "a1%x%b"}],
     [{"User": "a11b"}], ["--expand", "x=1"]),
    ("without expand a percent sign is plain", sel("User: '%x%'"), [{"User": "%x%"}],
     [{"User": "1"}]),
    ("and binds more than or", ["a:", "    Image: /a", "b:", "    CommandLine: b", "c:",
                                "    User: c", "condition: a or b and c"],
     [{"Image": "/a"}, {"CommandLine": "b", "User": "c"}], [{"CommandLine": "b"}, {"User": "c"}]),
    ("brackets", ["a:", "    Image: /a", "b:", "    CommandLine: b", "c:", "    User: c",
                  "condition: (a or b) and c"],
     [{"Image": "/a", "User": "c"}], [{"Image": "/a"}, {"User": "c"}]),
    ("not binds most", ["a:", "    Image: /a", "b:", "    CommandLine: b", "condition: not a and b"],
     [{"CommandLine": "b"}, {"CommandLine": "b", "Image": "/x"}],
     [{"CommandLine": "b", "Image": "/a"}, {}]),
    ("not of brackets", ["a:", "    Image: /a", "b:", "    CommandLine: b",
                         "condition: not (a or not b)"],
     [{"CommandLine": "b"}], [{}, {"CommandLine": "b", "Image": "/a"}]),
    ("not not", ["a:", "    Image: /a", "condition: not not a"], image("/a"), [{}]),
    ("1 of, a pattern", ["sel_a:", "    Image: /a", "sel_b:", "    CommandLine: b", "x:",
                         "    User: c", "condition: 1 of sel_* and not x"],
     [{"Image": "/a"}, {"CommandLine": "b"}], [{"User": "c", "Image": "/a"}, {}]),
    ("all of, a pattern", ["sel_a:", "    Image: /a", "sel_b:", "    CommandLine: b",
                           "condition: all of sel_*"],
     [{"Image": "/a", "CommandLine": "b"}], image("/a")),
    ("any of them, but those with _", ["a:", "    Image: /a", "_b:", "    CommandLine: b",
                                       "condition: any of them"], image("/a"), line("b")),
    ("a pattern is of the whole name", ["sel:", "    Image: /a", "selx:", "    CommandLine: b",
                                        "condition: 1 of sel"], image("/a"), line("b")),
    ("a pattern with a star inside", ["a_x_z:", "    Image: /a", "a_y:", "    CommandLine: b",
                                      "condition: 1 of a*z"], image("/a"), line("b")),
    ("upper case words", ["a:", "    Image: /a", "b:", "    CommandLine: b",
                          "condition: a AND NOT b"], image("/a"), [{"Image": "/a",
                                                                    "CommandLine": "b"}]),
    ("several conditions are alternatives", ["a:", "    Image: /a", "b:", "    CommandLine: b",
                                             "condition:", "    - a", "    - b"],
     [{"Image": "/a"}, {"CommandLine": "b"}], [{}]),
    ("an alias", ["a: &x", "    Image: /a", "b: *x", "condition: a and b"], image("/a"), [{}]),
    ("an address", sel("DestinationIp: 10.1.2.3"), [{"DestinationIp": "10.1.2.3"}],
     [{"DestinationIp": "10.1.2.4"}, {"DestinationIp": "::ffff:10.1.2.3"}, {}], [],
     "network_connection"),
    ("cidr", sel("DestinationIp|cidr:", "    - 10.0.0.0/8", "    - 192.168.4.0/22",
                 "    - 'fe80::/10'", "    - 1.2.3.4"),
     [{"DestinationIp": a} for a in ("10.255.0.1", "192.168.7.255", "febf::1", "1.2.3.4")],
     [{"DestinationIp": a} for a in ("11.0.0.1", "192.168.8.0", "fec0::1", "1.2.3.5")], [],
     "network_connection"),
    ("cidr of everything", sel("DestinationIp|cidr: 0.0.0.0/0"), [{"DestinationIp": "8.8.8.8"}],
     [{"DestinationIp": "::1"}], [], "network_connection"),
    ("not in a network", ["a:", "    DestinationIp|cidr: 127.0.0.0/8", "condition: not a"],
     [{"DestinationIp": "8.8.8.8"}, {}], [{"DestinationIp": "127.9.9.9"}], [],
     "network_connection"),
    ("leading octets", sel("DestinationIp:", "    - '10.*'", "    - '192.168.*'"),
     [{"DestinationIp": "10.9.8.7"}, {"DestinationIp": "192.168.0.1"}],
     [{"DestinationIp": "100.1.1.1"}, {"DestinationIp": "192.169.0.1"}], [], "network_connection"),
    ("leading octets, startswith", sel("DestinationIp|startswith: '172.16.3.'"),
     [{"DestinationIp": "172.16.3.9"}], [{"DestinationIp": "172.16.30.9"}], [],
     "network_connection"),
    ("enum", sel("Protocol: TCP"), [{"Protocol": "tcp"}], [{"Protocol": "udp"}, {}], [],
     "network_connection"),
    ("enum, a pattern", sel("Protocol|endswith: 'P'"),
     [{"Protocol": p} for p in ("tcp", "udp", "icmp", "sctp")],
     [{"Protocol": "raw"}, {"Protocol": "other"}], [], "network_connection"),
    ("enum, re", sel("Protocol|re: '^(tcp|raw)$'"), [{"Protocol": "tcp"}, {"Protocol": "raw"}],
     [{"Protocol": "udp"}], [], "network_connection"),
    ("enum, any", sel("Protocol: '*'"), [{"Protocol": "other"}], [{}], [], "network_connection"),
    ("enum, neq", sel("Protocol|neq: tcp"), [{"Protocol": "udp"}, {}], [{"Protocol": "tcp"}], [],
     "network_connection"),
    ("a boolean as text", sel("Initiated: 'true'"), [{"Initiated": True}], [{"Initiated": False}],
     [], "network_connection"),
]


def rule(number, name, detection, samples, kind):
    """The text of a rule with its samples."""
    text = ["title: " + json.dumps(name), "id: " + ID % number, "date: 2024-01-01", "logsource:",
            "    category: " + kind, "detection:"]
    text += ["    " + line_ for line_ in detection]
    text += ["weir:", "    samples:"]
    for event, match in samples:
        text.append("        - event: " + json.dumps(event))
        text.append("          match: " + ("true" if match else "false"))
    return "\n".join(text) + "\n"


def compile_rule(text, arguments):
    """Exit code and messages."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rule.yml")
        with open(path, "w") as f:
            f.write(text)
        done = subprocess.run([WEIRC, "compile", "-o", os.path.join(folder, "out.weir")] + arguments +
                              [path], capture_output=True, text=True)
        return done.returncode, done.stderr


for number, case in enumerate(CASES):
    name, detection, good, bad = case[:4]
    arguments = case[4] if len(case) > 4 else []
    kind = case[5] if len(case) > 5 else "process_creation"
    samples = [(e, True) for e in good] + [(e, False) for e in bad]
    code, said = compile_rule(rule(number, name, detection, samples, kind), arguments)
    turned = [(e, not m if i == 0 else m) for i, (e, m) in enumerate(samples)]
    code2, said2 = compile_rule(rule(number, name, detection, turned, kind), arguments)
    taplib.result("means: " + name, code == 0 and code2 == 1 and "sample event" in said2,
                  said.strip() or "a wrong sample went unnoticed (%d)" % code2)
taplib.done()
