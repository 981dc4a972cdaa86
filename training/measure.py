"""Figures of posteriors against labels."""
import numpy as np


def targets(y):
    """Labels of 10 ms frames (excerpts x frames, bit 0 speech, bit 1 music) as shares of each 40 ms step: excerpts x steps x 2."""
    bits = np.stack([y & 1, y >> 1 & 1], -1).astype(np.float32)
    return bits.reshape(y.shape[0], -1, 4, 2).mean(2)


def f1(said, true):
    return 2 * np.sum(said & true) / max(1, said.sum() + true.sum())


def auc(p, true):
    """Area under the ROC curve, by 1,000 thresholds."""
    bins = np.clip((p * 1_000).astype(int), 0, 999)
    pos, neg = np.bincount(bins[true], minlength=1_000), np.bincount(bins[~true], minlength=1_000)
    below = np.cumsum(neg) - neg
    return float(((below + neg / 2) * pos).sum() / max(1, pos.sum() * neg.sum()))


def figures(p, y, threshold=.5):
    """Frame figures (10 ms) after nothing but a threshold; `music` is music without speech, as calls are scored."""
    said = np.repeat(p > threshold, 4, axis=1)
    speech, music = (y & 1) > 0, (y >> 1 & 1) > 0
    s, m = said[..., 0], said[..., 1]
    cls, true = np.where(s, 1, np.where(m, 2, 0)), np.where(speech, 1, np.where(music, 2, 0))
    fine = np.repeat(p, 4, axis=1)
    return {"auc_speech": auc(fine[..., 0].ravel(), speech.ravel()), "auc_music": auc(fine[..., 1].ravel(), music.ravel()), "f1_speech": f1(s, speech), "f1_music": f1(m & ~s, music & ~speech),
            "f1_any_music": f1(m, music), "f1_neither": f1(cls == 0, true == 0), "accuracy": float((cls == true).mean()),
            "speech_in_music": float(s[music & ~speech].mean()) if (music & ~speech).any() else 0.0, "music_in_speech": float(m[speech & ~music].mean()) if (speech & ~music).any() else 0.0}
