# SPDX-License-Identifier: GPL-2.0
"""Events of an ordinary machine, events that a rule matches, and events made to be slow."""
import ipaddress
import json
import random

from corpus import Zipf

# Command lines, the most frequent first: {b}inary name, {p}ath, {q} another path, {w}ord, {v} another word,
# {o}ption, {n}umber, {i} include options of a compiler.
COMMANDS = """ps -ef|grep -q {w} {p}|ls -la {p}|cat {p}|sh -c {b} {o} {p} 2>/dev/null|sed -e s/{w}/{v}/g {p}
gcc -std=gnu11 -O2 -g -Wall -Wextra {i}-c -o /srv/build/{w}/{v}.o {v}.c|awk /{w}/{{print $2}} {p}|make -C /srv/{w} {v}
bash -c for f in {p} {q}; do {b} {o} $f; done|/bin/sh {p} {w}|systemctl is-active {w}.service|find /usr/share/{w} -name *.{v} -type f
git rev-parse --show-toplevel|ls {p} {q}|tr -d \\n|sort -u {p}|head -n {n} {p}|python3 -m {w} --{v}={n}|cut -d: -f{n} {p}
/usr/lib/gcc/x86_64-linux-gnu/12/cc1 -quiet {i}{v}.c -quiet -dumpbase {v}.c -mtune=generic -march=x86-64 -O2 -o /tmp/cc{w}.s
as --64 -o /srv/build/{w}.o /tmp/cc{v}.s|git status --porcelain=v2 {o}|dpkg-query -W -f ${{Status}} {w}|rm -f /tmp/{w}.{n} /tmp/{v}.{n}
mkdir -p /srv/{w}/{v}|id -u|uname -r|sleep {n}|date +%s|expr {n} + 1|touch /var/lib/{w}/{v}|test -e {p}|wc -l {p}|env LC_ALL=C {b} {o} {p}
{b} {o} {p}|{b} {o} {o}={w} {p} {q}|{b} {w} {v}|{b} --{w}={p} --{v} {n}|cp -a {p} /srv/{w}/|mv /tmp/{w} {q}|chmod 644 {p}|tar -xzf /srv/{w}-{n}.tar.gz -C /srv/{v}
curl -fsSL -o /tmp/{w}.json https://{w}.example.org/api/v{n}/{v}|apt-get install -y -q --no-install-recommends {w} lib{v}{n}
ssh -o BatchMode=yes {w}@10.0.{n}.{n} systemctl status {v}|rsync -a --delete {p} backup@10.0.0.{n}:/srv/{w}/|journalctl -u {w} -n {n} --no-pager
openssl x509 -noout -enddate -in {p}|python3 {p} --{w} {v} {o}|perl -e print "{w} {v}" {p}|wget -q -O - http://{w}.example.org/{v}
docker run --rm -v /srv/{w}:/data:ro -e MODE={v} registry.example.org/{w}/{v}:{n} {b} {o} --{w}={n} --{v}=/data/{w}.conf
/usr/sbin/{w}d --foreground --config=/etc/{w}/{v}.conf|sudo -u {w} {b} {o} {p}|mount -o remount,ro /srv/{w}|ip -j addr show|ss -tlnp|df -P /srv
java -Xms{n}m -Xmx{n}{n}m -Dlog.level={w} -Dconfig=/opt/{w}/conf/{v}.xml -cp /opt/{w}/lib/{v}-{n}.jar:/opt/{w}/lib/{w}-{n}.{n}.jar org.example.{w}.Main --{v}"""

USERS = [("root", 0)] * 5 + [("anna", 1000)] * 4 + [("www-data", 33), ("_apt", 42), ("postgres", 114),
                                                 ("backup", 34), ("ci", 1001)]
PARENTS = ["/usr/bin/bash", "/usr/bin/dash", "/usr/bin/make", "/usr/bin/python3", "/usr/lib/systemd/systemd",
           "/usr/sbin/cron", "/usr/bin/git", "/usr/sbin/sshd", "/usr/bin/gcc", "/usr/bin/perl",
           "/usr/sbin/nginx", "/usr/bin/dpkg", "/usr/bin/env", "/usr/sbin/apache2"]
TYPES = ["process_creation"] * 85 + ["file_event"] * 9 + ["network_connection"] * 6


