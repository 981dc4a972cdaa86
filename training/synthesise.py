"""Audio that no package holds: synthetic voices, singing made from speech, tunes of our own.

    synthesise.py EARS_DATA [--voices N] [--songs N] [--tunes N]

Run after ingest.py; adds sources tts-{train,dev,test}, sung-{train,dev,test} (vocal) and tunes-{train,dev,test} to the store.
Needs espeak-ng, pyworld (WORLD vocoder) and tinysoundfont, and a General MIDI sound font (Debian: timgm6mb-soundfont).

Singing: the vocoder takes a clip of speech apart into pitch, spectrum and noise; vowels are stretched, the pitch is laid on the notes
of a melody with glides and vibrato, and the result is put over an accompaniment in the same key.
"""
import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile as sf
from scipy.signal import lfilter, resample_poly

RATE = 8_000
TEXTS = {
    "nl": "Welkom bij onze klantenservice. Alle lijnen zijn bezet, een ogenblik geduld alstublieft. Er zijn nog drie wachtenden voor u. Kies een voor vragen over uw rekening, kies twee voor een storing. Goedemorgen, u spreekt met de afdeling verkoop, waarmee kan ik u helpen? "
          "Ons kantoor is geopend van maandag tot en met vrijdag. Dit gesprek kan worden opgenomen. Nee hoor, dat is helemaal geen probleem. Wat is uw postcode en huisnummer? U wordt nu doorverbonden. De wachttijd is langer dan u van ons gewend bent.",
    "en": "Thank you for calling. All our agents are busy, please hold the line. You are number four in the queue. Press one for billing, press two to report a fault, or stay on the line. Good afternoon, this is the service desk, how may I help you? Yes, of course, let me look that up for you. "
          "Could you give me your account number please? Our office is closed. Your call may be recorded. Well, I called last week and nobody ever rang me back. Right, so what happens now?",
    "de": "Guten Tag und herzlich willkommen. Zur Zeit sind alle Leitungen belegt, bitte haben Sie einen Moment Geduld. Für Fragen zur Rechnung drücken Sie die Eins. Sie werden gleich verbunden. Mein Name ist Schneider, was kann ich für Sie tun? Unser Büro ist heute leider geschlossen. Ihre Wartezeit beträgt etwa fünf Minuten.",
    "fr": "Bonjour et bienvenue. Tous nos conseillers sont en ligne, veuillez patienter quelques instants. Pour une facture, tapez un, pour une panne, tapez deux. Ne quittez pas, nous allons vous répondre. Oui, je vous écoute, quel est votre numéro de client? Nos bureaux sont fermés, merci de rappeler demain.",
    "es": "Gracias por llamar. Todas nuestras líneas están ocupadas, espere por favor. Marque uno para facturas, marque dos para averías. Buenos días, le atiende Carmen, en qué puedo ayudarle? Su llamada es muy importante para nosotros. El tiempo de espera es de tres minutos.",
}
LANGUAGES = ["nl", "nl", "nl", "en-us", "en-gb", "de", "fr-fr", "es", "it", "pl", "pt-br", "sv", "tr", "ru", "cs", "hu", "fi", "el", "ar", "hi", "id", "ja", "ko", "cmn", "vi", "ro", "da", "nb", "uk", "fa", "sw", "eu", "ca", "et"]
VARIANTS = {"train": ["m1", "m2", "m3", "m4", "f1", "f2", "f3", "klatt", "klatt2", "Andy", "Annie", "Denis", "Gene", "Jacky", "Lee", "Mario", "Michael", "Steph", "Tweaky", "croak", "linda", "steph"],
            "dev": ["m5", "f4", "klatt3"], "test": ["m7", "f5", "klatt4", "Alex", "belinda"]}


