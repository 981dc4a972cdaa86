"""The shared ingredients, one side of the split only: for calls whose sources no training has heard.

    ingredients.py SHARED_CORPUS SIDE OUT.json
"""
import json
import sys
import tomllib
from pathlib import Path


def main():
    corpus, side, out = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    split = {name: s for s, names in tomllib.loads(Path(__file__).with_name("split.toml").read_text()).items() for name in names}
    ing = json.loads((corpus / "audio/ingredients.json").read_text())

    def mine(path):
        p = Path(path)
        return side in (split.get(p.parent.name, "train"), split.get(p.stem, "train")) if p.parent.name in split or p.stem in split else side == "train"

    def absolute(path):
        return str(corpus / "audio" / path)
    kept = {"prompt_voices": {k: [absolute(p) for p in v] for k, v in ing["prompt_voices"].items() if split.get(k, "train") == side},
            "human_voices": {k: [[absolute(p), s, e] for p, s, e in v] for k, v in ing["human_voices"].items() if split.get(k, "train") == side}}
    for kind in ("music", "music_vocal", "noise"):
        kept[kind] = [absolute(p) for p in ing.get(kind, []) if mine(p)]
    out.write_text(json.dumps(kept))
    print({k: len(v) for k, v in kept.items()})


if __name__ == "__main__":
    main()
