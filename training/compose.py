"""Compose labelled excerpts of telephone audio from the store, and keep their features.

    compose.py EARS_DATA SIDE EXCERPTS [--seed N] [--jobs N] [--name SET] [--only music|vocal|speech|quiet]

SIDE is train, dev or tune (split.toml).  Written: EARS_DATA/SIDE-x.npy, half floats, excerpts x FRAMES x bands;
SIDE-y.npy, bytes, excerpts x FRAMES, bit 0 speech, bit 1 music; SIDE.json, what each excerpt is made of.

What counts as what: a pause of up to 0.45 s within a recorded message is speech, in live talk one of up to 0.3 s; a longer one is
not, nor is the gap between two speakers.  Music goes on through its quiet passages, also where the line's noise covers them,
unless the piece itself is silent for more than three seconds.  A voice over music is both; singing or rap in music is music alone.
Tones, keys, rings, crowds, keyboards, hum and noise are neither.
"""
import argparse
import json
import subprocess
import tempfile
import tomllib
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import soundfile as sf
from scipy.ndimage import binary_closing
from scipy.signal import butter, lfilter, resample_poly, sosfilt

import front_end
from synthesise import beat

RATE, HOP = 8_000, 80
FRAMES = 6_144                                  # 61.44 s an excerpt
SAMPLES = FRAMES * HOP
SPEECH, MUSIC = 1, 2
PAUSE_FRAMES = 45                               # the longest pause that is part of a recorded message
LIVE_PAUSE_FRAMES = 30                          # and of live talk
QUIET_FRAMES = 300                              # the longest hole that is part of music
QUIET_DB = 66                                   # what lies further below a piece's loud parts is a hole
CROSSED = 40

CODECS = {
    "alaw": ("wav", ["-c:a", "pcm_alaw"]), "mulaw": ("wav", ["-c:a", "pcm_mulaw"]), "gsm": ("wav", ["-c:a", "libgsm_ms"]),
    "g726-32": ("wav", ["-c:a", "g726", "-b:a", "32k"]), "g726-24": ("wav", ["-c:a", "g726", "-b:a", "24k"]), "ima": ("wav", ["-c:a", "adpcm_ima_wav"]),
    "opus-8": ("ogg", ["-c:a", "libopus", "-b:a", "8k", "-application", "voip"]), "opus-12": ("ogg", ["-c:a", "libopus", "-b:a", "12k", "-application", "voip"]),
    "opus-16": ("ogg", ["-c:a", "libopus", "-b:a", "16k", "-application", "voip"]), "opus-24": ("ogg", ["-c:a", "libopus", "-b:a", "24k"]),
    "speex": ("ogg", ["-c:a", "libspeex"]), "speex-6": ("ogg", ["-c:a", "libspeex", "-b:a", "6k"]),
    "mp3-16": ("mp3", ["-c:a", "libmp3lame", "-b:a", "16k"]), "mp3-32": ("mp3", ["-c:a", "libmp3lame", "-b:a", "32k"]),
}
CHAINS = [(), (), ("alaw",), ("alaw",), ("mulaw",), ("gsm",), ("gsm",), ("g726-32",), ("g726-24",), ("ima",), ("opus-8",), ("opus-12",), ("opus-16",), ("opus-24",), ("speex",), ("speex-6",),
          ("mp3-16",), ("mp3-32",), ("alaw", "mulaw"), ("opus-16", "alaw"), ("speex", "gsm"), ("alaw", "mp3-16"), ("g726-32", "mulaw"), ("gsm", "alaw"), ("opus-12", "gsm"), ("speex", "mulaw"),
          ("alaw", "opus-16"), ("gsm", "mp3-32"), ("mulaw", "g726-32")]
