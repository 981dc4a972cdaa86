"""The front end of the speech/music network: 8 kHz samples to band features, exactly as the Rust side makes them.

    front_end.py            writes front_end_vector.json, the test vector that the Rust side is held to

One frame every 10 ms.  Frame i is centred at sample 80 * i: it sees samples 80 * i - 128 .. 80 * i + 127, zeros where
the recording has none.  n samples make n // 80 + 1 frames.

    power[k]   = |DFT(hann * x)[k]|^2 * 4 / (sum hann)^2,  k = 0 .. 128, a sine of amplitude 1 reads 1 at its bin
    band[b]    = sum of power[k] for EDGES[b] <= k < EDGES[b + 1]
    feature[b] = (log10(band[b] + 1e-9) + 9) / 2

so that 0 is the floor (a band at -90 dB, where G.711's own idle noise lies) and padding with zeros is padding with
silence.  Bins of 31.25 Hz stay apart up to 1,469 Hz, where harmonics and their steadiness show; above that three are summed.
"""
import json
from pathlib import Path

import numpy as np

RATE = 8_000
HOP = 80
N_FFT = 256
FLOOR_POWER = 1e-9
WINDOW = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)).astype(np.float32)
POWER_SCALE = np.float32(4.0 / WINDOW.sum(dtype=np.float64) ** 2)

# First bin of each band, and the bin after the last: single bins 7 to 47 (219 to 1,469 Hz), then threes to 113, last 114 and 115 (3,594 Hz).
EDGES = list(range(7, 48)) + list(range(48, 115, 3)) + [116]
N_BANDS = len(EDGES) - 1


def frame_count(samples: int) -> int:
    """Frames that a recording of so many samples has."""
    return samples // HOP + 1


def power_spectra(x: np.ndarray) -> np.ndarray:
    """Power spectra of float samples in [-1, 1]: frames x 129."""
    n = frame_count(len(x))
    padded = np.zeros(N_FFT + HOP * n, np.float32)
    padded[N_FFT // 2:N_FFT // 2 + len(x)] = x
    frames = np.lib.stride_tricks.as_strided(padded, (n, N_FFT), (padded.strides[0] * HOP, padded.strides[0]))
    out = np.empty((n, N_FFT // 2 + 1), np.float32)
    for i in range(0, n, 4096):                               # in blocks, so that an hour does not fill the memory
        out[i:i + 4096] = np.abs(np.fft.rfft(frames[i:i + 4096] * WINDOW, axis=1)) ** 2
    return out * POWER_SCALE


def band_features(power: np.ndarray, edges=EDGES) -> np.ndarray:
    """Features of power spectra: frames x bands."""
    bands = np.add.reduceat(power[:, :edges[-1]], edges[:-1], axis=1)
    return ((np.log10(bands + np.float32(FLOOR_POWER)) + 9) / 2).astype(np.float32)


def features(x: np.ndarray) -> np.ndarray:
    """Features of float samples in [-1, 1]: frames x N_BANDS."""
    return band_features(power_spectra(x))


def vector() -> dict:
    """Half a second of a signal that any language can make (integers only until the last division), and what becomes of it."""
    state, samples = 1, []
    for i in range(4_000):
        state = (state * 1_103_515_245 + 12_345) % (1 << 31)   # the C standard's example generator
        noise = (state >> 16) % 2_001 - 1_000
        square = 6_000 if (i * 440 // 4_000) % 2 else -6_000   # 440 Hz
        samples.append(noise // 10 if i < 1_000 else noise + square if i < 3_000 else 0)
    f = features(np.array(samples, np.float32) / 32_768)
    show = [0, 5, 12, 20, 37, 38, 39, 50]
    return {"samples": samples, "frame_count": len(f), "edges": EDGES,
            "frames": {str(i): [round(float(v), 5) for v in f[i]] for i in show}}


if __name__ == "__main__":
    path = Path(__file__).with_name("front_end_vector.json")
    path.write_text(json.dumps(vector()) + "\n")
    print(f"{path.name}: {N_BANDS} bands, edges {EDGES}")
