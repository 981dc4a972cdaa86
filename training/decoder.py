"""Fit the constants of the decoder (src/detect/sound.rs) on labelled calls, with a network's posteriors.

    decoder.py MODEL_DIR CALLS_DIR...

CALLS_DIR is of simulate.py and made of sources on the side `tune`.  Printed: for each combination of constants the means over the
folders of what its score.py counts, where no tone or key is on: accuracy, F1 of silence, speech and music, F1 of music's segments
(both ends within 0.5 s), share of calls whose hold music is right within 5 % or 2 s.  The decoder is the one in Rust, line by line;
a call's other detectors are left out, so figures lie a little below those of an audit.
"""
import argparse
import csv
from collections import defaultdict
from itertools import product
from pathlib import Path

import jax
import numpy as np
import soundfile as sf

import front_end
from export import load, packed
from measure import f1
from model import logits

SILENCE, SPEECH, MUSIC, TONE = 0, 1, 2, -1
EDGE_FRAMES = 12


class Call:
    """Truth of one call, and of each channel the posteriors and levels."""

    def __init__(self, x, rows, predict):
        n = len(x) // 80
        self.truth, self.channels = np.zeros(n, int), []
        self.music = joined([(s, e) for s, e, label in rows if label == "music"])
        for value, gap, labels in ((MUSIC, 0, ["music"]), (SPEECH, 0, ["announcement", "human", "caller"]), (TONE, 6.5, ["ringback"]), (TONE, 1, ["busy", "congestion"]),
                                   (TONE, 0, ["sit", "dtmf", "beep"])):
            for s, e in joined([(s, e) for s, e, label in rows if label in labels], gap):
                self.truth[round(s * 100):round(e * 100)] = value
        for c in range(x.shape[1]):
            f = front_end.features(x[:, c])
            steps = -(-len(f) // 4)
            p = predict(np.pad(f, ((0, -len(f) % 4_096), (0, 0))))[:steps]
            padded = np.pad(x[:, c].astype(np.float64) ** 2, (128, 400))
            sums = np.concatenate([[0], np.cumsum(padded)])
            at = np.arange(len(f)) * 80
            self.channels.append((p, 10 * np.log10((sums[at + 256] - sums[at]) / 256 + 1e-12)))


def joined(spans, gap=.6):
    out = []
    for s, e in sorted(spans):
        if out and s - out[-1][1] <= gap:
            out[-1][1] = max(out[-1][1], e)
        else:
            out.append([s, e])
    return out


def calls_of(folder, predict):
    rows = defaultdict(list)
    for r in csv.DictReader(open(folder / "segments.csv")):
        rows[r["file"]].append((float(r["start_s"]), float(r["end_s"]), r["label"]))
    for r in csv.DictReader(open(folder / "calls.csv")):
        x, _ = sf.read(folder / "calls" / r["file"], always_2d=True, dtype="float32")
        yield Call(x, rows[r["file"]], predict)


def evidence(p, level, o):
    """Log probability of the four states (bit 0 speech, bit 1 music), step by step."""
    p = np.where((level[::4][:len(p)] < o["inaudible_dbfs"])[:, None], p * o["inaudible_weight"], p)
    of = lambda column, yes: np.log(np.clip(p[:, column] if yes else 1 - p[:, column], .01, 1))
    return o["weight"] * np.stack([of(0, s & 1) + of(1, s & 2) for s in range(4)], -1)


def likeliest(all_evidence, o):
    """The Viterbi course of many channels at once."""
    price = np.array([[0 if a == b else max(o["speech"] * bool((a ^ b) & 1), o["music"] * bool((a ^ b) & 2)) for b in range(4)] for a in range(4)])
    e = np.zeros((max(map(len, all_evidence)), len(all_evidence), 4))
    for i, one in enumerate(all_evidence):
        e[:len(one), i] = one
    score, back = np.zeros(e.shape[1:]), np.zeros(e.shape, np.int8)
    for t in range(len(e)):
        moves = score[:, :, None] - price
        back[t] = moves.argmax(1)
        score = moves.max(1) + e[t]
    state = score.argmax(1)
    states = np.zeros(e.shape[:2], np.int8)
    for t in reversed(range(len(e))):
        states[t] = state
        state = back[t][np.arange(len(state)), state]
    return [states[:len(one), i] for i, one in enumerate(all_evidence)]


def moved(level, edge, before, after):
    if (before == 0) == (after == 0):
        return edge
    first, end = max(0, edge - EDGE_FRAMES), min(edge + EDGE_FRAMES, len(level))
    left, right = level[max(0, first - 10):first + 4].mean(), level[max(0, end - 4):end + 10].mean()
    quiet, loud = (left, right) if before == 0 else (right, left)
    at = np.flatnonzero(level[first:end] > quiet + (loud - quiet) / 3)
    if loud < quiet + 6 or not len(at):
        return edge
    return first + at[0] if before == 0 else first + at[-1] + 1


def heard(states, level, n):
    """Speech and music of 10 ms frames: music without speech only."""
    bounds = [0, *(np.flatnonzero(np.diff(states)) + 1)]
    edges = [b * 4 for b in bounds]
    for i in range(1, len(edges)):
        edges[i] = max(edges[i - 1] + 1, moved(level, edges[i], states[bounds[i] - 1], states[bounds[i]]))
    said = np.zeros((2, n), bool)
    for b, first, end in zip(bounds, edges, [*edges[1:], n]):
        said[0, first:end], said[1, first:end] = states[b] & 1, states[b] == 2
    return said


def figures(calls, o):
    courses = iter(likeliest([evidence(p, level, o) for c in calls for p, level in c.channels], o))
    said_all, hits, extra, missed, hold = [], 0, 0, 0, []
    for c in calls:
        both = np.any([heard(next(courses), level, len(c.truth)) for _, level in c.channels], axis=0)
        said = np.where(both[0], SPEECH, np.where(both[1], MUSIC, SILENCE))
        said_all.append(said[c.truth != TONE])
        ends = np.diff(np.pad((said == MUSIC) & (c.truth != TONE), 1).astype(int))
        have = joined([(s / 100, e / 100) for s, e in zip(np.flatnonzero(ends == 1), np.flatnonzero(ends == -1))])
        hold.append(abs(sum(e - s for s, e in have) - (want := sum(e - s for s, e in c.music))) <= max(2, .05 * want))
        for s, e in c.music:
            found = next((h for h in have if abs(h[0] - s) <= .5 and abs(h[1] - e) <= .5), None)
            hits, missed = hits + (found is not None), missed + (found is None)
            have = [h for h in have if h is not found]
        extra += len(have)
    said, true = np.concatenate(said_all), np.concatenate([c.truth[c.truth != TONE] for c in calls])
    return [(said == true).mean(), *(f1(said == k, true == k) for k in (SILENCE, SPEECH, MUSIC)), 2 * hits / max(1, 2 * hits + extra + missed), np.mean(hold)]


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("model", type=Path)
    ap.add_argument("calls", type=Path, nargs="+")
    for name, values in (("speech", "8"), ("music", "8"), ("weight", ".6"), ("inaudible_dbfs", "-62"), ("inaudible_weight", ".3")):
        ap.add_argument(f"--{name.replace('_', '-')}", default=values, help="values to try, with commas")
    a = ap.parse_args()
    shape, params = load(a.model)
    params = packed(params)[2]
    run = jax.jit(lambda x: jax.nn.sigmoid(logits(params, shape, x)))
    sets = [list(calls_of(folder, lambda f: np.asarray(run(f)))) for folder in a.calls]
    names = ["speech", "music", "weight", "inaudible_dbfs", "inaudible_weight"]
    print("| " + " | ".join([*names, "accuracy", "silence", "speech", "music", "segments", "hold music"]) + " |\n|" + "---|" * 11)
    for values in product(*([float(v) for v in getattr(a, name).split(",")] for name in names)):
        o = dict(zip(names, values))
        print("| " + " | ".join([f"{v:g}" for v in values] + [f"{v:.4f}" for v in np.mean([figures(s, o) for s in sets], axis=0)]) + " |", flush=True)


if __name__ == "__main__":
    main()
