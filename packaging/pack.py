#!/usr/bin/env python3
"""Packs a built program: packaging/pack.py [--fast] TARGET PROGRAM DOCS OUT KIND...

TARGET   a name in packaging/targets, or `any` for what is the same everywhere (PROGRAM and DOCS are then ignored)
PROGRAM  the program, built for TARGET
DOCS     a folder with `man/*.1` and `completions/`
OUT      an existing folder; files of the same name are replaced
--fast   compresses little, for tests
KIND     archive, wheel, npm or deb; those that TARGET has no use for are passed over

Prints the path of each package. Packages made from the same files are the same, byte for byte, if SOURCE_DATE_EPOCH is.
`packaging/pack.py --matrix` prints the targets as the release workflow wants them.
"""

import base64
import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CRATE = tomllib.loads((ROOT / "Cargo.toml").read_text("utf-8"))["package"]
VERSION = CRATE["version"]
LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"]
COLUMNS = ["name", "triple", "wheel", "os", "cpu", "libc", "deb", "vscode", "runner"]
FAST = "--fast" in sys.argv
LEVEL = 1 if FAST else 9
# Zip files know no time before 1980.
WHEN = max(int(os.environ.get("SOURCE_DATE_EPOCH", 0)), 315_619_200)


def targets():
    lines = (ROOT / "packaging/targets").read_text("utf-8").splitlines()
    return [dict(zip(COLUMNS, line.split(), strict=True)) for line in lines if line and not line.startswith("#")]


def readme():
    """README.md with links that lead somewhere from a registry's page too."""
    text = (ROOT / "README.md").read_text("utf-8")
    base = f"{CRATE['repository']}/blob/v{VERSION}/"
    text = re.sub(r"(!\[[^\]]*\]\()(?![a-z]+:|#)", rf"\1{base.replace('/blob/', '/raw/')}", text)
    return re.sub(r"((?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\()(?![a-z]+:|#)", rf"\1{base}", text)


class Program:
    def __init__(self, path, target):
        self.bytes = Path(path).read_bytes()
        self.name = "glossator.exe" if target["os"] == "win32" else "glossator"

    def glibc(self):
        """The oldest glibc that has every symbol version the program asks for."""
        versions = [(int(a), int(b)) for a, b in re.findall(rb"\0GLIBC_(\d+)\.(\d+)(?=[.\d]*\0)", self.bytes)]
        return max(versions, default=(2, 17))

    def needs(self, library):
        return b"\0" + library + b"\0" in self.bytes


def tar(path, files):
    """Writes `files`, triples of name, bytes and mode."""
    with gzip.GzipFile(path, "wb", LEVEL, mtime=WHEN) as zipped, tarfile.open(fileobj=zipped, mode="w") as archive:
        for name, data, mode in files:
            info = tarfile.TarInfo(name)
            info.size, info.mode, info.mtime = len(data), mode, WHEN
            archive.addfile(info, io.BytesIO(data))


