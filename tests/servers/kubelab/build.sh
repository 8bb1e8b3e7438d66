#!/usr/bin/env bash
# Builds kubelab into $BINNACLE_TEST_CACHE/kubelab, once for each change of its inputs. The first build takes 10 to 20 minutes.
# Prints the path of the binary. With --check it prints the path only if the binary is there, and else fails.
set -euo pipefail
cd "$(dirname "$0")"
cache=${BINNACLE_TEST_CACHE:-$PWD/../../../.cache/servers}
key=$(cat go.mod go.sum main.go build.sh | sha256sum | cut -c1-16)
binary=$cache/kubelab/kubelab-$key
if [[ ! -x $binary ]]; then
  [[ ${1:-} == --check ]] && exit 1
  mkdir -p "$cache/kubelab"
  exec 8>"$cache/kubelab/.lock"
  flock 8 # two test runs may build at the same moment
  if [[ ! -x $binary ]]; then
    version=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
    GOFLAGS="-buildvcs=false -p=${KUBELAB_BUILD_JOBS:-1}" CGO_ENABLED=0 nice -n 19 go build -trimpath -mod=readonly -o "$binary.tmp" \
      -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=$version" . >&2
    mv "$binary.tmp" "$binary"
    # Older builds are 200 MB each.
    find "$cache/kubelab" -name 'kubelab-*' ! -name "kubelab-$key" -delete
  fi
fi
echo "$binary"
