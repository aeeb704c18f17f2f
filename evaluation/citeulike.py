"""Write citeulike-a as `academichub evaluate ranking` reads it, by the protocols of the published splits.

    python -m evaluation.citeulike FOLDER TARGET [--protocol A1...] [--split validation]

FOLDER holds `titles.txt` and `splits/{dropoutnet,heater,gar}`. TARGET gets a folder for each protocol:

* A1: DropoutNet's cold split, all 3,396 cold items.
* A2: the same scores over the 2,378 items of Heater's test.
* A3: GAR's cold split; each user's cold-validation items are not offered; the first 2,000 test users.
* A4-1, A4-3, A4-5, A4-10: A1, 500 users of at least twelve likes and three test items, with so many likes.
* A5-11500, A5-13000, A5-14500: items come in the order of their identifiers; the next 1,500 are a day's
  batch.

With --split validation nothing of a test set is used: a fifth of the warm items of DropoutNet's train plays
the cold ones (A1, A4), of GAR's train (A3), and A5's batches end before item 11,500, at 7,000, 8,500 and
10,000.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Pairs = np.ndarray  # shape (pairs, 2): user, item, counted from 0

PROTOCOLS: Final = ("A1", "A2", "A3", "A4", "A5")
FEW: Final = (1, 3, 5, 10)
STARTS: Final = {"test": (11_500, 13_000, 14_500), "validation": (7_000, 8_500, 10_000)}
BATCH: Final = 1_500
SAMPLED: Final = 500
GAR_USERS: Final = 2_000
HELD_BACK: Final = 0.2
SEED: Final = 7
VALIDATION_SEED: Final = 1


def titles(source: Path) -> list[str]:
    """Read the title of each item, in order."""
    return (source / "titles.txt").read_text(encoding="utf-8", errors="replace").split("\n")[:-1]


def _pairs(path: Path, *, first: int, header: bool) -> Pairs:
    table = np.loadtxt(path, delimiter=",", dtype=np.int64, skiprows=int(header))
    return table[:, :2] - first


def dropoutnet(source: Path, split: str) -> tuple[Pairs, Pairs, np.ndarray]:
    """Give train, test and candidates."""
    folder = source / "splits/dropoutnet"
    train = _pairs(folder / "train.csv", first=1, header=False)
    if split == "validation":
        return held_back(train)
    test = _pairs(folder / "test.csv", first=1, header=False)
    return train, test, np.loadtxt(folder / "test_item_ids.csv", dtype=np.int64) - 1


def held_back(train: Pairs) -> tuple[Pairs, Pairs, np.ndarray]:
    """Let a fifth of the warm items play the cold ones."""
    warm = np.unique(train[:, 1])
    rng = np.random.default_rng(VALIDATION_SEED)
    cold = np.sort(rng.choice(warm, int(HELD_BACK * len(warm)), replace=False))
    is_cold = np.isin(train[:, 1], cold)
    return train[~is_cold], train[is_cold], cold


def write(
    target: Path,
    texts: list[str],
    train: Pairs,
    test: Pairs,
    candidates: np.ndarray,
    ignored: Pairs | None = None,
) -> None:
    """Write one folder; of the papers only the liked ones and the candidates."""
    target.mkdir(parents=True, exist_ok=True)
    used = np.union1d(np.union1d(train[:, 1], test[:, 1]), candidates)
    with (target / "items.jsonl").open("w", encoding="utf-8") as file:
        for item in used:
            file.write(json.dumps({"id": str(item), "title": texts[item]}, ensure_ascii=False) + "\n")
    _write_pairs(target / "train.csv", train)
    _write_pairs(target / "test.csv", test)
    if ignored is not None:
        _write_pairs(target / "ignore.csv", ignored)
    (target / "candidates.txt").write_text("".join(f"{item}\n" for item in candidates), encoding="utf-8")


def _write_pairs(path: Path, pairs: Pairs) -> None:
    lines = "".join(f"{user},{item}\n" for user, item in pairs)
    path.write_text("user,item\n" + lines, encoding="utf-8")


def a1(source: Path, target: Path, split: str) -> None:
    """Write DropoutNet's cold split."""
    write(target / "A1", titles(source), *dropoutnet(source, split))


def a2(source: Path, target: Path, split: str) -> None:
    """Write Heater's test; on validation, Heater's validation items."""
    train, test, _ = dropoutnet(source, "test")
    name = "vali.csv" if split == "validation" else "test.csv"
    offered = np.unique(_pairs(source / "splits/heater" / name, first=0, header=True)[:, 1])
    write(target / "A2", titles(source), train, test[np.isin(test[:, 1], offered)], offered)