def speak(rng, side, n):
    """So many clips of espeak-ng's voices, one sentence each."""
    for _ in range(n):
        language = str(rng.choice(LANGUAGES))
        sentences = TEXTS.get(language[:2], TEXTS[str(rng.choice(list(TEXTS)))]).replace("?", ".").split(". ")
        with tempfile.NamedTemporaryFile(suffix=".wav") as f:
            ok = subprocess.run(["espeak-ng", "-v", f"{language}+{rng.choice(VARIANTS[side])}", "-s", str(rng.integers(120, 210)), "-p", str(rng.integers(20, 75)), "-w", f.name,
                                 str(rng.choice(sentences)) + "."], capture_output=True).returncode == 0
            if not ok:
                continue
            x, rate = sf.read(f.name)
        yield resample_poly(x, 160, 441)


# Voices of recorded people: diphones, units or statistics of them.  The sentences' language is another where a voice has none of these.
FESTIVAL = {"suo_fi_lj_diphone": "fi", "hy_fi_mv_diphone": "fi", "pc_diphone": "es", "lp_diphone": "es", "cmu_us_slt_arctic_hts": "en", "ked_diphone": "en", "kal_diphone": "en", "upc_ca_ona_hts": "es",
            "czech_dita": "cs", "czech_machac": "cs", "czech_ph": "cs"}
FLITE = ["awb", "rms", "slt"]


def spoken(rng, n):
    """So many sentences of each voice of festival and flite that is installed: (voice, samples)."""
    for voice in [*FESTIVAL, *FLITE]:
        sentences = TEXTS.get(FESTIVAL.get(voice, "en"), TEXTS["es"]).replace("?", ".").split(". ")
        for _ in range(n):
            a, b = rng.integers(0, len(sentences), 2)
            text = f"{sentences[a]}. {sentences[b] if rng.random() < .3 else ''}"
            with tempfile.NamedTemporaryFile(suffix=".wav") as f:
                if voice in FLITE:
                    made = subprocess.run(["flite", "-voice", voice, "--setf", f"duration_stretch={rng.uniform(.8, 1.2):.2f}", "-t", text, "-o", f.name], capture_output=True)
                else:
                    plain = text.encode("ascii", "ignore")
                    made = subprocess.run(["text2wave", "-eval", f"(voice_{voice})", "-o", f.name], input=plain, capture_output=True)
                if made.returncode:
                    continue
                try:
                    x, rate = sf.read(f.name)
                except Exception:
                    continue
            if len(x) > rate / 2:
                yield voice, resample_poly(x, RATE, rate)


# --- tunes ---------------------------------------------------------------------------------------------------------
SCALES = [(0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 3, 5, 7, 10), (0, 2, 3, 5, 7, 9, 10)]
PROGRESSIONS = [(0, 4, 5, 3), (0, 3, 4, 0), (0, 5, 3, 4), (1, 4, 0, 0), (0, 0, 3, 4), (5, 3, 0, 4), (0, 2, 3, 4)]


def envelope(n, attack, decay, sustain):
    t = np.arange(n) / RATE
    e = np.minimum(1, t / max(attack, 1e-3)) * (sustain + (1 - sustain) * np.exp(-t / decay))
    tail = min(n, 160)
    e[n - tail:] *= np.linspace(1, 0, tail)
    return e


def note(rng, kind, midi, seconds):
    """One note of a simple instrument."""
    n = max(80, int(seconds * RATE))
    t, f = np.arange(n) / RATE, 440 * 2 ** ((midi - 69) / 12)
    if kind == "pluck":                                          # Karplus and Strong, Computer Music Journal 1983
        period = max(2, int(RATE / f))
        burst = np.zeros(n)
        burst[:period] = rng.standard_normal(min(period, n))[:n]
        a = np.zeros(period + 2)
        a[0], a[period], a[period + 1] = 1, -0.497, -0.497
        return lfilter([1], a, burst) * envelope(n, .001, 3, 1)
    partials = {"sine": [1], "organ": [1, .6, .4, .3, 0, .2], "square": [1, 0, 1 / 3, 0, 1 / 5, 0, 1 / 7], "saw": [1 / k for k in range(1, 9)], "bell": [1, .5, .3, .4],
                "flute": [1, .25, .1], "brass": [.7, 1, .8, .6, .4, .3, .2], "piano": [1, .5, .35, .2, .1, .05]}[kind]
    ratios = [1, 2.76, 5.4, 8.9] if kind == "bell" else range(1, 9)
    bend = 0 if kind in ("bell", "piano", "square") else .004 * np.sin(2 * np.pi * 5.3 * t) * np.minimum(1, t / .4)
    x = sum(a * np.sin(2 * np.pi * f * r * (t + bend / (2 * np.pi * 5.3))) for a, r in zip(partials, ratios) if a and f * r < 3_900)
    shape = {"bell": (.002, .5, 0), "piano": (.004, .6, .05), "sine": (.02, 2, .8), "square": (.003, .3, .5)}.get(kind, (.04, 1.5, .7))
    return x * envelope(n, *shape) if np.ndim(x) else np.zeros(n)


