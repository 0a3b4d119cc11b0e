# SPDX-License-Identifier: GPL-2.0
"""Sigma rules that people wrote: Template Types that have their fields, and events that match them."""
import glob
import json
import os
import random
import subprocess
import sys

import yaml

import traffic

PLANTED = 10  # one event in so many is made to match


def read_rules(folder):
    """All rules of a folder that have a detection."""
    docs = []
    for path in sorted(glob.glob(os.path.join(folder, "**", "*.yml"), recursive=True)):
        with open(path, encoding="utf-8") as f:
            docs += [d for d in yaml.safe_load_all(f) if isinstance(d, dict) and "detection" in d]
    return docs


def maps_of(detection):
    """The maps of each selection, by its name."""
    out = {}
    for name, d in detection.items():
        if name != "condition":
            out[name] = [m for m in (d if isinstance(d, list) else [d]) if isinstance(m, dict)]
    return out


def write_schema(path, docs, weirc):
    """The built-in types, and in each of them what the rules of its category read besides, as strings."""
    schema = json.loads(subprocess.run([weirc, "schema"], capture_output=True, check=True).stdout)
    for t in schema["types"]:
        known = {f["name"] for f in t["fields"]}
        more = {key.split("|")[0] for d in docs if d["logsource"].get("category") == t["name"]
                for maps in maps_of(d["detection"]).values() for m in maps for key in m}
        t["fields"] += [{"name": n, "kind": "string"} for n in sorted(more - known - {""})]
    with open(path, "w", encoding="utf-8") as f:
        json.dump(schema, f)
    return {t["name"]: {f["name"]: f["kind"] for f in t["fields"]} for t in schema["types"]}


def windows(event):
    """An event of Linux as one of Windows, whose rules ask for its paths."""
    f = event["fields"]
    for name in ("Image", "ParentImage", "CurrentDirectory"):
        if name in f:
            f[name] = "C:" + f[name].replace("/", "\\") + (".exe" if name.endswith("Image") else "")


def grant(fields, key, values):
    """Make one item of a map hold, if a text can do that."""
    name, *mods = key.split("|")
    values = values if isinstance(values, list) else [values]
    if set(mods) - {"contains", "startswith", "endswith", "all", "windash", "cased"}:
        return
    for v in values if "all" in mods else values[:1]:
        v, have = str(v).replace("*", "").replace("?", "x"), fields.get(name, "")
        if "contains" in mods:
            fields[name] = "%s %s" % (have, v)
        elif "startswith" in mods:
            fields[name] = v + have
        else:
            fields[name] = have + v if "endswith" in mods else v


def plant(event, doc, types):
    """Have every selection hold that the condition does not seem to exclude."""
    fields = event["fields"]
    for name, maps in maps_of(doc["detection"]).items():
        if maps and not name.startswith(("filter", "exclu", "not")):
            # What begins or ends a value goes to its place last.
            for key, values in sorted(maps[0].items(), key=lambda i: "contains" not in i[0]):
                if types[event["type"]].get(key.split("|")[0]) == "string":
                    grant(fields, key, values)


def prepare(folder, rules, weirc):
    """Write the folder's schema.json, and make its events those of the rules' system."""
    docs = read_rules(rules)
    types = write_schema(os.path.join(folder, "schema.json"), docs, weirc)
    usable = [d for d in docs if d["logsource"].get("category") in types]
    if not usable:
        sys.exit("match: RULES=%s holds no Sigma rules of a category that is a Template Type" % rules)
    rng = random.Random("planted")
    for name in ("events.jsonl", "training.jsonl"):
        path = os.path.join(folder, name)
        with open(path, encoding="utf-8") as f:
            events = [json.loads(line) for line in f]
        for e in events:
            doc = rng.choice(usable)
            if doc["logsource"].get("product") == "windows":
                windows(e)
            if name == "events.jsonl" and rng.randrange(PLANTED) == 0 and \
                    e["type"] == doc["logsource"]["category"]:
                plant(e, doc, types)
        traffic.write_events(path, events)
