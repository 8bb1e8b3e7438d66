#!/usr/bin/env bash
# Puts a Triton Inference Server with its Python backend into $BINNACLE_TEST_CACHE/triton, from the Python package
# nvidia-pytriton. It needs no GPU and no container. Run by prepare.sh.
#   BINNACLE_TEST_PYTHON  a Python 3.8 to 3.13 with a shared libpython (default python3)
set -euo pipefail
: "${BINNACLE_TEST_CACHE:?is set by prepare.sh}"
version=0.7.0 # Triton 2.51
target=$BINNACLE_TEST_CACHE/triton
if [[ -e $target/.ready-$version ]]; then exit 0; fi

[[ $(uname -m) == x86_64 ]] || { echo "Triton is prepared for x86-64 only, this is $(uname -m)" >&2; exit 3; }
python=${BINNACLE_TEST_PYTHON:-python3}
if ! "$python" -m pip --version >/dev/null 2>&1; then
  apt-get -qq update >&2 && apt-get -qq -y install --no-install-recommends python3-pip >&2
fi
number=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
libraries=$("$python" -c 'import sysconfig; print(sysconfig.get_config_var("LIBDIR"))')
shared=libpython$number.so.1.0
[[ -e $libraries/$shared ]] || libraries=/usr/lib/x86_64-linux-gnu
if [[ ! -e $libraries/$shared ]]; then
  apt-get -qq update >&2 && apt-get -qq -y install --no-install-recommends "libpython$number" >&2
fi

rm -rf "$target"
mkdir -p "$target/package"
# Only the binaries are wanted, not the package's own Python interface with its dependencies.
"$python" -m pip download --quiet --disable-pip-version-check --no-deps --dest "$target" "nvidia-pytriton==$version" >&2
"$python" -m zipfile -e "$target"/*.whl "$target/package"
rm -f "$target"/*.whl
server=$target/package/pytriton/tritonserver
# The backend finds modules only in its own folder.
"$python" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
  --target "$server/backends/python" "numpy<2" >&2
chmod +x "$server"/bin/tritonserver "$server"/python_backend_stubs/*/triton_python_backend_stub
# A link, because the stub finds its libraries relative to its own place.
ln -sf "../../python_backend_stubs/$number/triton_python_backend_stub" \
  "$server/backends/python/triton_python_backend_stub"

mkdir -p "$target/bin"
home=$("$python" -c 'import sys; print(sys.base_prefix)')
cat >"$target/bin/tritonserver" <<WRAPPER
#!/bin/sh
export LD_LIBRARY_PATH="$libraries" PYTHONHOME="$home" PYTHONDONTWRITEBYTECODE=1
exec "$server/bin/tritonserver" --backend-directory="$server/backends" "\$@"
WRAPPER
chmod +x "$target/bin/tritonserver"
touch "$target/.ready-$version"