TONES = [((425,), (1, 4)), ((425,), (1, 3)), ((425,), (1.5, 3)), ((440,), (1.5, 3.5)), ((400, 450), (.4, .2, .4, 2)), ((440, 480), (2, 4)), ((400,), (1, 2)), ((420, 425), (1, 5)), ((450,), (1, 4)),
         ((425,), (.5, .5)), ((425,), (.25, .25)), ((425,), (.2, .2, .2, .2, .2, .6)), ((400,), (.375, .375)), ((480, 620), (.5, .5)), ((480, 620), (.25, .25)), ((425,), (.48, .48)), ((400,), (.4, .35, .225, .525)),
         ((425,), (99, 0)), ((350, 440), (99, 0)), ((440,), (99, 0)), ((425,), (.2, .3, .7, .8)), ((1_400, 2_060, 2_450, 2_600), (.1, .1))]


class Store:
    """The clips of ingest.py and synthesise.py, by side of the split."""

    def __init__(self, data: Path):
        self.folder = Path(data) / "store"
        self.index = json.loads((self.folder / "index.json").read_text())
        split = tomllib.loads(Path(__file__).with_name("split.toml").read_text())
        self.side = {name: side for side, names in split.items() for name in names}
        self.rows, self.audio = {}, {}
        for row in self.index:
            self.rows.setdefault(row["source"], []).append(row)

    def sources(self, kind, side):
        return sorted(s for s, rows in self.rows.items() if rows[0]["kind"] == kind and self.side.get(s, "train") == side)

    def clip(self, source, i):
        if source not in self.audio:
            self.audio[source] = np.load(self.folder / f"{source}.npy", mmap_mode="r")
        row = self.rows[source][i]
        return self.audio[source][row["start"]:row["start"] + row["length"]]

    def clips(self, source):
        return [self.clip(source, i) for i in range(len(self.rows[source]))]


def frame_level(x):
    """Mean square of each 10 ms."""
    n = len(x) // HOP
    return np.mean(x[:n * HOP].reshape(n, HOP) ** 2, axis=1) + 1e-12


def heard(x, below_db, hole_frames):
    """Frames within so many dB of the clip's loud parts, holes up to so many frames filled."""
    level = frame_level(x)
    on = level > np.percentile(level, 95) * 10 ** (-below_db / 10)
    pad = hole_frames
    return binary_closing(np.pad(on, pad), np.ones(hole_frames + 1))[pad:-pad]


def levelled(x, level_db):
    """Scaled so that its loud half has so many dBFS."""
    level = frame_level(x)
    loud = level[level > np.percentile(level, 95) * 0.01]
    return x * 10 ** (level_db / 20) / np.sqrt(loud.mean())


def coloured(rng, n):
    """Noise, white to brownish."""
    x = rng.standard_normal(n)
    slope = rng.choice([0, 0, .5, .8, .95])
    x = lfilter([1], [1, -slope], x) if slope else x
    return x / x.std()


