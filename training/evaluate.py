"""Figures of a trained network on composed excerpts and on simulated calls.

    evaluate.py MODEL_DIR EARS_DATA SET...          sets of compose.py: the whole, by codec, by the kind of music
    evaluate.py MODEL_DIR --calls CALLS_DIR...      calls of the shared simulate.py, as its score.py counts frames, tones left to others

MODEL_DIR is train.py's; with --rounded the weights are rounded as export.py ships them.  Decisions are the bare threshold of 0.5.
"""
import argparse
import csv
import json
from collections import defaultdict
from pathlib import Path

import jax
import numpy as np
import soundfile as sf

import front_end
from export import load, packed
from measure import f1, figures
from model import logits
from train import fewer_bands

SHOWN = ["auc_speech", "auc_music", "f1_speech", "f1_music", "f1_neither", "accuracy", "speech_in_music", "music_in_speech"]


def row(name, got):
    print(f"| {name} | " + " | ".join(f"{got[k]:.4f}" for k in SHOWN) + " |")


def excerpts(predict, data, names):
    print("| set | " + " | ".join(SHOWN) + " |\n|" + "---|" * (len(SHOWN) + 1))
    for name in names:
        x, y = np.load(data / f"{name}-x.npy", mmap_mode="r"), np.load(data / f"{name}-y.npy")
        notes = json.loads((data / f"{name}.json").read_text())
        p = np.concatenate([predict(np.asarray(x[i:i + 8], np.float32)) for i in range(0, len(x), 8)])
        row(f"**{name}** ({len(x)})", figures(p, y))
        groups = defaultdict(list)
        for i, note in enumerate(notes):
            groups[f"codec {note['codec']}"].append(i)
            kinds = {of.split(":")[0] for of in note["of"]} - {"speech"}
            if len(kinds) == 1:
                groups[f"all music is {'sung' if kinds == {'vocal'} else 'instrumental'}"].append(i)
        if len(names) == 1:
            for group, at in sorted(groups.items()):
                row(f"{group} ({len(at)})", figures(p[at], y[at]))
            by = defaultdict(list)
            for i, note in enumerate(notes):
                for of in set(note["of"]):
                    if not of.startswith("speech"):
                        music_only = (y[i] & 3) == 2
                        if music_only.sum() > 500:
                            by[of].append(float((np.repeat(p[i, :, 0], 4)[music_only] > .5).mean()))
            print("\nworst music, share of music-only frames called speech in the excerpts that hold it:")
            for of, v in sorted(by.items(), key=lambda r: -np.mean(r[1]))[:12]:
                print(f"  {np.mean(v):.3f} ({len(v)}) {of}")


def calls(predict, folders):
    """Frames of 10 ms: speech, music (without speech) and neither, where no tone or key is on."""
    for folder in folders:
        segments = defaultdict(list)
        for r in csv.DictReader(open(folder / "segments.csv")):
            segments[r["file"]].append((float(r["start_s"]), float(r["end_s"]), r["label"]))
        said_all, true_all, worst = [], [], []
        for r in csv.DictReader(open(folder / "calls.csv")):
            x, rate = sf.read(folder / "calls" / r["file"], always_2d=True)
            n = len(x) // 80
            true = np.zeros(n, int)
            for label, value in (("music", 2), ("speech", 1), ("tone", -1)):
                for s, e, what in segments[r["file"]]:
                    kind = "music" if what == "music" else "speech" if what in ("announcement", "human", "caller") else "tone"
                    if kind == label:
                        true[round(s * 100):round(e * 100)] = value
            p = np.zeros((n, 2))
            for c in range(x.shape[1]):
                f = front_end.features(x[:, c].astype(np.float32))
                f = np.pad(f, ((0, -len(f) % 4_096), (0, 0)))              # few lengths, or compiling takes longer than hearing
                p = np.maximum(p, np.repeat(predict(f), 4, axis=0)[:n])
            said = np.where(p[:, 0] > .5, 1, np.where(p[:, 1] > .5, 2, 0))
            keep = true >= 0
            said_all.append(said[keep]), true_all.append(true[keep])
            worst.append(((said != true)[keep].mean(), r["file"], r["music"], r["codec"], r["noise_db"]))
        said, true = np.concatenate(said_all), np.concatenate(true_all)
        print(f"{folder.name}: " + " ".join(f"f1_{k} {f1(said == v, true == v):.4f}" for k, v in (("speech", 1), ("music", 2), ("neither", 0))), f"accuracy {(said == true).mean():.4f}",
              f"speech in music {(said == 1)[true == 2].mean():.4f} music in speech {(said == 2)[true == 1].mean():.4f}")
        m = np.array([[((said == b) & (true == a)).sum() for b in range(3)] for a in range(3)])
        print("  truth by row (neither, speech, music):", m.tolist())
        for w in sorted(worst, reverse=True)[:6]:
            print("  worst:", f"{w[0]:.3f}", *w[1:])


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("model", type=Path)
    ap.add_argument("data", type=Path, nargs="?")
    ap.add_argument("sets", nargs="*")
    ap.add_argument("--calls", type=Path, nargs="*", default=[])
    ap.add_argument("--rounded", action="store_true")
    a = ap.parse_args()
    shape, params = load(a.model)
    if a.rounded:
        params = packed(params)[2]
    run = jax.jit(lambda x: jax.nn.sigmoid(logits(params, shape, x)))
    predict = lambda x: np.asarray(run(fewer_bands(x, shape.bands)))
    if a.sets:
        excerpts(predict, a.data, a.sets)
    calls(predict, a.calls)


if __name__ == "__main__":
    main()
