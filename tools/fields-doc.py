#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The reference of Template Types, fields and hooks, from the tables that the module is built from.

usage: fields-doc.py [--write]

Prints it, or with --write puts it into Documentation/fields-table.rst. Types and fields come from
interpreter/templates.def, with the comments there for their meaning, hooks from kmod/hooks.def. Ends
with 1, and writes nothing, if a field has no description, a description no field, or one table
names what the other one does not have.
"""
import os
import re
import sys
import textwrap

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OUT = os.path.join(TOP, "Documentation", "fields-table.rst")
WIDTH = 120
CAPTURE = {"CAPTURED": "own", "TASK": "shared", "NONE": "none"}

HEAD = """\
.. SPDX-License-Identifier: GPL-2.0
.. Made by tools/fields-doc.py from interpreter/templates.def and kmod/hooks.def. Change those.

Table of fields
===============

All Template Types with their fields and hooks. What holds for several of them, such as what a path is, what makes an
event and what does not, is in ``fields.rst``.

*Fields* are numbered as in channel files. Their *capture* is *own*, by a function of the type's; *shared*, the same for
all types; or *none*: the field is in the schema but never provided. What is said to be absent makes a criterion on the
field false.

*Hooks* are functions of the kernel. A type is not armed without those that are *needed*; an *optional* one that cannot be
armed is reported and left out, and with it go, if no other hook is left that fills them, the fields named behind it.
Where a hook can *deny*, the function fails with ``EPERM``, and the process can be killed as well; where it can only
*kill*, the operation goes on. *Proved by the module*: on arming, and every ``selfcheck`` seconds after, it makes the hook
fire itself. One that does not is reported, and if it is needed, the type is not armed. *Proved by use*: it counts as seen
when it first fires, which ``weirctl`` makes it do once it is armed.
"""


class Type:
    """A Template Type: its row, its fields, what is said about them, its hooks."""

    def __init__(self, name, number, channel, arity):
        self.name, self.number, self.channel, self.arity = name, number, channel, int(arity)
        self.fields = []  # (name, kind, capture, values)
        self.cannot = ("", "", "")
        self.about, self.said = "", {}
        self.hooks = []  # (function, presence, verdict, proof, fields)


def read(path):
    """A file of the tree."""
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        return f.read()


def rows(text):
    """Macro calls that begin a line: (macro, arguments)."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for m in re.finditer(r"^(WEIR_\w+)\(", text, re.M):
        args, depth, at = [""], 1, m.end()
        while depth:
            c = text[at]
            depth += (c == "(") - (c == ")")
            if c == "," and depth == 1:
                args.append("")
            elif depth:
                args[-1] += c
            at += 1
        yield m.group(1), [" ".join(a.split()) for a in args]


def descriptions(text):
    """Comments with descriptions: (type or None, lead, [(field, text)])."""
    for m in re.finditer(r"^/\*\n((?: \*.*\n)*?) \*/\n(?:WEIR_TYPE\((\w+))?", text, re.M):
        parts = re.split(r"^ \* @(\w+):", m.group(1), flags=re.M)
        if len(parts) == 1:
            continue
        parts[0::2] = [" ".join(re.sub(r"^ \*", "", p, flags=re.M).split()) for p in parts[0::2]]
        yield m.group(2), parts[0], list(zip(parts[1::2], parts[2::2]))


def chosen(mask, values):
    """Names of the values in a mask such as 1u << 2 | 1u << 3."""
    if not re.fullmatch(r"0|1u << \d+( \| 1u << \d+)*", mask):
        sys.exit("templates.def: not understood: " + mask)
    return ", ".join(values.split("|")[int(n)] for n in re.findall(r"<< (\d+)", mask))


def read_types(text, wrong):
    """All types, and what is said of the fields that they share: (lead, {field: text})."""
    types, shared = {}, ("", {})
    for macro, args in rows(text):
        if macro == "WEIR_TYPE":
            types[args[0]] = Type(*args)
        elif macro == "WEIR_FIELD":
            name, kind, capture, values = args[1:]
            types[args[0]].fields.append((name, kind, capture, values.strip('"')))
        elif macro == "WEIR_CANNOT":
            values = {f[0]: f[3] for f in types[args[0]].fields}[args[1]]
            types[args[0]].cannot = (args[1], chosen(args[2], values), chosen(args[3], values))
    for name, lead, said in descriptions(text):
        about = dict(said)
        if len(about) != len(said):
            wrong.append("%s: a field is described twice" % (name or "shared fields"))
        if name:
            types[name].about, types[name].said = lead, about
        else:
            shared = (lead, about)
    return types, shared


def read_hooks(text, types, wrong):
    """Gives the types their hooks."""
    for macro, args in rows(text):
        kind, function, _, _, presence, verdict, proof, mask = args
        fields = re.findall(r"BIT_ULL\(WEIR_%s_(\w+)\)" % kind, mask)
        known = [f[0] for f in types[kind].fields]
        wrong += ["hooks.def: %s has no field %s" % (kind, f) for f in fields if f not in known]
        function += " (from Linux 6.2 on)" if macro == "WEIR_HOOK_6_2" else ""
        types[kind].hooks.append((function, presence, verdict, proof, fields))


def check(types, shared, wrong):
    """Fields and descriptions are about each other."""
    tasks = {f[0] for t in types.values() for f in t.fields if f[2] == "TASK"}
    wrong += ["%s is not described, and types share it" % f for f in sorted(tasks - set(shared))]
    wrong += ["%s is described, and no types share it" % f for f in shared if f not in tasks]
    for t in types.values():
        names = [f[0] for f in t.fields]
        wrong += ["%s.%s is not described" % (t.name, f[0])
                  for f in t.fields if f[2] != "TASK" and not t.said.get(f[0])]
        wrong += ["%s.%s is described and not there" % (t.name, f)
                  for f in t.said if f not in names]
        if len(names) != t.arity:
            wrong.append("%s: arity and fields disagree" % t.name)


def table(head, lines):
    """A simple table; the last column takes what is left of the width."""
    widths = [max(len(str(line[i])) for line in [head] + lines) for i in range(len(head) - 1)]
    left = WIDTH - sum(widths) - len(widths)
    texts = [textwrap.wrap(str(line[-1]), left, break_long_words=False, break_on_hyphens=False)
             for line in lines]
    widths.append(max(len(part) for text in texts + [[head[-1]]] for part in text or [""]))
    rule = " ".join("=" * w for w in widths)
    out = [rule, " ".join("%-*s" % (w, h) for w, h in zip(widths, head)).rstrip(), rule]
    for line, text in zip(lines, texts):
        cells = " ".join("%-*s" % (w, c) for w, c in zip(widths, line[:-1]))
        out.append((cells + " " + (text[0] if text else "")).rstrip())
        out += [" " * (len(cells) + 1) + part for part in text[1:]]
    return "\n".join(out + [rule, ""])


def title(text, line):
    """A heading."""
    return "\n%s\n%s\n\n" % (text, line * len(text))


def types_table(types):
    """All types, a line each."""
    lines = []
    for t in types.values():
        selector, no_deny, no_kill = t.cannot
        what = [selector + " " + v + ": not " + how
                for v, how in ((no_deny, "denied"), (no_kill, "killed")) if v]
        lines.append((t.name, t.number, t.channel, t.arity, "; ".join(what) or "none"))
    return table(("type", "id", "default channel", "fields", "events that cannot be"), lines)


def shared_table(types, shared):
    """The fields that types share."""
    lines = []
    for name, text in shared.items():
        having = [(t.number, f[1]) for t in types.values() for f in t.fields
                  if f[0] == name and f[2] == "TASK"]
        lines.append((name, having[0][1], " ".join(n for n, _ in having), text))
    return table(("field", "kind", "types", "meaning and limits"), lines)


def fields_table(t):
    """The fields of a type."""
    lines = []
    for number, (name, kind, capture, values) in enumerate(t.fields):
        text = t.said.get(name, "")
        if capture == "TASK":
            text = ("See *Shared fields*. " + text).strip()
        if values:
            text += " Values: " + ", ".join("%d %s" % v for v in enumerate(values.split("|"))) + "."
        lines.append((number, name, kind, CAPTURE[capture], text))
    return table(("nr", "field", "kind", "capture", "meaning and limits"), lines)


def hooks_table(t):
    """The hooks of a type."""
    lines = [("security_" + function, presence.lower(), verdict.lower(),
              {"KERNEL": "by the module", "USE": "by use"}[proof], ", ".join(fields) or "none")
             for function, presence, verdict, proof, fields in t.hooks]
    return table(("hook", "presence", "can", "proved", "fields that only such hooks fill"), lines)


def page(types, shared):
    """The whole page."""
    out = HEAD + title("Types", "-") + types_table(types)
    out += title("Shared fields", "-") + textwrap.fill(shared[0], WIDTH) + "\n\n"
    out += shared_table(types, shared[1])
    for t in types.values():
        out += title(t.name, "-") + textwrap.fill(t.about, WIDTH) + "\n\n"
        out += fields_table(t) + "\n" + hooks_table(t)
    return out


def main(args):
    """As the usage says."""
    if args not in ([], ["--write"]):
        sys.exit(__doc__)
    wrong = []
    types, shared = read_types(read("interpreter/templates.def"), wrong)
    check(types, shared[1], wrong)
    read_hooks(read("kmod/hooks.def"), types, wrong)
    if wrong:
        sys.exit("\n".join(wrong))
    text = page(types, shared)
    if not args:
        sys.stdout.write(text)
        return
    with open(OUT, "w", encoding="utf-8") as f:
        f.write(text)


main(sys.argv[1:])
