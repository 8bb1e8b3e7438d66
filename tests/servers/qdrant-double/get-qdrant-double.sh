#!/usr/bin/env bash
# Puts PyPI's qdrant-client, whose local mode is the engine of the Qdrant double, into $BINNACLE_TEST_CACHE/qdrant-double.
set -euo pipefail
: "${BINNACLE_TEST_CACHE:?is set by prepare.sh}"
version=1.20.0
folder=$BINNACLE_TEST_CACHE/qdrant-double
[[ -f $folder/version && $(<"$folder/version") == "$version" ]] && exit 0
rm -rf "$folder"
mkdir -p "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check "qdrant-client==$version"
echo "$version" >"$folder/version"