def a3(source: Path, target: Path, split: str) -> None:
    """Write GAR's cold split."""
    folder = source / "splits/gar"
    files = {
        name: _pairs(folder / f"{name}.csv", first=1, header=True)
        for name in ("warm_emb", "warm_map", "cold_item_val", "cold_item_test")
    }
    train = np.concatenate([files["warm_emb"], files["warm_map"]])
    if split == "validation":
        train, test, candidates = held_back(train)
        first = np.unique(test[:, 0])[:GAR_USERS]
        write(target / "A3", titles(source), train, test[np.isin(test[:, 0], first)], candidates)
        return
    masked, test = files["cold_item_val"], files["cold_item_test"]
    candidates = np.union1d(masked[:, 1], test[:, 1])
    first = np.unique(test[:, 0])[:GAR_USERS]
    write(target / "A3", titles(source), train, test[np.isin(test[:, 0], first)], candidates, masked)


def a4(source: Path, target: Path, split: str) -> None:
    """Write A1 for readers of whom one, three, five and ten likes are known."""
    train, test, candidates = dropoutnet(source, split)
    count = max(train[:, 0].max(), test[:, 0].max()) + 1
    able = np.flatnonzero(
        (np.bincount(train[:, 0], minlength=count) >= 12) & (np.bincount(test[:, 0], minlength=count) >= 3)
    )
    rng = np.random.default_rng(SEED)
    chosen = np.sort(rng.choice(able, min(SAMPLED, len(able)), replace=False))
    shuffled = {int(user): rng.permutation(train[train[:, 0] == user]) for user in chosen}
    texts = titles(source)
    background = train[:, 1]
    for likes in FEW:
        kept = np.concatenate([shuffled[int(user)][:likes] for user in chosen])
        folder = target / f"A4-{likes}"
        write(folder, texts, kept, test[np.isin(test[:, 0], chosen)], candidates)
        _add_background(folder, texts, np.unique(background))


def a5(source: Path, target: Path, split: str) -> None:
    """Write three batches of 1,500 for readers of at least five earlier likes, one a later one."""
    everything = np.concatenate(
        [
            np.array([(user, int(item)) for item in line.split()[1:]], dtype=np.int64).reshape(-1, 2)
            for user, line in enumerate((source / "users.dat").read_text().splitlines())
        ]
    )
    texts = titles(source)
    for start in STARTS[split]:
        before = everything[everything[:, 1] < start]
        batch = everything[(everything[:, 1] >= start) & (everything[:, 1] < start + BATCH)]
        count = everything[:, 0].max() + 1
        able = np.flatnonzero(
            (np.bincount(before[:, 0], minlength=count) >= 5)
            & (np.bincount(batch[:, 0], minlength=count) >= 1)
        )
        chosen = np.sort(np.random.default_rng(SEED).choice(able, min(SAMPLED, len(able)), replace=False))
        folder = target / f"A5-{start}"
        write(
            folder,
            texts,
            before[np.isin(before[:, 0], chosen)],
            batch[np.isin(batch[:, 0], chosen)],
            np.arange(start, start + BATCH),
        )
        _add_background(folder, texts, np.arange(start))


def _add_background(folder: Path, texts: list[str], background: np.ndarray) -> None:
    """Add the papers that nobody in the folder likes: the local corpus holds them too."""
    path = folder / "items.jsonl"
    there = {json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()}
    with path.open("a", encoding="utf-8") as file:
        for item in background:
            if str(item) not in there:
                file.write(json.dumps({"id": str(item), "title": texts[item]}, ensure_ascii=False) + "\n")


WRITERS: Final[dict[str, Callable[[Path, Path, str], None]]] = {
    "A1": a1,
    "A2": a2,
    "A3": a3,
    "A4": a4,
    "A5": a5,
}


def folders(protocol: str, split: str = "test") -> Iterator[str]:
    """Name the folders of a protocol."""
    if protocol == "A4":
        yield from (f"A4-{likes}" for likes in FEW)
    elif protocol == "A5":
        yield from (f"A5-{start}" for start in STARTS[split])
    else:
        yield protocol


def main() -> None:
    """Write the asked protocols."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path, metavar="FOLDER")
    parser.add_argument("target", type=Path, metavar="TARGET")
    parser.add_argument("--protocol", nargs="*", default=PROTOCOLS, choices=PROTOCOLS)
    parser.add_argument("--split", default="test", choices=tuple(STARTS))
    options = parser.parse_args()
    for protocol in options.protocol:
        WRITERS[protocol](options.source, options.target, options.split)
        print(", ".join(folders(protocol, options.split)), flush=True)


if __name__ == "__main__":
    main()
