#!/usr/bin/env bash
# Audits composed sets, pools them, learns the confidences from them and writes the tables of reports/accuracy/unseen:
#
#     training/accuracy.sh SET...
#
# SET is what `bezet simulate` left behind, composed from voices and music that the network never heard. Run it twice: the
# table that it learns is compiled in, so the second run shows what it is worth.
set -euo pipefail
sets=()
for set in "$@"; do sets+=("$(realpath "$set")"); done
cd "$(dirname "$0")/.."
[ ${#sets[@]} -gt 0 ] || { sed -n 2,8p "$0" >&2; exit 64; }
bezet=${BEZET:-}
if [ -z "$bezet" ]; then
    cargo build --release --locked
    bezet=${CARGO_TARGET_DIR:-target}/release/bezet
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pairs=()
for set in "${sets[@]}"; do
    audit=$work/$(basename "$set")
    "$bezet" audit --project "$set/bezet.toml" --out "$audit" --charts none --lang en
    pairs+=("$set=$audit")
done
python3 training/confidence.py "$work/pool" "${pairs[@]}"
"$bezet" evaluate "$work/pool/truth" "$work/pool/audit" --out reports/accuracy/unseen --lang en \
    --learn-confidence src/metrics/confidence.toml
