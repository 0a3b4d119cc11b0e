# SPDX-License-Identifier: GPL-2.0
"""Random rules, one a file, as seeds: seeds.py WEIRC FOLDER"""
import json
import os
import random
import subprocess
import sys

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests"))
import rulegen  # noqa: E402


def main():
    weirc, folder = sys.argv[1:]
    schema = json.loads(subprocess.run([weirc, "schema"], capture_output=True, check=True).stdout)
    gen = rulegen.RuleGen(random.Random(291), schema["types"])
    for i in range(120):
        doc = gen.rule(i)
        with open(os.path.join(folder, "random%03d.yml" % i), "w", encoding="utf-8") as f:
            yaml.safe_dump(doc, f, allow_unicode=True, sort_keys=False)


main()
