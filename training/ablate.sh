#!/bin/sh
# The choice of the shape, argued: one short training a shape, all else equal; the last line of each log goes into the README's table.
#     ablate.sh PYTHON DATA OUT
set -eu
cd "$(dirname "$0")"
run() {
  name=$1; shift
  "$PYTHON" train.py "$DATA" "$OUT/$name" --sets train-d --dev dev --epochs 4 --batch 8 --frames 3072 --rate 3e-3 "$@" > "$OUT/$name.log"
  echo "$name: $(head -1 "$OUT/$name.log" | cut -d' ' -f13-) | $(tail -1 "$OUT/$name.log")"
}
PYTHON=$1 DATA=$2 OUT=$3
mkdir -p "$OUT"
run base
run near --coarse 1
run bands40 --bands 40
run narrow --width 32 --wide 64
run middle --width 48
