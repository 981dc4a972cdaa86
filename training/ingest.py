"""Gather the sources named in sources.toml into one store of 8 kHz clips.

    ingest.py SHARED_CORPUS EARS_DATA [--add PACKAGE...]       --add: only these, what the store holds of others stays

EARS_DATA holds deb/PACKAGE (unpacked packages) and un/PACKAGE (what lay inside their archives); see fetch.sh.
Written: EARS_DATA/store/SOURCE.npy (16-bit samples, clips one after the other) and EARS_DATA/store/index.json:
a list of {source, kind, name, start, length}, start and length in samples.
"""
import json
import math
import re
import subprocess
import sys
import tomllib
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import soundfile as sf
from scipy.signal import resample_poly

RATE = 8_000
LONGEST_S = {"music": 150.0, "vocal": 300.0, "speech": 60.0, "noise": 300.0, "drum": 1.0}
SHORTEST_S = {"music": 20.0, "vocal": 5.0, "speech": 0.35, "noise": 3.0, "drum": 0.03}
AUDIO = {".wav", ".ogg", ".oga", ".mp3", ".flac", ".opus", ".it", ".xm", ".mod", ".s3m", ".wv", ".gsm", ".raw", ".mp4", ""}
# Games keep music and effects apart by folder or not at all: then length decides.
EFFECTS = re.compile(r"sfx|soundfx|/sounds?/(?!music|jorito)|/snd/sounds|ambien|/effects?/|sound/world|/units/|/tilesets/|audio/(sounds|voice)|factions/.*/sounds", re.I)
ELSEWHERE = {"supertux-data": "rap"}             # what another source already is: the corpus has this song as a source of its own, held out
MUSICAL = re.compile(r"music|bgm|/tunes|zik|ringtone|/moh/|anthem|jorito|drascula", re.I)


def decode(path: Path) -> np.ndarray | None:
    """Mono float samples at 8 kHz, or nothing where neither libsndfile nor ffmpeg can read the file."""
    if path.suffix == ".raw":
        return np.fromfile(path, "<i2").astype(np.float64) / 32_768
    try:
        x, rate = sf.read(path, dtype="float64", always_2d=True)
        x = x.mean(axis=1)
    except Exception:
        out = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:a:0", "-t", "320", "-ac", "1", "-ar", "16000", "-f", "s16le", "-"], capture_output=True, timeout=120).stdout
        x, rate = np.frombuffer(out, "<i2").astype(np.float64) / 32_768, 16_000
    if len(x) == 0:
        return None
    g = math.gcd(rate, RATE)
    return resample_poly(x, RATE // g, rate // g)


def clip(job):
    """One file's samples, cut to length, or nothing where it is too short or too quiet."""
    source, kind, path, shortest = job
    try:
        x = decode(path)
    except Exception:
        return None
    if x is None or len(x) < shortest * RATE:
        return None
    if kind == "noise" and len(x) < 3 * RATE:                  # a key's click comes again and again, at another pace each time
        x = np.concatenate([np.concatenate([x, np.zeros((37 * k * k * RATE // 400) % (RATE // 2))]) for k in range(1, 12)])
    longest = int(LONGEST_S[kind] * RATE)
    if len(x) > longest:                                       # beginnings, middles and ends alike, the same ones every time
        start = int((len(x) - longest) * (sum(path.name.encode()) % 3) / 2)
        x = x[start:start + longest]
    peak = np.abs(x).max()
    if peak < 0.003:
        return None
    return np.round(x * 0.5 / peak * 32_767).astype(np.int16) if kind != "noise" else np.round(np.clip(x, -1, 1) * 32_767).astype(np.int16)


def source_of(kind: str, package: str, path: Path) -> str:
    """Language courses hold one voice a language: each is a source."""
    if package in ("klettres-data", "ktuberling-data"):
        m = re.search(r"(?:klettres|sounds)/([a-zA-Z_@]+)/", str(path))
        return f"{package}-{m.group(1)}" if m else package
    if package == "tuxpaint-stamps-default":
        return f"tuxpaint-stamps-{m.group(1)}" if (m := re.search(r"_desc_([a-zA-Z]+)\.", path.name)) else package
    return package


def jobs(corpus: Path, data: Path):
    plan = tomllib.loads(Path(__file__).with_name("sources.toml").read_text())
    for entry in plan["corpus"]:
        for folder in sorted((corpus / "audio").glob(entry["files"])):
            if folder.is_dir():
                for f in sorted(folder.iterdir()):
                    # Songs and places of one folder stand on their own, voices and games do not.
                    apart = entry["kind"] == "noise" and folder.name != "mdn-crowd" or folder.name == "ultrastar-cc"
                    yield f.stem if apart else folder.name, entry["kind"], f, SHORTEST_S[entry["kind"]]
    for package in plan["package"]:
        for name in package["names"]:
            for root in (data / "deb" / name, data / "un" / name):
                for f in sorted(root.rglob("*")):
                    if not f.is_file() or f.is_symlink() or f.suffix.lower() not in AUDIO or f.stat().st_size < 1_500:
                        continue
                    if f.suffix == "" and (name != "blobwars-data" or not str(f).startswith(str(data / "un"))):
                        continue
                    where = str(f.relative_to(root))
                    if ELSEWHERE.get(name, "\0") in f.name:
                        continue
                    if package["kind"] == "music" and "match" not in package and (EFFECTS.search("/" + where) and not MUSICAL.search(where)):
                        continue
                    if f.suffix == ".raw" and package["kind"] != "speech":
                        continue
                    if not re.search(package.get("match", ""), "/" + where):
                        continue
                    # A game's noises are a source beside its music.
                    source = f"{name}-{package['kind']}s" if package["kind"] in ("noise", "drum") else source_of(package["kind"], name, f)
                    yield source, package["kind"], f, package.get("shortest_s", SHORTEST_S[package["kind"]])


def main():
    corpus, data = Path(sys.argv[1]), Path(sys.argv[2])
    store = data / "store"
    store.mkdir(exist_ok=True)
    added = sys.argv[4:] if "--add" in sys.argv else None
    work = [j for j in jobs(corpus, data) if added is None or any(j[0].startswith(a) for a in added)]
    print(len(work), "files", flush=True)
    index, parts = [], {}
    with Pool(2) as pool:
        for (source, kind, path, _), x in zip(work, pool.imap(clip, work, chunksize=16)):
            if x is None:
                continue
            have = parts.setdefault(source, [])
            index.append({"source": source, "kind": kind, "name": path.name, "start": sum(map(len, have)), "length": len(x)})
            have.append(x)
    for source, xs in parts.items():
        np.save(store / f"{source}.npy", np.concatenate(xs))
    if added is not None:
        index = [row for row in json.loads((store / "index.json").read_text()) if row["source"] not in parts] + index
    (store / "index.json").write_text(json.dumps(index))
    seconds, clips = Counter(), Counter()
    for row in index:
        seconds[row["kind"], row["source"]] += row["length"] / RATE
        clips[row["kind"], row["source"]] += 1
    for (kind, source), s in sorted(seconds.items()):
        print(f"{kind:7} {source:45} {clips[kind, source]:5} clips {s / 60:8.1f} min")
    for kind in LONGEST_S:
        print(f"{kind}: {sum(s for (k, _), s in seconds.items() if k == kind) / 3600:.1f} h")


if __name__ == "__main__":
    main()
