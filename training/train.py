"""Train the speech/music network and write its weights.

    train.py EARS_DATA OUT_DIR [--epochs N] [--batch N] [--minutes M] [--fine 1,2,4] [--coarse 1,2,4,8,16] [--width 64] [--bands 64] ...

Reads train-x.npy and train-y.npy of compose.py (a comma-separated list of names in --sets), writes OUT_DIR/params.npz and OUT_DIR/shape.json,
and prints the dev side's figures after each epoch.  Same seed, same data: same weights, up to the rounding of the machine.
"""
import argparse
import json
import queue
import threading
import time
from dataclasses import asdict
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax

import front_end
from measure import figures, targets
from model import ALIGN, Shape, init, logits

PAIRS = [(i, min(i + 2, 41)) for i in range(0, 41, 2)]             # the 40-band variant: linear bins by twos, the rest as it is


def fewer_bands(x, bands):
    """64 bands as they are, or about 40 of them: neighbours averaged."""
    if bands == 64:
        return x
    return np.concatenate([np.stack([x[..., a:b].mean(-1) for a, b in PAIRS], -1), x[..., 41:41 + bands - len(PAIRS)]], -1)


def masked(rng, x):
    """An excerpt as other lines would give it: some under more noise, some with a few bands gone."""
    if rng.random() < .25:
        floor = rng.uniform(.5, 1.8) + np.interp(np.linspace(0, 2, x.shape[1]), range(3), rng.normal(0, .2, 3))
        noise = floor + .5 * np.log10(rng.exponential(1, x.shape) + 1e-3)
        x = np.maximum(x, noise) + .5 * np.log10(1 + 10 ** (-2 * np.abs(x - noise)))
    if rng.random() < .3:
        first = rng.integers(0, x.shape[1] - 10)
        x[:, first:first + rng.integers(3, 11)] -= rng.uniform(.3, 2)
    return x.astype(np.float32)


def load(data, name, without):
    """A set's features and labels, and the numbers of the excerpts in which nothing of `without` is heard."""
    x, y = (np.load(data / f"{name}-{part}.npy", mmap_mode="r") for part in "xy")
    heard = [excerpt["of"] for excerpt in json.loads((data / f"{name}.json").read_text())]
    return x, y, [i for i, of in enumerate(heard) if not any(source in clip for clip in of for source in without)]


def batches(rng, sets, size, frames, bands):
    """Endless random crops, with gain, noise and the tilt of a telephone line varied once more."""
    count = [len(kept) for _, _, kept in sets]
    while True:
        order = rng.permutation(sum(count))
        for k in range(0, len(order) - size + 1, size):
            xs, ys = [], []
            for j in order[k:k + size]:
                which = 0
                while j >= count[which]:
                    j, which = j - count[which], which + 1
                x, y, kept = sets[which]
                j = kept[j]
                s = int(rng.integers(0, (x.shape[1] - frames) // ALIGN + 1)) * ALIGN
                xs.append(masked(rng, np.array(x[j, s:s + frames], np.float32)))
                ys.append(y[j, s:s + frames])
            x = np.stack(xs)
            knots = rng.normal(0, .2, (size, 4))
            tilt = np.stack([np.interp(np.linspace(0, 3, front_end.N_BANDS), range(4), row) for row in knots]) + rng.uniform(-.6, .35, (size, 1)) * (rng.random((size, 1)) < .5)
            x = np.maximum(x + tilt[:, None, :].astype(np.float32), 0)
            yield fewer_bands(x, bands), targets(np.stack(ys))


def ahead(items):
    """The same items, made by a thread while the last one is at work."""
    ready = queue.Queue(2)
    threading.Thread(target=lambda: [ready.put(item) for item in items], daemon=True).start()
    while True:
        yield ready.get()


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("data", type=Path)
    ap.add_argument("out", type=Path)
    ap.add_argument("--sets", default="train")
    ap.add_argument("--dev", default="dev")
    ap.add_argument("--epochs", type=int, default=12)
    ap.add_argument("--batch", type=int, default=16)
    ap.add_argument("--frames", type=int, default=6_144)
    ap.add_argument("--rate", type=float, default=2e-3)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--start", type=Path, help="params.npz to go on from")
    ap.add_argument("--without", default="", help="leave out excerpts with audio of these sources, comma-separated")
    for name in ("bands", "stem", "width", "wide"):
        ap.add_argument(f"--{name}", type=int, default=getattr(Shape, name))
    for name in ("fine", "coarse", "merged"):
        ap.add_argument(f"--{name}", default=",".join(map(str, getattr(Shape, name))))
    a = ap.parse_args()
    dilations = {k: tuple(int(v) for v in getattr(a, k).split(",")) for k in ("fine", "coarse", "merged")}
    shape = Shape(bands=a.bands, stem=a.stem, width=a.width, wide=a.wide, **dilations)
    sets = [load(a.data, name, [s for s in a.without.split(",") if s]) for name in a.sets.split(",")]
    dev_x, dev_y = np.load(a.data / f"{a.dev}-x.npy", mmap_mode="r"), np.load(a.data / f"{a.dev}-y.npy")
    params = init(shape, a.seed)
    if a.start:
        params = {k: jnp.asarray(v) for k, v in np.load(a.start).items()}
    steps = a.epochs * (sum(len(kept) for _, _, kept in sets) // a.batch)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(optax.cosine_onecycle_schedule(steps, a.rate, .15), weight_decay=1e-3))
    print(asdict(shape), f"{sum(v.size for v in params.values())} parameters, {shape.multiply_adds_per_frame():.0f} multiply-adds a frame, {shape.context_steps() * .04:.1f} s context, {steps} steps", flush=True)

    def loss(p, x, y):
        return optax.sigmoid_binary_cross_entropy(logits(p, shape, x), y).mean()

    @jax.jit
    def step(p, state, mean, x, y):
        def one(so_far, excerpt):                                    # one at a time: what it keeps for the way back stays in the cache
            return jax.tree.map(jnp.add, so_far, jax.value_and_grad(loss)(p, *excerpt)), None
        (value, grad), _ = jax.lax.scan(one, (jnp.zeros(()), jax.tree.map(jnp.zeros_like, p)), (x, y))
        value, grad = jax.tree.map(lambda v: v / len(x), (value, grad))
        update, state = optimiser.update(grad, state, p)
        p = optax.apply_updates(p, update)
        return p, state, jax.tree.map(lambda m, v: .99 * m + .01 * v, mean, p), value
    predict = jax.jit(lambda p, x: jax.nn.sigmoid(logits(p, shape, x)))
    state, mean = optimiser.init(params), params
    a.out.mkdir(parents=True, exist_ok=True)
    (a.out / "shape.json").write_text(json.dumps(asdict(shape)))
    began, losses, per_epoch = time.time(), [], steps // a.epochs
    for i, (x, y) in zip(range(steps), ahead(batches(np.random.default_rng(a.seed), sets, a.batch, a.frames, a.bands))):
        params, state, mean, value = step(params, state, mean, x, y)
        losses.append(float(value))
        if (i + 1) % per_epoch == 0:
            np.savez(a.out / "params.npz", **mean)
            p = np.concatenate([np.asarray(predict(mean, fewer_bands(np.asarray(dev_x[j:j + 16], np.float32), a.bands))) for j in range(0, len(dev_x), 16)])
            got = figures(p, dev_y)
            print(f"epoch {(i + 1) // per_epoch} {time.time() - began:.0f} s loss {np.mean(losses[-per_epoch:]):.4f} " + " ".join(f"{k} {v:.4f}" for k, v in got.items()), flush=True)


if __name__ == "__main__":
    main()
