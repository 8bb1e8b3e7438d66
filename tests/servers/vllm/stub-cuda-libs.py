# Replaces the libraries for graphics cards that torch links to, for use on a processor only. Writes small libraries with
# the same names and symbols. Every symbol is a function that returns 1, an error. The real libcudart is kept.
#   python stub-cuda-libs.py SITE_PACKAGES OUT_FOLDER      needs gcc, readelf and nm
import collections
import glob
import os
import re
import subprocess
import sys

packages, out = sys.argv[1:3]
os.makedirs(out, exist_ok=True)
prefixes = {
    "libcufile": "cuFile",
    "libcusparseLt": "cusparseLt",
    "libnccl": "p?nccl",
    "libnvshmem_host": "nvshmem",
    "libcurand": "curand",
    "libcuda": "cu[A-Z]",
}


def output(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout


libraries = glob.glob(f"{packages}/torch/lib/*.so*")
present = {os.path.basename(library) for library in libraries}
needed, plain = set(), set()
versioned = collections.defaultdict(lambda: collections.defaultdict(set))  # library, version, names
for library in libraries:
    needed |= set(re.findall(r"NEEDED.*\[(.+?)\]", output("readelf", "-d", library)))
    current, library_of_version = None, {}
    for line in output("readelf", "-V", library).splitlines():
        if match := re.search(r"File: (\S+)\s+Cnt", line):
            current = match[1]
        elif current and (match := re.search(r"Name: (\S+)\s+Flags.*Version: \d+", line)):
            library_of_version[match[1]] = current
    for line in output("nm", "-D", library).splitlines():
        fields = line.split()
        name, _, version = fields[-1].replace("@@", "@").partition("@")
        if fields[-2] not in "Uwv":
            continue
        if version in library_of_version:
            versioned[library_of_version[version]][version].add(name)
        elif not version:
            plain.add(name)

missing = [name for name in needed if name not in present and re.match(r"lib(cu|nv|nccl)", name)]
for library in sorted(name for name in missing if not name.startswith("libcudart")):
    prefix = prefixes.get(library.split(".so")[0])
    names = {name for name in plain if prefix and re.match(prefix, name) and not name.startswith("cuda")}
    groups = versioned.get(library, {})
    symbols = names.union(*groups.values()) if groups else names
    source, script = f"{out}/stub.c", f"{out}/stub.map"
    with open(source, "w") as file:
        file.writelines(f"long {symbol}(void){{return 1;}}\n" for symbol in sorted(symbols))
    with open(script, "w") as file:
        for version, members in groups.items():
            file.write(f"{version} {{ global: {' '.join(name + ';' for name in sorted(members))} }};\n")
    command = ["gcc", "-shared", "-fPIC", "-w", "-o", f"{out}/{library}", source, f"-Wl,-soname,{library}"]
    if groups:
        command.append(f"-Wl,--version-script,{script}")
    subprocess.run(command, check=True, capture_output=True)
    os.remove(source)
    os.remove(script)
