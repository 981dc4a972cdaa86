"""The network's obvious rival: boosted trees on plain statistics of the same features, measured the same way.

    tree.py DATA MODEL_DIR [--sets ...] [--windows .3,1,3] [--seeds 1,2,3] [--rows N]

Of every 40 ms the trees know 24 bands, flux and flatness, and their means and deviations over windows about it; one forest says speech, one
says music.  They are fitted to steps drawn from the excerpts, varied as train.py varies them, and from the same ones: --without too.
Printed for them and for the network of MODEL_DIR, on the side `tune`: figures after nothing but a threshold of 0.5, then after the Viterbi
pass of decoder.py with whichever of its prices do best on the side `dev`; and what 10 ms cost.
"""
import argparse
import time
from itertools import product
from pathlib import Path

import jax
import numpy as np
from scipy.ndimage import uniform_filter1d
from sklearn.ensemble import HistGradientBoostingClassifier

import decoder
from evaluate import SHOWN
from export import load as load_model, packed
from front_end import N_BANDS
from measure import figures
from model import logits
from train import batches, load

EDGES = np.linspace(0, N_BANDS, 25).astype(int)[:-1]
FRAMES = 6_144


def statistics(x, windows):
    """Features of one excerpt (frames x bands) to what the trees see: steps of 40 ms x columns."""
    power = 10.0 ** (2 * x.astype(np.float64) - 9)
    bands = (np.log10(np.add.reduceat(power, EDGES, axis=1)) + 9) / 2
    flux = np.abs(np.diff(bands, axis=0, prepend=bands[:1])).mean(1)
    flatness = (2 * x - 9).mean(1) - np.log10(power.mean(1))
    now = np.column_stack([bands, flux, flatness])
    columns = [now]
    for seconds in windows:
        mean, square = (uniform_filter1d(v, int(seconds * 100), axis=0, mode="nearest") for v in (now, now ** 2))
        columns += [mean, np.sqrt(np.maximum(square - mean ** 2, 0))]
    return np.concatenate([c[2::4] for c in columns], 1).astype(np.float32)


def drawn(sets, windows, rows, seed):
    """Steps of one pass over all excerpts, a handful of each, and whether speech and music are heard in them."""
    rng, count, size = np.random.default_rng(seed), sum(len(kept) for _, _, kept in sets), 16
    each = rows // count
    xs, ys = [], []
    for _, (x, y) in zip(range(count // size), batches(rng, sets, size, FRAMES, N_BANDS)):
        for one, true in zip(x, y):
            at = np.sort(rng.choice(len(true), each, replace=False))
            xs.append(statistics(one, windows)[at]), ys.append(true[at] > .5)
    return np.concatenate(xs), np.concatenate(ys)


def fitted(sets, a, seed):
    """Trees for speech and for music, as a function from excerpts to posteriors; and their cost in words."""
    x, y = drawn(sets, a.windows, a.rows, seed)
    began = time.time()
    both = [HistGradientBoostingClassifier(max_iter=a.trees, learning_rate=.1, max_leaf_nodes=63, l2_regularization=1, early_stopping=False, random_state=seed).fit(x, y[:, c]) for c in range(2)]
    nodes = [p[0].nodes for forest in both for p in forest._predictors]
    path = sum((n["depth"] * n["count"] * n["is_leaf"]).sum() / n["count"][0] for n in nodes)
    print(f"seed {seed}: {len(x)} steps of {x.shape[1]} columns, {time.time() - began:.0f} s, {sum(map(len, nodes))} nodes", flush=True)

    def predict(excerpts):
        s = np.concatenate([statistics(one, a.windows) for one in excerpts])
        return np.stack([forest.predict_proba(s)[:, 1] for forest in both], -1).reshape(len(excerpts), -1, 2)
    return predict, f"{path / 4:.0f} compares"


def network(folder):
    """The network with the weights rounded as they are shipped, the same way."""
    shape, params = load_model(folder)
    params = packed(params)[2]
    run = jax.jit(lambda x: jax.nn.sigmoid(logits(params, shape, x)))
    run(np.zeros((8, FRAMES, N_BANDS), np.float32))
    return lambda x: np.asarray(run(x)), f"{shape.multiply_adds_per_frame():.0f} multiply-adds"


def decided(p, prices):
    """Posteriors of excerpts to yes and no, by the likeliest course."""
    o = dict(zip(("speech", "music", "weight"), prices), inaudible_dbfs=-99, inaudible_weight=1)
    states = np.stack(decoder.likeliest([decoder.evidence(one, np.zeros(4 * len(one)), o) for one in p], o))
    return np.stack([states & 1, states >> 1], -1).astype(float)


def scored(name, predict, cost, dev, tune):
    began, p = time.process_time(), {}
    for side, (x, _) in (("dev", dev), ("tune", tune)):
        p[side] = np.concatenate([predict(np.asarray(x[i:i + 8], np.float32)) for i in range(0, len(x), 8)])
    cost = f"{cost}, {(time.process_time() - began) / (len(dev[0]) + len(tune[0])) / FRAMES * 1e6:.2f} us"
    best = max(product((2, 4, 8), (8, 24, 40), (.25, .5)), key=lambda prices: figures(decided(p["dev"], prices), dev[1])["accuracy"])
    for title, said in ((name, p["tune"]), (f"{name}, Viterbi {best}", decided(p["tune"], best))):
        got = figures(said, tune[1])
        print(f"| {title} | " + " | ".join(f"{got[k]:.4f}" for k in SHOWN) + f" | {cost} |", flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("data", type=Path)
    ap.add_argument("model", type=Path)
    ap.add_argument("--sets", default="train-a,train-b,train-d,train-e,train-f,train-g,train-quiet,train-quiet2")
    ap.add_argument("--without", default="fb-music,frozen")
    ap.add_argument("--sides", default="dev,tune")
    ap.add_argument("--windows", type=lambda v: [float(s) for s in v.split(",")], default=[.3, 1, 3], help="seconds")
    ap.add_argument("--seeds", type=lambda v: [int(s) for s in v.split(",")], default=[1, 2, 3])
    ap.add_argument("--rows", type=int, default=1_000_000)
    ap.add_argument("--trees", type=int, default=200, help="of each of the two forests")
    a = ap.parse_args()
    sides = [(np.load(a.data / f"{side}-x.npy", mmap_mode="r"), np.load(a.data / f"{side}-y.npy")) for side in a.sides.split(",")]
    sets = [load(a.data, name, a.without.split(",")) for name in a.sets.split(",")]
    print("| what | " + " | ".join(SHOWN) + " | 10 ms cost |\n|" + "---|" * (len(SHOWN) + 2))
    scored("network", *network(a.model), *sides)
    for seed in a.seeds:
        scored(f"trees, seed {seed}", *fitted(sets, a, seed), *sides)


if __name__ == "__main__":
    main()