class Traffic:
    """Ordinary events."""

    def __init__(self, corpus):
        self.corpus, self.rng = corpus, corpus.rng
        self.commands = Zipf([c for line in COMMANDS.splitlines() for c in line.split("|")], 1.0)
        self.parents = Zipf(PARENTS, 0.9)
        # Machines use few of their files and words again and again.
        self.paths = Zipf(self.rng.sample(corpus.paths, 400), 0.8)
        self.words = Zipf(self.rng.sample(corpus.words, 400), 0.8)

    def command(self):
        """A command line and the program that it runs."""
        c, rng = self.corpus, self.rng
        name = c.binary().rsplit("/", 1)[1]
        includes = "".join("-I/srv/%s/include " % self.words.draw(rng) for _ in range(rng.randint(0, 12)))
        line = self.commands.draw(rng).format(
            b=name, p=self.paths.draw(rng), q=self.paths.draw(rng), w=self.words.draw(rng),
            v=self.words.draw(rng), o=c.option(), n=rng.randint(1, 99), i=includes)
        first = line.split(" ", 1)[0]
        return line, first if first.startswith("/") else "/usr/bin/" + first

    def task(self):
        """Fields that events of all types have."""
        rng = self.rng
        user, uid = rng.choice(USERS)
        line, image = self.command()
        return {"Image": image, "CommandLine": line, "ParentImage": self.parents.draw(rng),
                "ProcessId": rng.randint(300, 99999), "ParentProcessId": rng.randint(1, 99999),
                "User": user, "UserId": uid, "EffectiveUserId": uid, "LogonId": rng.randint(1, 40),
                "CgroupPath": "/system.slice/%s.service" % self.words.draw(rng) if uid < 1000 else
                              "/user.slice/user-%d.slice/session-%d.scope" % (uid, rng.randint(1, 40))}

    def process_creation(self, f):
        """What more there is to know of a process: 21 fields in all, sometimes fewer."""
        rng = self.rng
        f.update({"CurrentDirectory": rng.choice(["/", "/root", "/home/anna", "/srv/" + self.words.draw(rng)]),
                  "ParentCommandLine": self.command()[0], "GroupId": f["UserId"],
                  "TerminalSessionId": rng.choice([0, 0, 1, 2]),
                  "ProcessName": f["Image"].rsplit("/", 1)[1][:15], "PidNamespace": 4026531836,
                  "ImageMode": 0o755, "ImageUserId": 0, "Nice": rng.choice([0, 0, 0, 10]),
                  "ArgumentCount": f["CommandLine"].count(" ") + 1})
        if rng.random() < 0.7:
            f["GrandParentImage"] = self.parents.draw(rng)

    def file_event(self, f):
        """What is done to a file."""
        rng = self.rng
        f.update({"TargetFilename": self.paths.draw(rng) if rng.random() < 0.5 else "/tmp/%s.%d" %
                  (self.words.draw(rng), rng.randint(1, 9999)), "Mode": rng.choice([0o644, 0o600, 0o755]),
                  "Operation": rng.choice(["create", "open", "rename", "unlink"]),
                  "FileUserId": f["UserId"], "TargetDeleted": False})

    def network_connection(self, f):
        """Whom a process talks to."""
        rng = self.rng
        f.update({"Initiated": True, "Protocol": "tcp", "Operation": "connect",
                  "DestinationIp": "10.%d.%d.%d" % (rng.randrange(4), rng.randrange(8), rng.randrange(1, 255)),
                  "DestinationPort": rng.choice([22, 53, 80, 443, 443, 443, 5432, 8080]),
                  "SourceIp": "10.0.0.7", "SourcePort": rng.randint(32768, 60999)})

    def event(self, kind=None):
        """One event."""
        kind = kind or self.rng.choice(TYPES)
        f = self.task()
        getattr(self, kind)(f)
        return {"type": kind, "fields": f}

    def grant(self, fields, item, pattern):
        """Make one item of a rule hold."""
        rng, (field, op, values) = self.rng, item
        v = rng.choice(values)
        if pattern and v == pattern.value:
            fields[field] = "%s %s" % (fields[field], pattern.fits)
        elif op == "endswith":
            fields[field] = "/opt/x" + v
        elif op == "startswith":
            fields[field] = v + "x"
        elif op.startswith("contains"):
            fields[field] = " ".join([fields[field]] + list(values if op.endswith("all") else [v]))
        elif op == "cidr":
            fields[field] = str(ipaddress.ip_network(v)[7])
        else:
            fields[field] = v + {"gt": 1, "lt": -1}[op] if op in ("gt", "lt") else v

    def planted(self, rules):
        """An event that probably matches a rule; of some more rules, if they ask for other fields."""
        e = self.event(rules[0].type)
        for r in reversed([r for r in rules if r.type == e["type"]]):
            # A pattern may ask for the end of the line: last.
            for item in sorted(r.items, key=lambda i: i[1] in ("re", "")):
                self.grant(e["fields"], item, r.pattern)
        return e


def adversarial(seed, traffic, rules, count):
    """Command lines of 4 KiB out of the rules' own literals, whole and cut short."""
    rng = random.Random("%s adversarial" % seed)
    rules = [r for r in rules if r.type == "process_creation"]
    texts, paths = [], ["/usr/bin/sh"]
    for r in rules:
        for field, _, values in r.items + r.filter:
            into = texts if field == "CommandLine" else paths if field.endswith("Image") else None
            if into is not None:
                into += [r.pattern.fits] if r.pattern and r.pattern.value in values else values
    for _ in range(count):
        e = traffic.event("process_creation")
        line = ""
        while len(line) < 4096:
            t = rng.choice(texts or paths)
            line += rng.choice([t, t[:-1], t[1:], t + t[:len(t) // 2]]) + rng.choice(["", " "])
        e["fields"].update({"CommandLine": line[:4096], "Image": rng.choice(paths) + rng.choice(paths),
                            "ParentImage": rng.choice(paths) + rng.choice(paths)})
        yield e


def write_events(path, events):
    """Events as JSON lines."""
    with open(path, "w", encoding="utf-8") as f:
        for e in events:
            f.write(json.dumps(e) + "\n")
