"""Pools composed sets and their audits into one, to learn confidences from.

    confidence.py OUT SET=AUDIT [SET=AUDIT ...]

SET is a folder that was composed (calls.csv, segments.csv), AUDIT an audit of it. OUT receives truth/ and audit/, in which each
set's lines bear its name; then

    bezet evaluate OUT/truth OUT/audit --out OUT/accuracy --learn-confidence src/metrics/confidence.toml
"""

import csv
import sys
from pathlib import Path


def pool(tables, out):
    out.parent.mkdir(parents=True, exist_ok=True)
    with open(out, "w", newline="", encoding="utf-8") as file:
        writer = None
        for name, table in tables:
            for row in csv.DictReader(open(table, newline="", encoding="utf-8")):
                row["file"] = f"{name}_{row['file']}"
                if "line" in row:
                    row["line"] = f"{name}_{row['line']}"
                if writer is None:
                    writer = csv.DictWriter(file, list(row), extrasaction="ignore")
                    writer.writeheader()
                writer.writerow(row)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    out = Path(sys.argv[1])
    sets = [tuple(map(Path, pair.split("=", 1))) for pair in sys.argv[2:]]
    for table in ("calls.csv", "segments.csv"):
        pool([(truth.name, truth / table) for truth, _ in sets], out / "truth" / table)
    for table in ("calls.csv", "segments.csv", "figures.csv"):
        pool([(truth.name, audit / table) for truth, audit in sets], out / "audit" / table)


main()