def zip_file(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, data, mode in files:
            info = zipfile.ZipInfo(name, time.gmtime(WHEN)[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, for the mode
            info.external_attr = (0o100000 | mode) << 16
            archive.writestr(info, data)


def licences(below=""):
    return [(below + name, (ROOT / name).read_bytes(), 0o644) for name in LICENCES]


def archive(target, program, docs, out):
    """For people without a package manager, and for `cargo binstall`."""
    name = f"glossator-{VERSION}-{target['triple']}"
    files = [(f"{name}/{program.name}", program.bytes, 0o755)]
    files += licences(f"{name}/")
    files += [(f"{name}/{one}", (ROOT / one).read_bytes(), 0o644) for one in ["README.md", "CHANGELOG.md"]]
    for path in sorted(docs.rglob("*")):
        if path.is_file():
            files.append((f"{name}/{path.relative_to(docs).as_posix()}", path.read_bytes(), 0o644))
    windows = target["os"] == "win32"
    path = out / (name + (".zip" if windows else ".tar.gz"))
    (zip_file if windows else tar)(path, files)
    return path


def wheel(target, program, _docs, out):
    """For `pip install`, `pipx` and `uvx`: a wheel may contain a program as a script."""
    tag = target["wheel"].replace("GLIBC", "{}_{}".format(*program.glibc()))
    info = f"glossator-{VERSION}.dist-info"
    metadata = [
        "Metadata-Version: 2.4",
        "Name: glossator",
        f"Version: {VERSION}",
        f"Summary: {CRATE['description']}",
        f"Keywords: {','.join(CRATE['keywords'])}",
        f"License-Expression: {CRATE['license']}",
        *(f"License-File: {name}" for name in LICENCES),
        "Classifier: Environment :: Console",
        "Classifier: Programming Language :: Rust",
        "Classifier: Topic :: Text Editors",
        f"Project-URL: Source, {CRATE['repository']}",
        f"Project-URL: Changelog, {CRATE['repository']}/blob/v{VERSION}/CHANGELOG.md",
        "Requires-Python: >=3.8",
        "Description-Content-Type: text/markdown",
        "",
        readme(),
    ]
    about = ["Wheel-Version: 1.0", "Generator: glossator packaging/pack.py", "Root-Is-Purelib: false"]
    files = [
        (f"glossator-{VERSION}.data/scripts/{program.name}", program.bytes, 0o755),
        (f"{info}/METADATA", "\n".join(metadata).encode(), 0o644),
        (f"{info}/WHEEL", ("\n".join([*about, f"Tag: py3-none-{tag}"]) + "\n").encode(), 0o644),
        *licences(f"{info}/licenses/"),
    ]
    record = ""
    for name, data, _ in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(data)}\n"
    files.append((f"{info}/RECORD", f"{record}{info}/RECORD,,\n".encode(), 0o644))
    path = out / f"glossator-{VERSION}-py3-none-{tag}.whl"
    zip_file(path, files)
    return path


def manifest(name, **more):
    fixed = {
        "name": name,
        "version": VERSION,
        "description": CRATE["description"],
        "license": CRATE["license"],
        "repository": {"type": "git", "url": f"git+{CRATE['repository']}.git"},
        "keywords": CRATE["keywords"],
    }
    return json.dumps(fixed | more, indent=2).encode()


def npm_name(target):
    return f"{target['os']}-{target['cpu']}" + ("-musl" if target["libc"] == "musl" else "")


def npm(target, program, _docs, out):
    """The program for one system; `npm` takes the one whose os, cpu and libc fit."""
    name = npm_name(target)
    fits = {"os": [target["os"]], "cpu": [target["cpu"]]}
    if target["libc"] != "-":
        fits["libc"] = [target["libc"]]
    about = f"The program of [glossator]({CRATE['repository']}) for {name}. Install the package `glossator`.\n"
    path = out / f"npm-glossator-{name}-{VERSION}.tgz"
    tar(path, [
        ("package/package.json", manifest(f"@glossator/{name}", **fits, preferUnplugged=True), 0o644),
        ("package/README.md", about.encode(), 0o644),
        (f"package/bin/{program.name}", program.bytes, 0o755),
        *licences("package/"),
    ])
    return path


def npm_any(out):
    """The small package that people install: it starts the program of the package that fits."""
    programs = {f"@glossator/{npm_name(target)}": VERSION for target in targets()}
    more = {"bin": {"glossator": "bin/glossator.js"}, "engines": {"node": ">=18"}, "optionalDependencies": programs}
    path = out / f"npm-glossator-{VERSION}.tgz"
    tar(path, [
        ("package/package.json", manifest("glossator", **more), 0o644),
        ("package/README.md", readme().encode(), 0o644),
        ("package/bin/glossator.js", (ROOT / "packaging/npm/glossator.js").read_bytes(), 0o755),
        *licences("package/"),
    ])
    return path


def deb(target, program, docs, out):
    share = "usr/share/"
    files = [("usr/bin/glossator", program.bytes, 0o755)]
    for page in sorted((docs / "man").glob("*.1")):
        files.append((f"{share}man/man1/{page.name}.gz", gzip.compress(page.read_bytes(), mtime=WHEN), 0o644))
    for name, place in [
        ("glossator.bash", "bash-completion/completions/glossator"),
        ("_glossator", "zsh/vendor-completions/_glossator"),
        ("glossator.fish", "fish/vendor_completions.d/glossator.fish"),
    ]:
        files.append((share + place, (docs / "completions" / name).read_bytes(), 0o644))
    copyright_ = f"Source: {CRATE['repository']}\nLicense: {CRATE['license']}\n\n"
    copyright_ += (ROOT / "LICENSE-MIT").read_text("utf-8")
    copyright_ += "\nThe Apache License 2.0 is in /usr/share/common-licenses/Apache-2.0.\n"
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    files.append((f"{share}doc/glossator/copyright", copyright_.encode(), 0o644))
    files.append((f"{share}doc/glossator/changelog.gz", gzip.compress(changes, mtime=WHEN), 0o644))
    depends = "libc6 (>= {}.{})".format(*program.glibc())
    if program.needs(b"libgcc_s.so.1"):
        depends += ", libgcc-s1"
    size = sum(len(data) for _, data, _ in files) // 1024
    first, rest = CRATE["description"].split(": ", 1)
    control = f"""\
Package: glossator
Version: {VERSION}
Architecture: {target['deb']}
Maintainer: the Glossator contributors <glossator@users.noreply.github.com>
Installed-Size: {size}
Depends: {depends}
Section: text
Priority: optional
Homepage: {CRATE['repository']}
Description: {first.removeprefix('A ')}
 {rest[0].upper() + rest[1:]}.
"""
    path = out / f"glossator_{VERSION}_{target['deb']}.deb"
    with tempfile.TemporaryDirectory() as stage:
        for name, data, mode in [*files, ("DEBIAN/control", control.encode(), 0o644)]:
            place = Path(stage) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
            place.chmod(mode)
        os.chmod(stage, 0o755)
        environment = os.environ | {"SOURCE_DATE_EPOCH": str(WHEN)}
        light = ["-Zgzip", "-z1"] if FAST else []
        command = ["dpkg-deb", "--root-owner-group", *light, "--build", stage, str(path)]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return path


def main():
    if sys.argv[1:] == ["--matrix"]:
        names = [{"target": one["name"], "runner": one["runner"]} for one in targets()]
        print(json.dumps({"include": names}))
        return
    arguments = [one for one in sys.argv[1:] if one != "--fast"]
    if len(arguments) < 5:
        sys.exit(__doc__)
    name, path, docs, out = arguments[:4]
    makers = {"archive": archive, "wheel": wheel, "npm": npm, "deb": deb}
    for kind in arguments[4:]:
        if kind not in makers:
            sys.exit(f"packaging/pack.py: {kind}: not one of {', '.join(makers)}")
        if name == "any":
            if kind == "npm":
                print(npm_any(Path(out)))
            continue
        found = [one for one in targets() if one["name"] == name]
        if not found:
            sys.exit(f"packaging/pack.py: {name}: not in packaging/targets")
        if kind == "deb" and found[0]["deb"] == "-":
            continue
        print(makers[kind](found[0], Program(path, found[0]), Path(docs), Path(out)))


if __name__ == "__main__":
    main()
