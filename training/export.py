"""Write trained parameters as the shipped weights file, and a vector that inference is tested against.

    export.py MODEL_DIR [--weights ../src/frames/weights.bin] [--vector network_vector.json]

Dense weights become signed bytes with one scale a column, everything else half floats (see ARCHITECTURE.md); the vector is made with the
rounded weights, so it tests the arithmetic, not the rounding.
"""
import argparse
import json
from pathlib import Path

import numpy as np

from model import Shape, logits

HERE = Path(__file__).parent


def load(folder: Path):
    """Shape and parameters that train.py wrote."""
    fields = json.loads((folder / "shape.json").read_text())
    shape = Shape(**{k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()})
    return shape, dict(np.load(folder / "params.npz"))


def packed(params):
    """Header entries, bytes and the values that a reader gets back."""
    tensors, data, rounded = [], b"", {}
    for name, v in params.items():
        v = np.asarray(v, np.float32)
        entry = {"name": name, "shape": list(v.shape)}
        if name.endswith(".weight"):
            scale = np.array([float(f"{s:.5g}") for s in np.maximum(np.abs(v).max(axis=0), 1e-6) / 127])
            q = np.clip(np.round(v / scale), -127, 127).astype(np.int8)
            entry["scale"] = scale.tolist()
            data, rounded[name] = data + q.tobytes(), q.astype(np.float32) * scale.astype(np.float32)
        else:
            h = v.astype("<f2")
            data, rounded[name] = data + h.tobytes(), h.astype(np.float32)
        tensors.append(entry)
    return tensors, data, rounded


def vector(params, shape):
    """Features from integers, so that any language can make them: 331 frames (no whole number of steps) of a wandering hump."""
    frames = 331
    t, b = np.mgrid[0:frames, 0:shape.bands]
    wave = (t * (b % 7 + 3) + b * b) % 97
    x = (wave / 97 * 2 + ((t // 40 + b // 9) % 3) * .5).astype(np.float32)
    padded = np.zeros((-(-frames // 32) * 32, shape.bands), np.float32)
    padded[:frames] = x
    p = 1 / (1 + np.exp(-np.asarray(logits(params, shape, padded), np.float64)))
    return {"frames": frames, "feature": "((t * (b % 7 + 3) + b * b) % 97) / 97 * 2 + ((t / 40 + b / 9) % 3) * 0.5, divisions in the last bracket whole",
            "posteriors": [[round(float(v), 5) for v in row] for row in p[:-(-frames // 4)]]}


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("model", type=Path)
    ap.add_argument("--weights", type=Path, default=HERE.parent / "src/frames/weights.bin")
    ap.add_argument("--vector", type=Path, default=HERE / "network_vector.json")
    a = ap.parse_args()
    shape, params = load(a.model)
    tensors, data, rounded = packed(params)
    header = {"format": "bezet-ear/1", "bands": shape.bands, "fine": shape.fine, "coarse": shape.coarse, "merged": shape.merged, "tensors": tensors}
    a.weights.write_bytes(json.dumps(header, separators=(",", ":")).encode() + b"\n" + data)
    a.vector.write_text(json.dumps(vector(rounded, shape)) + "\n")
    print(f"{a.weights}: {a.weights.stat().st_size} bytes")


if __name__ == "__main__":
    main()
