"""The files that the demonstration is made from."""

import csv
import json
from pathlib import Path

HERE = Path(__file__).parent


def read_json(name: str):
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
