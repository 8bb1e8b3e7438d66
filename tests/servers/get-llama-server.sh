#!/usr/bin/env bash
# Puts llama-server into $BINNACLE_TEST_CACHE/llama-server from Debian's packages, loader and C library included, so
# that the machine's own packages are neither used nor changed. Run by prepare.sh.
#   BINNACLE_TEST_DEBIAN_SUITE   the suite that has llama.cpp (default sid)
#   BINNACLE_TEST_DEBIAN_MIRROR  the archive (default: the first one in this machine's apt sources)
set -euo pipefail
: "${BINNACLE_TEST_CACHE:?is set by prepare.sh}"
target=$BINNACLE_TEST_CACHE/llama-server
binary=$target/bin/llama-server
if [[ -x $binary ]] && "$binary" --version >/dev/null 2>&1; then exit 0; fi

[[ $(uname -m) == x86_64 ]] || { echo "llama-server is prepared for x86-64 only, this is $(uname -m)" >&2; exit 3; }
command -v apt-get >/dev/null || { echo "llama-server comes from Debian packages, but there is no apt-get" >&2; exit 3; }
suite=${BINNACLE_TEST_DEBIAN_SUITE:-sid}
mirror=${BINNACLE_TEST_DEBIAN_MIRROR:-$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null |
  sed -n 's/^URIs: *//p; s/^deb  *\(\[[^]]*\] *\)\?\(http[^ ]*\) .*/\2/p' | head -1 || true)}
[[ $mirror ]] || { echo "no Debian archive in the apt sources; set BINNACLE_TEST_DEBIAN_MIRROR" >&2; exit 3; }

# An apt of its own: other sources, and an empty package status, so that it resolves everything down to libc.
apt=$target/apt
mkdir -p "$apt"/{lists/partial,cache/archives/partial,packages} "$target/bin"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keyring] $mirror $suite main" >"$apt/sources.list"
: >"$apt/status"
options=(-oDir::Etc::sourcelist="$apt/sources.list" -oDir::Etc::sourceparts=/dev/null
  -oDir::State::Lists="$apt/lists" -oDir::State::status="$apt/status" -oDir::Cache="$apt/cache"
  -oAPT::Sandbox::User=root -oAPT::Architecture=amd64 -oAPT::Architectures::=amd64
  -oAcquire::Languages=none -oAcquire::Retries=3
  -oAcquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false)
apt-get -qq "${options[@]}" update >&2

# Package management itself is pulled in by maintainer scripts that never run here.
unneeded='^(debconf|cdebconf|perl|perl-base|dpkg|tar|gcc-[0-9]+-base|libdb|libdebian)'
mapfile -t packages < <(apt-get "${options[@]}" --no-install-recommends -s install llama.cpp-tools 2>/dev/null |
  awk '$1 == "Inst" { print $2 }' | grep -Ev "$unneeded" | sort -u)
((${#packages[@]})) || { echo "$suite has no installable llama.cpp-tools" >&2; exit 3; }
rm -f "$apt"/packages/*
(cd "$apt/packages" && apt-get -qq "${options[@]}" download "${packages[@]}" >&2)
rm -rf "$target/root"
for package in "$apt"/packages/*.deb; do dpkg-deb -x "$package" "$target/root"; done
rm -rf "$apt"

libraries=$target/root/usr/lib/x86_64-linux-gnu
loader=$(find "$target/root" -name ld-linux-x86-64.so.2 | head -1)
start=("$loader" --library-path "$libraries:$libraries/llama:$libraries/ggml" "$target/root/usr/bin/llama-server")

# Started through a foreign loader, ggml does not find its processor-specific library itself: take the best that
# this processor has the instructions for and that really loads.
flags=" $(grep -m1 ^flags /proc/cpuinfo) "
has() { local flag; for flag; do [[ $flags == *" $flag "* ]] || return 1; done; }
backend=
for variant in skylakex:avx512f,avx512bw,avx512vl haswell:avx2,fma,f16c,bmi2 sandybridge:avx sse42:sse4_2 x64:fpu; do
  IFS=, read -ra needed <<<"${variant#*:}"
  has "${needed[@]}" || continue
  candidate=$(find "$libraries" -name "libggml-cpu-${variant%%:*}.so" | head -1)
  if [[ $candidate ]] && GGML_BACKEND_PATH=$candidate "${start[@]}" --version >/dev/null 2>&1; then
    backend=$candidate
    break
  fi
done
[[ $backend ]] || { echo "no ggml processor library under $libraries loads on this machine" >&2; exit 4; }

# Waiting threads that spin make llama-server some 20 times slower where cores are shared.
cat >"$binary" <<WRAPPER
#!/bin/sh
export GGML_BACKEND_PATH="$backend" OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=0
exec ${start[@]@Q} "\$@"
WRAPPER
chmod +x "$binary"
"$binary" --version 2>&1 | grep -i version | head -1 >&2