class Excerpt:
    """A minute under construction: samples, and which frames are speech and music."""

    def __init__(self, store, side, rng):
        self.store, self.side, self.rng = store, side, rng
        self.x = np.zeros(SAMPLES + RATE * 90)
        self.y = np.zeros(len(self.x) // HOP, np.uint8)
        self.at, self.made_of = 0, []
        speech = store.sources("speech", side)
        few = [len(store.rows[s]) * (.05 if s.startswith(("klettres", "ktuberling")) else 1) for s in speech]
        self.voices, self.weights = speech, np.sqrt(few) / np.sqrt(few).sum()
        music = store.sources("music", side)
        many = np.sqrt([min(len(store.rows[s]), 80) for s in music])
        self.music, self.music_weights = music, many / many.sum()
        self.vocals = store.sources("vocal", side)
        self.level = rng.uniform(-30, -14)

    # --- parts ---------------------------------------------------------------------------------------------------
    def place(self, x, bit=0, mask=None, at=None):
        """Mix samples in at a sample position (default: the end, which then moves on)."""
        start = self.at if at is None else at
        x = x[:max(0, len(self.x) - start)]
        self.x[start:start + len(x)] += x
        if bit:
            f = int(round(start / HOP))
            mask = np.ones(len(x) // HOP, bool) if mask is None else mask
            mask = mask[:max(0, len(self.y) - f)]
            self.y[f:f + len(mask)] |= (mask * bit).astype(np.uint8)
        if at is None:
            self.at += len(x)

    def voice(self):
        return str(self.rng.choice(self.voices, p=self.weights))

    def utterances(self, voice, seconds, pitch, longest_pause=PAUSE_FRAMES, dense=False):
        """One voice's clips with pauses, and where it is heard; pauses up to so many frames join."""
        rng, parts, total = self.rng, [], 0
        loose = rng.random() < .3                                     # leaves long pauses too
        while total < seconds * RATE:
            c = self.store.clip(voice, rng.integers(len(self.store.rows[voice]))).astype(np.float64)
            if len(c) > 15 * RATE:
                s = rng.integers(0, len(c) - 12 * RATE)
                c = c[s:s + int(rng.uniform(2, 12) * RATE)]
            if pitch != 100:
                c = resample_poly(c, 100, pitch)
            if np.abs(c).max() < 50:
                total += RATE // 10
                continue
            on = np.where(heard(c, 38, 1))[0]
            c = levelled(c[on[0] * HOP:(on[-1] + 1) * HOP], 0)
            pause = rng.uniform(0, .08) if dense else rng.uniform(.46, 1.8) if loose and rng.random() < .4 else rng.uniform(.05, longest_pause / 100)
            parts += [c, np.zeros(int(pause * RATE) // HOP * HOP)]
            total += len(parts[-2]) + len(parts[-1])
        if not parts:
            return np.zeros(RATE), np.zeros(100, bool)
        x = np.concatenate(parts[:-1])
        return x, heard(x, 36, longest_pause)

    def piece(self, seconds, vocal=False):
        """So much of a piece of music, perhaps a short loop of it; and where it is heard."""
        rng = self.rng
        source = str(rng.choice(self.vocals)) if vocal and self.vocals else str(rng.choice(self.music, p=self.music_weights))
        i = rng.integers(len(self.store.rows[source]))
        c = self.store.clip(source, i).astype(np.float64)
        if not vocal and rng.random() < .05:
            self.made_of.append("music:beat")
            x = beat(rng, seconds, self.strokes())[:int(seconds * RATE) // HOP * HOP]
            if rng.random() < .5:
                x = self.rapped(x)
            return levelled(x, 0), np.ones(len(x) // HOP, bool)
        self.made_of.append(f"{'vocal' if self.store.rows[source][0]['kind'] == 'vocal' else 'music'}:{source}/{self.store.rows[source][i]['name']}")
        n, pitch = int(seconds * RATE) // HOP * HOP, int(rng.integers(94, 107))
        need = int(n * pitch / 100) + 2 * HOP
        loop = rng.choice([0, 0, 0, 2, 4, 6, 12, 25]) * RATE
        if loop and loop < len(c) * .8:
            s = rng.integers(0, len(c) - loop)
            c = np.resize(c[s:s + loop], need)
        else:
            s = rng.integers(0, max(1, len(c) - need))
            c = c[s:] if len(c) - s >= need else np.resize(c[s:] if len(c) - s > RATE else c, need)
        c = resample_poly(c[:need], 100, pitch)[:n] if pitch != 100 else c[:n]
        if np.abs(c).max() < 50:
            return np.zeros(HOP), np.zeros(1, bool)
        return self.swelled(levelled(c, 0)), heard(c, QUIET_DB, QUIET_FRAMES)

    def strokes(self):
        """Single drum strokes of sample libraries, a few of them."""
        kits = self.store.sources("drum", "train") if self.side == "train" else []
        if not kits or self.rng.random() < .3:
            return []
        kit = str(self.rng.choice(kits))
        return [self.store.clip(kit, i) / 16_384 for i in self.rng.integers(0, len(self.store.rows[kit]), 6)]

    def rapped(self, x):
        """A voice without pauses in front of drums, about as loud as they are: of one piece with them, no message over music."""
        rng, v = self.rng, self.voice()
        words, _ = self.utterances(v, len(x) / RATE + 1, int(rng.integers(80, 105)), dense=True)
        words = np.resize(words, len(x))
        t = np.arange(len(x)) / RATE                                  # verses, with bars between them
        verse = (t % rng.uniform(12, 40)) < rng.uniform(8, 30)
        return levelled(x, 0) + words * verse * 10 ** (rng.uniform(-4, 5) / 20)

    def swelled(self, x):
        """Soft beginnings and quiet passages: some pieces have them, most of the store's do not."""
        rng = self.rng
        if rng.random() < .7 or len(x) < 4 * RATE:
            return x
        knots = max(2, int(len(x) / RATE / rng.uniform(3, 12)))
        gain_db = -np.abs(rng.normal(0, rng.uniform(6, 22), knots))
        if rng.random() < .5:
            gain_db[0] = -rng.uniform(20, 45)
        gain_db = np.interp(np.arange(len(x)), np.linspace(0, len(x), knots), np.maximum(gain_db - gain_db.max(), -45))
        return x * 10 ** (gain_db / 20)

    def faded(self, x):
        rng = self.rng
        for side in (slice(None), slice(None, None, -1)):
            if rng.random() < .6:
                n = min(len(x), int(rng.choice([.01, .05, .05, .5, 2]) * RATE))
                x[side][:n] *= np.linspace(0, 1, n)
        return x

    # --- scenes --------------------------------------------------------------------------------------------------
    def prompt(self, seconds):
        v = self.voice()
        x, on = self.utterances(v, seconds, int(self.rng.integers(92, 109)))
        self.made_of.append(f"speech:{v}")
        self.place(x * 10 ** ((self.level + self.rng.uniform(-6, 6)) / 20), SPEECH, on)

    def conversation(self, seconds):
        rng, end = self.rng, self.at + seconds * RATE
        pair = [(self.voice(), int(rng.integers(92, 109)), self.level + rng.uniform(-14, 6)) for _ in range(2)]
        self.made_of += [f"speech:{v}" for v, _, _ in pair]
        turn, begin = 0, self.at
        apart = rng.random() < .6                                     # they let each other finish
        while self.at < end:
            v, pitch, level = pair[turn % 2]
            x, on = self.utterances(v, rng.uniform(.5, 6), pitch, LIVE_PAUSE_FRAMES)
            self.place(x * 10 ** (level / 20), SPEECH, on)
            gap = int((rng.uniform(.2, 1.5) if apart or rng.random() < .5 else rng.uniform(-.3, .2)) * RATE) // HOP * HOP
            self.at = max(0, self.at + gap)
            turn += 1
        if rng.random() < .45 and self.at > begin + RATE:             # the room at one end, for as long as they talk
            room = self.noise(self.at - begin, max(p[2] for p in pair) - rng.uniform(13, 32))
            self.place(room, at=begin)

    def hold(self, seconds, vocal=None, talk=False):
        rng = self.rng
        x, on = self.piece(seconds, rng.random() < .33 if vocal is None else vocal)
        level = self.level + rng.uniform(-12, 5)
        start = self.at
        x = self.faded(x) * 10 ** (level / 20)
        if talk:                                                     # a message over the music, which may be turned down for it
            duck, v, pitch = rng.uniform(6, 20), self.voice(), int(rng.integers(92, 109))
            self.made_of.append(f"speech:{v}")
            at = int(rng.uniform(0, min(8, seconds / 2)) * RATE) // HOP * HOP
            ducked = rng.random() < .7
            while at < len(x) - RATE:
                s, talking = self.utterances(v, rng.uniform(1.5, 8), pitch)
                s, talking = s[:len(x) - at], talking[:(len(x) - at) // HOP]
                under = 10 ** (-duck / 20)
                if ducked:
                    x[at:at + len(s)] *= under
                    gain = 10 ** (level / 20)
                else:
                    gain = 10 ** ((level + duck) / 20)
                self.place(s * gain, SPEECH, talking, at=start + at)
                at += (len(s) + int(rng.uniform(1, 20) * RATE)) // HOP * HOP
        self.place(x, MUSIC, on)

    def tones(self, seconds):
        rng, n = self.rng, int(seconds * RATE) // HOP * HOP
        kind, level = rng.random(), 10 ** ((self.level + rng.uniform(-6, 10)) / 20)
        x, t = np.zeros(n), np.arange(n) / RATE
        if kind < .6:
            freqs, cadence = TONES[rng.integers(len(TONES))]
            f = [f * rng.uniform(.985, 1.015) for f in freqs]
            wave = sum(np.sin(2 * np.pi * v * t) for v in f) / len(f)
            where = (t + rng.uniform(0, sum(cadence))) % sum(cadence)
            edges = np.cumsum(cadence)
            x = wave * (np.searchsorted(edges, where, side="right") % 2 == 0)
        elif kind < .8:                                              # keys
            at = 0
            while at < n - RATE // 2:
                m = int(rng.uniform(.05, .4) * RATE)
                s = np.arange(m) / RATE
                x[at:at + m] = (np.sin(2 * np.pi * rng.choice([697, 770, 852, 941]) * s) + np.sin(2 * np.pi * rng.choice([1209, 1336, 1477, 1633]) * s))[:n - at] / 2
                at += m + int(rng.choice([rng.uniform(.05, .3), rng.uniform(.5, 3)]) * RATE)
        elif kind < .9:                                              # special information tone
            for i, f in enumerate((950, 1400, 1800)):
                m = slice(int(i * .33 * RATE), int((i + 1) * .33 * RATE))
                x[m] = np.sin(2 * np.pi * f * t[m])
        else:                                                        # beeps
            m = int(rng.uniform(.1, 1) * RATE)
            x[:m] = np.sin(2 * np.pi * rng.uniform(300, 2_500) * t[:m])
        self.place(x * level)

    def crowd(self, seconds):
        self.place(self.noise(int(seconds * RATE) // HOP * HOP, self.level + self.rng.uniform(-12, 3)))

    def babble(self, n):
        """Many voices in a room, none to be understood."""
        rng, x = self.rng, np.zeros(n)
        for _ in range(int(rng.integers(4, 12))):
            one, _ = self.utterances(self.voice(), min(20, n / RATE), int(rng.integers(85, 115)))
            x += np.roll(np.resize(one, n), rng.integers(n)) * 10 ** (rng.uniform(-9, 0) / 20)
        t = np.arange(int(rng.uniform(.05, .4) * RATE))
        return np.convolve(x, rng.standard_normal(len(t)) * np.exp(-6.9 * t / len(t)))[:n]

    def noise(self, n, level_db):
        places = self.store.sources("noise", self.side)
        if self.rng.random() < .2 or not places:
            c = self.babble(n)
            return c / (c.std() + 1e-9) * 10 ** (level_db / 20)
        source = str(self.rng.choice(places))
        c = self.store.clip(source, self.rng.integers(len(self.store.rows[source]))).astype(np.float64)
        c = np.roll(np.resize(c, max(n, len(c))), -self.rng.integers(len(c)))[:n]
        return c / (c.std() + 1e-9) * 10 ** (level_db / 20)

    def silence(self, seconds):
        self.at += int(seconds * RATE) // HOP * HOP

    def quiet(self):
        """A minute of a line on which little happens: ringing, the caller's side of a call, nothing at all."""
        rng, talks, rings = self.rng, self.rng.random() < .5, self.rng.random() < .6
        while self.at < SAMPLES:
            self.silence(rng.uniform(2, 30))
            if rings and rng.random() < .7:
                self.tones(rng.uniform(2, 20))
            elif talks and rng.random() < .7:
                self.prompt(rng.uniform(.3, 4))
            elif rng.random() < .15:
                self.crowd(rng.uniform(2, 20))

    # --- whole ---------------------------------------------------------------------------------------------------
    def compose(self, only=None):
        rng = self.rng
        if only == "quiet":
            self.quiet()
        what = rng.random() if only is None else {"music": .05, "vocal": .15, "speech": .3, "quiet": 1}[only]
        if what < .10:
            self.hold(62, vocal=False)
        elif what < .20:
            self.hold(62, vocal=True)
        elif what < .28:
            self.conversation(62)
        elif what < .34:
            while self.at < SAMPLES:
                self.prompt(rng.uniform(5, 40))
                self.silence(rng.uniform(.3, 1.5))
        elif what < .42:
            self.hold(62, talk=True)
        if rng.random() < .5:
            self.silence(rng.uniform(0, 4))
        while self.at < SAMPLES:
            scene = rng.choice(["prompt", "conversation", "hold", "message", "tones", "crowd", "silence"], p=[.24, .14, .23, .13, .12, .04, .10])
            long = rng.random() < .3
            if scene == "prompt":
                self.prompt(rng.uniform(1, 8))
            elif scene == "conversation":
                self.conversation(rng.uniform(3, 25))
            elif scene == "hold":
                self.hold(rng.uniform(10, 45) if long else rng.uniform(2, 15))
            elif scene == "message":
                self.hold(rng.uniform(4, 30), talk=True)
            elif scene == "tones":
                self.tones(rng.uniform(1, 15))
            elif scene == "crowd":
                self.crowd(rng.uniform(2, 10))
            else:
                self.silence(rng.uniform(2, 10))
            self.silence(rng.choice([0, rng.uniform(.02, .4), rng.uniform(.3, 2)]))
        self.x, self.y = self.x[:SAMPLES], self.y[:FRAMES]
        self.channel()
        return self

    def channel(self):
        """The way through the network, but for the codecs."""
        rng, n = self.rng, SAMPLES
        x = self.x
        if rng.random() < .4:
            x = x + self.noise(n, self.level - rng.uniform(12, 35))
        how = rng.random()
        if how < .9:
            low, high = (rng.uniform(180, 400), rng.uniform(3_100, 3_700)) if how < .8 else (rng.uniform(350, 600), rng.uniform(2_300, 3_000))
            x = sosfilt(butter(int(rng.integers(1, 5)), [low, high], "bandpass", fs=RATE, output="sos"), x)
        if rng.random() < .3:                                        # handsets and trunks tilt
            x = lfilter([1, -rng.uniform(-.6, .7)], [1], x)
        quiet = self.y == 0
        floor = 10 ** (rng.choice([rng.uniform(-75, -55), rng.uniform(-60, -42)]) / 20)
        noise = coloured(rng, n) * floor
        if rng.random() < .12:
            t, mains = np.arange(n) / RATE, rng.choice([50, 60])
            noise = noise + floor * 10 ** (rng.uniform(0, 12) / 20) * sum(rng.random() * np.sin(2 * np.pi * mains * k * t) for k in (1, 2, 3, 5, 7, 9))
        if rng.random() < .3:                                        # the floor steps when the other end comes on
            noise[:rng.integers(n)] *= 10 ** (rng.uniform(-20, 6) / 20)
        if rng.random() < .12:                                       # nothing sent in silence: digital zero, or the receiver's comfort noise
            gate = np.repeat(~binary_closing(np.pad(self.x[:n].reshape(-1, HOP).any(axis=1), 30), np.ones(21))[30:-30], HOP)
            noise = np.where(gate, coloured(rng, n) * floor * rng.choice([0, .3, 1]), noise)
            x = np.where(gate, 0, x)
        x = x + noise
        if rng.random() < .15:                                       # automatic gain control
            level = np.sqrt(np.convolve(frame_level(x), np.ones(30) / 30, "same"))
            smooth = lfilter([.01], [1, -.99], np.clip(10 ** (rng.uniform(-26, -16) / 20) / (level + 1e-6), .1, rng.uniform(3, 12)))
            x = x * np.repeat(np.maximum(smooth, .05), HOP)[:n]
        x = x * 10 ** (rng.uniform(-14, 6) / 20)
        if rng.random() < .06:
            x = x * 10 ** (rng.uniform(6, 18) / 20)
        x = np.clip(x, -1, 1)
        if rng.random() < .22:                                       # lost packets of 20 ms: repeated or left out
            p, lost = rng.choice([.005, .01, .03, .06]), False
            repeats = rng.choice([0, .5, 1])
            for f in range(160, n - 160, 160):
                lost = rng.random() < (.4 if lost else p)
                if lost:
                    x[f:f + 160] = x[f - 160:f] * .9 if rng.random() < repeats else 0
        self.x = x


def through(chain, x):
    """Samples through a chain of codecs; the delay that a chain adds is taken off again."""
    y = x
    with tempfile.TemporaryDirectory() as tmp:
        for i, name in enumerate(chain):
            ext, args = CODECS[name]
            a, b, c = (str(Path(tmp) / f"{i}{k}") for k in ("a.wav", f"b.{ext}", "c.wav"))
            sf.write(a, y, RATE, subtype="PCM_16")
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-threads", "1", "-i", a, *args, b], check=True, capture_output=True)
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-threads", "1", "-i", b, "-ar", str(RATE), "-ac", "1", "-c:a", "pcm_s16le", c], check=True, capture_output=True)
            y = sf.read(c)[0]
    m = min(len(x), len(y), RATE * 120)
    spectrum = np.fft.rfft(x[:m], 2 * m).conj() * np.fft.rfft(y[:m], 2 * m)
    lags = np.fft.irfft(spectrum)[:2_000]
    lag = int(np.argmax(lags)) if chain else 0
    return np.resize(np.concatenate([y[lag:], np.zeros(len(x))]), len(x))


def batch(job):
    """Some excerpts of one seed through one chain: features, labels, notes."""
    data, side, seed, number, only, crossed = job
    store, rng = Store(data), np.random.default_rng([seed, number])
    chain = CHAINS[number % len(CHAINS)]
    made = [Excerpt(store, side, rng).compose(only) for _ in range(crossed)]
    x = np.concatenate([e.x for e in made])
    x = through(chain, np.clip(np.round(x * 32_768), -32_768, 32_767) / 32_768)
    feats = np.stack([front_end.features(x[i * SAMPLES:(i + 1) * SAMPLES].astype(np.float32))[:FRAMES] for i in range(crossed)]).astype(np.float16)
    return feats, np.stack([e.y for e in made]), [{"codec": "+".join(chain) or "none", "of": e.made_of} for e in made]


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("data", type=Path)
    ap.add_argument("side", choices=["train", "dev", "tune"])
    ap.add_argument("excerpts", type=int)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--jobs", type=int, default=2)
    ap.add_argument("--crossed", type=int, default=CROSSED, help="excerpts that share one trip through the codecs")
    ap.add_argument("--name", help="of the set that is written, where not SIDE")
    ap.add_argument("--only", choices=["music", "vocal", "speech", "quiet"], help="excerpts of one kind, for false alarms by the hour; quiet: hardly anything is heard")
    a = ap.parse_args()
    n, name = -(-a.excerpts // a.crossed), a.name or a.side
    xs = np.lib.format.open_memmap(a.data / f"{name}-x.npy", "w+", np.float16, (n * a.crossed, FRAMES, front_end.N_BANDS))
    ys = np.lib.format.open_memmap(a.data / f"{name}-y.npy", "w+", np.uint8, (n * a.crossed, FRAMES))
    notes = []
    seed = a.seed * 3 + ["train", "dev", "tune"].index(a.side)
    with Pool(a.jobs) as pool:
        for i, (x, y, made) in enumerate(pool.imap(batch, [(a.data, a.side, seed, i, a.only, a.crossed) for i in range(n)])):
            xs[i * a.crossed:(i + 1) * a.crossed], ys[i * a.crossed:(i + 1) * a.crossed] = x, y
            notes += made
            print(f"{(i + 1) * a.crossed} excerpts", flush=True)
    (a.data / f"{name}.json").write_text(json.dumps(notes))


if __name__ == "__main__":
    main()
