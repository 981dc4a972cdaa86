"""The speech/music network: what ARCHITECTURE.md says in words, in JAX.

Activations are time x channels.  A convolution is a sum of shifted matrix products, a depthwise one a sum of shifted
products by element: the same arithmetic as in Rust, and faster on a CPU than the library's own convolutions.
"""
from dataclasses import asdict, dataclass

import jax
import jax.numpy as jnp
import numpy as np

ALIGN = 32          # frames: the coarse path pools 8 steps of 4 frames, so excerpts start and last a multiple of this


@dataclass(frozen=True)
class Shape:
    """Widths of the layers and the dilations of the blocks."""
    bands: int = 64
    stem: int = 32                                  # channels at 20 ms
    width: int = 64                                 # channels at 40 ms
    wide: int = 96                                  # channels at 320 ms
    fine: tuple = (1, 2, 4)                         # dilations, in steps of 40 ms, before the coarse path
    coarse: tuple = (1, 2, 4, 8, 16)                # dilations, in steps of 320 ms
    merged: tuple = (1, 1)                          # dilations, in steps of 40 ms, after it

    def context_steps(self) -> int:
        """Steps of 40 ms on either side that a posterior can depend on, at most."""
        taps = 2                                    # a depthwise kernel of 5 reaches 2 dilations to either side
        return taps * (sum(self.fine) + sum(self.merged)) + 8 * (taps * sum(self.coarse) + 1) + 1

    def multiply_adds_per_frame(self) -> float:
        """Multiply-adds for 10 ms of audio."""
        fine = (len(self.fine) + len(self.merged)) * (5 * self.width + self.width ** 2) + 2 * self.width
        coarse = 2 * self.width * self.wide + len(self.coarse) * (5 * self.wide + self.wide ** 2) + self.wide * self.width
        return 4 * self.bands * self.stem / 2 + 4 * self.stem * self.width / 4 + fine / 4 + coarse / 32


def init(shape: Shape, seed: int = 0) -> dict:
    """Fresh parameters, named as in the weights file."""
    rng = np.random.default_rng(seed)
    p = {}

    def dense(name, rows, cols, gain=2.0):
        p[f"{name}.weight"] = rng.standard_normal((rows, cols)) * np.sqrt(gain / rows)
        p[f"{name}.bias"] = np.zeros(cols)

    def block(name, width):
        taps = rng.standard_normal((5, width)) * 0.2
        taps[2] += 0.8
        p[f"{name}.taps"], p[f"{name}.shift"] = taps, np.zeros(width)
        dense(name, width, width, 0.5)
    dense("stem", 4 * shape.bands, shape.stem)
    dense("step", 4 * shape.stem, shape.width)
    for i in range(len(shape.fine)):
        block(f"fine{i}", shape.width)
    dense("pool", 2 * shape.width, shape.wide)
    for i in range(len(shape.coarse)):
        block(f"coarse{i}", shape.wide)
    dense("merge", shape.wide, shape.width, 1.0)
    for i in range(len(shape.merged)):
        block(f"merged{i}", shape.width)
    dense("head", shape.width, 2, 1.0)
    return {k: jnp.asarray(v, jnp.float32) for k, v in p.items()}


def column_sums(x):
    """Sums over all but the last axis, as a matrix product: the library's own reduction is several times slower on a CPU."""
    flat = x.reshape(-1, x.shape[-1])
    return jnp.ones(len(flat), x.dtype) @ flat


@jax.custom_vjp
def scaled(x, w):
    """x * w, one factor a channel."""
    return x * w


scaled.defvjp(lambda x, w: (x * w, (x, w)), lambda kept, g: (g * kept[1], column_sums(g * kept[0])))


@jax.custom_vjp
def shifted(x, b):
    """x + b, one number a channel."""
    return x + b


shifted.defvjp(lambda x, b: (x + b, None), lambda _, g: (g, column_sums(g)))


def halve(x, w, b):
    """Convolution of kernel 4 and stride 2 with one step of zeros before and behind; row i sees steps 2i - 1 .. 2i + 2."""
    n, c = x.shape[-2] // 2, x.shape[-1]
    pad = [(0, 0)] * (x.ndim - 2) + [(1, 1), (0, 0)]
    x = jnp.pad(x, pad)
    pairs = x.reshape(*x.shape[:-2], n + 1, 2 * c)            # steps (2i - 1, 2i), so two neighbours are one window
    return jax.nn.relu(shifted(pairs[..., :-1, :] @ w[:2 * c] + pairs[..., 1:, :] @ w[2 * c:], b))


def block(p, name, x, dilation):
    """Residual block: depthwise kernel of 5, ReLU, dense."""
    n = x.shape[-2]
    pad = [(0, 0)] * (x.ndim - 2) + [(2 * dilation, 2 * dilation), (0, 0)]
    y = jnp.pad(x, pad)
    taps = p[f"{name}.taps"]
    h = shifted(sum(scaled(y[..., k * dilation:k * dilation + n, :], taps[k]) for k in range(5)), p[f"{name}.shift"])
    return x + shifted(jax.nn.relu(h) @ p[f"{name}.weight"], p[f"{name}.bias"])


def logits(p: dict, shape: Shape, x):
    """Features (... x frames x bands, frames a multiple of ALIGN) to logits (... x frames / 4 x 2: speech, music)."""
    x = halve(x, p["stem.weight"], p["stem.bias"])
    x = halve(x, p["step.weight"], p["step.bias"])
    for i, d in enumerate(shape.fine):
        x = block(p, f"fine{i}", x, d)
    eights = x.reshape(*x.shape[:-2], x.shape[-2] // 8, 8, x.shape[-1])
    c = jnp.concatenate([eights.mean(-2), jax.tree.reduce(jnp.maximum, [eights[..., k, :] for k in range(8)])], -1)
    c = jax.nn.relu(c @ p["pool.weight"] + p["pool.bias"])
    for i, d in enumerate(shape.coarse):
        c = block(p, f"coarse{i}", c, d)
    c = jax.nn.relu(c) @ p["merge.weight"] + p["merge.bias"]
    x = (eights + c[..., None, :]).reshape(x.shape)             # not jnp.repeat, whose gradient is a slow scatter
    for i, d in enumerate(shape.merged):
        x = block(p, f"merged{i}", x, d)
    return jax.nn.relu(x) @ p["head.weight"] + p["head.bias"]


if __name__ == "__main__":
    s = Shape()
    print(asdict(s), f"{sum(v.size for v in init(s).values())} parameters,", f"{s.multiply_adds_per_frame():.0f} multiply-adds a frame,",
          f"context {s.context_steps() * 0.04:.1f} s")