def drum(rng, kind):
    n = {"kick": 1_200, "snare": 900, "hat": 300}[kind]
    t = np.arange(n) / RATE
    if kind == "kick":
        return np.sin(2 * np.pi * (55 * t + 8 * (1 - np.exp(-t * 30)))) * np.exp(-t * 18)
    noise = rng.standard_normal(n) * np.exp(-t * (25 if kind == "snare" else 70))
    return noise * .5 if kind == "snare" else np.diff(noise, prepend=0) * .3


def beat(rng, seconds, strokes=()):
    """A pattern of drums alone, or with a bass: what a telephone leaves of some hold music.  Strokes are of a sample library, or made here."""
    step, sixteen = 60 / rng.uniform(70, 170) / 4, int(rng.choice([16, 16, 32]))
    voices = []
    for _ in range(int(rng.integers(2, 6))):
        n, decay, pitch = int(rng.uniform(.03, .3) * RATE), rng.uniform(8, 90), rng.uniform(50, 900)
        t = np.arange(n) / RATE
        hiss, body = rng.standard_normal(n), np.sin(2 * np.pi * pitch * (t - .3 * (1 - np.exp(-t * 30)) / 30))
        share = rng.choice([0, .3, .7, 1])
        if strokes:
            voices.append((strokes[len(voices) % len(strokes)][:RATE // 2], rng.random(sixteen) < rng.uniform(.1, .5), rng.uniform(.3, 1)))
            continue
        voices.append(((share * hiss + (1 - share) * body) * np.exp(-t * decay), rng.random(sixteen) < rng.uniform(.1, .5), rng.uniform(.3, 1)))
    track = np.zeros(int(seconds * RATE))
    root, line = rng.integers(33, 50), rng.integers(0, 12, sixteen)
    bass = rng.random() < .5
    for i in range(int(seconds / step)):
        for sound, pattern, gain in voices:
            if pattern[i % sixteen]:
                add(track, i * step, sound, gain * rng.uniform(.8, 1))
        if bass and (i % sixteen) % 4 == 0:
            add(track, i * step, note(rng, "square", root + line[i % sixteen], step * 3), .6)
    return track


def add(track, start, x, gain):
    i = int(start * RATE)
    x = x[:max(0, len(track) - i)]
    track[i:i + len(x)] += gain * x


class Song:
    """Key, tempo, chords and a melody over them; renders whole or as a backing for a singer."""

    def __init__(self, rng):
        self.rng = rng
        self.scale, self.root = SCALES[rng.integers(len(SCALES))], int(rng.integers(45, 57))
        self.beat, self.chords = 60 / rng.uniform(60, 150), PROGRESSIONS[rng.integers(len(PROGRESSIONS))]
        self.bars = int(rng.choice([2, 4, 4, 8]))
        rhythm = [(1, 1, 1, 1), (1.5, .5, 1, 1), (.5, .5, 1, 2), (2, 2), (.5,) * 8, (1, .5, .5, 1, 1), (4,), (.75, .75, .5, 1, 1)]
        degree, self.melody = int(rng.integers(0, 7)), []           # (start beat, beats, midi)
        for bar in range(self.bars):
            at = bar * 4.0
            for length in rhythm[rng.integers(len(rhythm))]:
                degree = int(np.clip(degree + rng.choice([-2, -1, -1, 0, 1, 1, 2, 4, -4]), -3, 10))
                if rng.random() > .1:
                    self.melody.append((at, length, self.pitch(degree) + 12))
                at += length

    def pitch(self, degree):
        return self.root + 12 * (degree // len(self.scale)) + self.scale[degree % len(self.scale)]

    def render(self, seconds, lead=True, drums=None):
        rng, track = self.rng, np.zeros(int(seconds * RATE))
        kinds = ["sine", "organ", "square", "saw", "bell", "flute", "brass", "piano", "pluck", "pluck", "piano"]
        solo, backing, bass = (str(k) for k in rng.choice(kinds, 3))
        four = lead and rng.random() < .25                            # a handful of notes, again and again, nothing else
        drums = rng.random() < .5 if drums is None else drums
        arpeggio, loop = rng.random() < .5, self.bars * 4 * self.beat
        cache = {}

        def play(kind, midi, length):
            key = (kind, midi, round(length, 3))
            if key not in cache:
                cache[key] = note(rng, *key)
            return cache[key]
        at = 0.0
        while at < seconds:
            if lead:
                for start, length, midi in self.melody[:4] if four else self.melody:
                    add(track, at + start * self.beat, play(solo, midi, length * self.beat * .95), 1)
            if not four:
                for bar in range(self.bars):
                    degrees = [self.chords[bar % 4] + k for k in (0, 2, 4)]
                    for i in range(4):
                        when = at + (bar * 4 + i) * self.beat
                        if arpeggio:
                            add(track, when, play(backing, self.pitch(degrees[i % 3]), self.beat), .5)
                        elif i == 0:
                            for d in degrees:
                                add(track, when, play(backing, self.pitch(d), self.beat * 4), .3)
                        if i % 2 == 0:
                            add(track, when, play(bass, self.pitch(degrees[0]) - 12, self.beat * 2), .6)
                        if drums:
                            add(track, when, drum(rng, "kick" if i % 2 == 0 else "snare"), .9)
                            add(track, when + self.beat / 2, drum(rng, "hat"), .6)
            at += (2 if four and rng.random() < .3 else 1) * (4 * self.beat * (1 if four else self.bars))
        return track


def midi_files(data: Path):
    """Debian packages' MIDI files, by folder name."""
    return sorted(f for p in ("openttd-openmsx", "planetblupi-music-midi", "freedink-data") for f in (data / "deb" / p).rglob("*") if f.suffix.lower() in (".mid", ".midi"))


def played(path, font, seconds, start):
    """A MIDI file through a sound font."""
    import tinysoundfont
    synth = tinysoundfont.Synth(samplerate=16_000)
    synth.sfload(str(font))
    seq = tinysoundfont.Sequencer(synth)
    seq.midi_load(str(path))
    out = []
    for i in range(int((start + seconds) * 10)):
        seq.process(.1)
        block = np.frombuffer(synth.generate(1_600), np.float32).reshape(-1, 2).mean(axis=1)
        if i >= start * 10:
            out.append(block.copy())
    return resample_poly(np.concatenate(out).astype(np.float64), 1, 2)


ENSEMBLES = [[0], [0, 4, 11], [40, 41, 42, 43], [48], [48, 60, 73, 68], [73, 71, 68, 70], [60, 56, 57, 58], [24], [24, 25, 73], [6], [19], [46, 73], [21], [12, 11], [104, 24], [52, 48], [88, 89, 92], [0, 40, 42], [26, 33],
             [107, 77], [80, 81], [56, 65, 32], [105], [45, 73], [10], [22, 24]]


def score(rng, name, fonts, seconds):
    """A piece of music21's corpus on instruments and at a pace of our choosing."""
    import music21
    import tinysoundfont
    piece = music21.corpus.parse(name)
    parts = list(piece.parts)[:8] if hasattr(piece, "parts") else [piece]
    tempo, notes = rng.uniform(.35, .8), []                            # seconds a quarter note
    programs = ENSEMBLES[rng.integers(len(ENSEMBLES))]
    for channel, part in enumerate(parts):
        loud = int(rng.integers(55, 115))
        for n in part.flatten().notes:
            at = float(n.offset) * tempo
            if at < seconds and float(n.quarterLength) > 0:
                swell = int(loud * (.75 + .25 * np.sin(at / 9 + channel)))
                for p in n.pitches:
                    notes += [(at, channel, int(p.midi), swell), (at + float(n.quarterLength) * tempo * .95, channel, int(p.midi), 0)]
    synth = tinysoundfont.Synth(samplerate=16_000)
    font = synth.sfload(str(fonts[rng.integers(len(fonts))]))
    for channel in range(len(parts)):
        synth.program_select(channel, font, 0, programs[channel % len(programs)])
    out, now = [], 0.0
    for at, channel, key, velocity in sorted(notes):
        if at - now > 1 / 16_000:
            n = int((at - now) * 16_000)
            out.append(np.frombuffer(synth.generate(n), np.float32).reshape(-1, 2).mean(axis=1).copy())
            now += n / 16_000
        synth.noteon(channel, key, velocity) if velocity else synth.noteoff(channel, key)
    return resample_poly(np.concatenate(out).astype(np.float64), 1, 2)


def scores(rng, n, fonts):
    """So many pieces, no two the same."""
    import music21
    names = [p for p in music21.corpus.getCorePaths() if p.suffix in (".mxl", ".xml", ".krn", ".abc") and p.stat().st_size < 60_000]
    for i in rng.permutation(len(names))[:n]:
        try:
            x = score(rng, names[i], fonts, 75)
        except Exception:
            continue
        if len(x) > 15 * RATE and np.abs(x).max() > 1e-3:
            yield x


# --- singing -------------------------------------------------------------------------------------------------------
def sung(rng, clips, seconds):
    """Speech clips made to sing a song's melody, over its backing."""
    import pyworld
    song = Song(rng)
    track = np.zeros(int(seconds * RATE))
    backing = song.render(seconds, lead=rng.random() < .3)
    at, verse = song.beat * 4 * rng.integers(0, 3), 0
    shift = None
    while at < seconds - 2:
        x = clips[rng.integers(len(clips))][:RATE * 8].astype(np.float64) / 32_768
        x = resample_poly(x, 2, 1)
        f0, t = pyworld.dio(x, 16_000, f0_floor=70, f0_ceil=400)
        f0 = pyworld.stonemask(x, f0, t, 16_000)
        voiced = f0[f0 > 0]
        if len(voiced) < 30:
            continue
        spectrum, noise = pyworld.cheaptrick(x, f0, t, 16_000), pyworld.d4c(x, f0, t, 16_000)
        if shift is None:                                            # sing in the octaves of the voice
            mean = 69 + 12 * np.log2(np.median(voiced) / 440)
            shift = 12 * round((mean + 3 - np.mean([m for _, _, m in song.melody])) / 12)
        stretch = rng.uniform(1.2, 2.4)
        length = np.where(f0 > 0, stretch, .9)                        # vowels are held, consonants are not
        position = np.concatenate([[0], np.cumsum(length)])
        frames = np.interp(np.arange(int(position[-1])), position[:-1], np.arange(len(f0)))
        pick = np.round(frames).astype(int)
        seconds_now = at + np.arange(len(pick)) * .005
        melody = np.full(len(pick), np.nan)
        loop = song.bars * 4 * song.beat
        for start, beats, midi in song.melody:
            melody[((seconds_now % loop) >= start * song.beat) & ((seconds_now % loop) < (start + beats) * song.beat)] = midi
        good = ~np.isnan(melody)
        if not good.any():
            at += 1
            continue
        melody = np.interp(np.arange(len(pick)), np.where(good)[0], melody[good])
        glide = int(rng.uniform(6, 20))
        melody = np.convolve(np.pad(melody, glide, mode="edge"), np.ones(glide) / glide, "same")[glide:-glide]
        vibrato = rng.uniform(0, .45) * np.sin(2 * np.pi * rng.uniform(4.8, 6.2) * seconds_now)
        new = np.where(f0[pick] > 0, 440 * 2 ** ((melody + shift + vibrato - 69) / 12), 0)
        y = pyworld.synthesize(np.ascontiguousarray(new), np.ascontiguousarray(spectrum[pick]), np.ascontiguousarray(noise[pick]), 16_000)
        y = resample_poly(y, 1, 2)
        add(track, at, y / (np.abs(y).max() + 1e-9), 1)
        at += len(y) / RATE + rng.choice([.1, song.beat, song.beat * 4], p=[.5, .35, .15])
    level = 0 if rng.random() < .1 else 10 ** (rng.uniform(-14, 2) / 20)     # one in ten sings alone
    rms = lambda v: np.sqrt(np.mean(v ** 2)) + 1e-9
    return track / rms(track) + level * backing / rms(backing)


def as_clip(x):
    return np.round(x * 16_000 / (np.abs(x).max() + 1e-9)).astype(np.int16)


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("data", type=Path)
    ap.add_argument("--voices", type=int, default=1_600)
    ap.add_argument("--songs", type=int, default=150)
    ap.add_argument("--tunes", type=int, default=240)
    ap.add_argument("--more", type=int, metavar="N", help="in place of the rest: N sentences of each voice of festival and flite, 15 N of music21's scores, for training")
    a = ap.parse_args()
    from compose import Store
    store, new = Store(a.data), {}
    fonts = sorted(a.data.glob("deb/*/usr/share/sounds/sf2/TimGM6mb.sf2"))
    files = midi_files(a.data)
    if a.more:
        rng = np.random.default_rng(77)
        for voice, x in spoken(rng, a.more):
            new.setdefault(f"festival-{voice}", ("speech", []))[1].append(as_clip(x))
        print("voices", len(new), flush=True)
        every = fonts + sorted(a.data.glob("deb/*/usr/share/sounds/sf2/FluidR3_GM.sf2"))
        new["scores-train"] = "music", [as_clip(x) for x in scores(rng, 15 * a.more, every)]
        print("scores", len(new["scores-train"][1]), flush=True)
    for number, (side, share) in enumerate([] if a.more else [("train", .8), ("dev", .08), ("test", .12)]):
        rng = np.random.default_rng(number)
        new[f"tts-{side}"] = "speech", [as_clip(x) for x in speak(rng, side, int(a.voices * share))]
        print(side, "voices", flush=True)
        tunes = [Song(rng).render(rng.uniform(40, 90)) for _ in range(int(a.tunes * share))]
        mine = [f for i, f in enumerate(files) if (i % 10 == 8) == (side == "dev") and (i % 10 == 9) == (side == "test")]
        for f in mine if fonts else []:
            try:
                tunes.append(played(f, fonts[0], 90, 5))
            except Exception as e:
                print(f.name, e)
        new[f"tunes-{side}"] = "music", [as_clip(x) for x in tunes if np.abs(x).max() > 1e-3]
        print(side, "tunes", len(tunes), flush=True)
        if side != "test":                                           # real singers only judge
            voices = [c for s in store.sources("speech", side) if not s.startswith(("klettres", "ktuberling", "tts")) for c in store.clips(s)[:300] if RATE * 1.5 < len(c) < RATE * 12]
            new[f"sung-{side}"] = "vocal", [as_clip(sung(rng, voices, rng.uniform(40, 80))) for _ in range(int(a.songs * share))]
            print(side, "songs", flush=True)
    index = [row for row in json.loads((a.data / "store" / "index.json").read_text()) if row["source"] not in new]
    for source, (kind, xs) in new.items():
        np.save(a.data / "store" / f"{source}.npy", np.concatenate(xs))
        at = 0
        for i, x in enumerate(xs):
            index.append({"source": source, "kind": kind, "name": f"{source}-{i}", "start": at, "length": len(x)})
            at += len(x)
    (a.data / "store" / "index.json").write_text(json.dumps(index))


if __name__ == "__main__":
    main()
