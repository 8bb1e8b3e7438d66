#!/usr/bin/env bash
# Records the answers of Qdrant's engine again, after a change of record_edge.py or of the driver's defaults.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
fixtures=$here/../../../packages/retriever/src/stores/qdrant/fixtures
venv=$(mktemp -d)
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet qdrant-edge-py==0.9.0
"$venv/bin/python" "$here/record_edge.py" >"$fixtures/qdrant-edge.json"
rm -rf "$venv"
