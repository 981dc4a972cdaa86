#!/usr/bin/env python3
"""Fit the weights by which a live person is told from a recording, and say how right they are.

    cargo build --release --example person_signs
    target/release/examples/person_signs SET... > SIGNS.jsonl          (sets of composed calls with their truth)
    training/person.py SIGNS.jsonl... [--test SET,SET...] [--out src/timeline/person/weights.toml]

A set is a folder as `bezet simulate` writes it: calls/LINE/*.wav, lines/LINE/prompts/*.wav, calls.csv, segments.csv.  Every
passage of every call is one choice: a person begins to speak at one of its utterances, or nobody does.  The truth of a
passage is the first stretch labelled `human` in it.  A conditional logistic model with a quadratic penalty is fitted to
the sets that are not held out, then tried on those that are; with --out it is fitted to all of them and written.

Numpy and scipy are all it needs; the same signs give the same weights.
"""
import argparse
import csv
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

PENALTY = 0.3
# a beginning this far from the truth is not the truth's
NEAR_S = 1.2
# of the same voice in the same line, a call is seen in three ways
WAYS = ("prompts", "line", "single")
# what can only speak one way, whatever some calls say: nobody becomes a person by being a known recording
SIGNED = {"recurring_s": -1, "left_unknown_s": -1, "left_unlisted_s": -1, "left_same_voice_s": -1, "unlisted_among": 1, "unknown_among": 1,
          "key_follows": -1, "beep_follows": -1, "caller_answers": 1, "caller_silent": -1, "turns": 1}


def rows(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def truth(folder):
    people = {}
    for row in rows(Path(folder) / "segments.csv"):
        if row["label"] == "human":
            people.setdefault(row["file"].rsplit(".", 1)[0], []).append((float(row["start_s"]), float(row["end_s"])))
    return people


def read(files):
    names, choices, truths, skipped = None, [], {}, 0
    for file in files:
        for line in open(file, encoding="utf-8"):
            call = json.loads(line)
            if "signs" in call:
                assert names in (None, call["signs"]), "signs of different programs"
                names = call["signs"]
                continue
            if call["set"] not in truths:
                truths[call["set"]] = truth(call["set"])
            people = truths[call["set"]].get(call["file"], [])
            first = min((p[0] for p in people), default=np.inf)
            for passage in call["passages"]:
                start, end = passage["span"]
                if not passage["beginnings"]:
                    continue
                at = np.array([b["at"] for b in passage["beginnings"]])
                signs = np.array([b["signs"] for b in passage["beginnings"]])
                inside = [max(a, start) for a, b in people if min(b, end) - max(a, start) > 0.3]
                right = -1
                if inside:
                    # who speaks already when the passage begins does so from its first utterance on
                    distance = np.abs(at - (at[0] if min(inside) <= start + 0.01 else min(inside)))
                    right = int(distance.argmin())
                    if distance[right] > NEAR_S:
                        skipped += 1
                        continue
                choices.append(dict(set=Path(call["set"]).name, way=call["way"], call=call["file"], span=(start, end), at=at, signs=signs,
                                    right=right, later=start > first + 0.5, first=first))
    return names, choices, skipped


def probabilities(signs, weights):
    odds = signs @ weights
    top = max(0.0, odds.max())
    e = np.exp(odds - top)
    return e / (np.exp(-top) + e.sum()), top + np.log(np.exp(-top) + e.sum())


def fit(names, choices):
    def loss(weights):
        value, slope = PENALTY * (weights @ weights) / 2, PENALTY * weights
        for c in choices:
            p, total = probabilities(c["signs"], weights)
            # after the first person what follows matters less: it moves no wait
            share = 0.5 if c["later"] else 1.0
            value += share * (total - (c["signs"][c["right"]] @ weights if c["right"] >= 0 else 0.0))
            slope = slope + share * (p @ c["signs"] - (c["signs"][c["right"]] if c["right"] >= 0 else 0.0))
        return value, slope

    bounds = [{-1: (None, 0), 1: (0, None)}.get(SIGNED.get(n, 0), (None, None)) for n in names]
    return minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", bounds=bounds, options=dict(maxiter=400)).x


def report(title, choices, weights):
    """Call by call: whether the first person is found within a second, and nobody where there is nobody."""
    for way in WAYS:
        calls, sure = {}, []
        for c in (c for c in choices if c["way"] == way):
            calls.setdefault((c["set"], c["call"]), []).append(c)
        found = people = none = nobody = 0
        for passages in calls.values():
            got, confidence, so_far = None, 0.0, 1.0
            for c in passages:
                p, _ = probabilities(c["signs"], weights)
                if p.sum() > 0.5 and got is None:
                    got = c["at"][p.argmax()]
                    confidence = so_far * p[np.abs(c["at"] - got) <= 1].sum()
                so_far *= 1 - p.sum()
            first = passages[0]["first"]
            if np.isfinite(first):
                people += 1
                right = got is not None and abs(got - first) <= 1
                found += right
            else:
                nobody += 1
                right = got is None
                none += right
            if got is not None and confidence >= 0.95:
                sure.append(right)
        if calls:
            print(f"{title:10} {way:8} found {found / max(1, people):.3f} of {people}, none {none / max(1, nobody):.3f} of {nobody}, "
                  f"surer than 0.95: {len(sure)}, wrong {len(sure) - sum(sure)}")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("signs", nargs="+")
    ap.add_argument("--test", default="", help="names of sets that are held out")
    ap.add_argument("--out", help="where the weights go, fitted to all sets")
    a = ap.parse_args()
    names, choices, skipped = read(a.signs)
    held = set(filter(None, a.test.split(",")))
    train, test = [c for c in choices if c["set"] not in held], [c for c in choices if c["set"] in held]
    print(f"{len(choices)} passages, {skipped} left out whose truth no utterance begins with")
    weights = fit(names, train)
    report("fitted", train, weights)
    if test:
        report("held out", test, weights)
    if a.out:
        weights = fit(names, choices)
        report("all", choices, weights)
        text = ["# Made by training/person.py from: " + ", ".join(sorted({c["set"] for c in choices})) + "\n"]
        text += [f'\n[[sign]]\nname = "{n}"\nweight = {round(w, 3) + 0.0}\n' for n, w in zip(names, weights)]
        Path(a.out).write_text("".join(text))


if __name__ == "__main__":
    main()
