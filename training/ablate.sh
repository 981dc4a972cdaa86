#!/bin/sh
# The choice of the shape, argued: short trainings, three seeds a shape, all else equal; what is printed goes into the README's table.
#     ablate.sh PYTHON DATA OUT
set -eu
cd "$(dirname "$0")"
PYTHON=$1 DATA=$2 OUT=$3
mkdir -p "$OUT"
run() {
  name=$1; shift
  "$PYTHON" train.py "$DATA" "$OUT/$name" --sets train-f --without fb-music,frozen --dev dev --epochs 4 --batch 8 --frames 3072 --rate 3e-3 --seed "$seed" "$@" > "$OUT/$name-$seed.log"
}
for seed in 1 2 3; do
  run base
  run near --coarse 1
  run bands40 --bands 40
  run narrow --width 32 --wide 64
  run middle --width 48
done
for name in base near bands40 narrow middle; do           # means of the last passes, and how far the seeds lie apart
  echo "$name: $(head -1 "$OUT/$name-1.log" | grep -o '[0-9]* parameters, [0-9]* multiply-adds')"
  for figure in auc_speech auc_music accuracy f1_any_music; do
    tail -qn 1 "$OUT/$name"-[0-9].log | grep -o " $figure [0-9.]*" | awk '{ s += $2; if (!n++ || $2 < low) low = $2; if ($2 > high) high = $2 } END { printf "  %s %.4f, %.4f to %.4f\n", "'$figure'", s / n, low, high }'
  done
done
