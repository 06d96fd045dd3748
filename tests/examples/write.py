"""`python -m tests.examples.write` writes the files of `jointbridge/examples`.

Run it after a change of a model or of the format.
"""

from pathlib import Path

import jointbridge
from tests.examples.authored import MODELS, authored

FOLDER = Path(jointbridge.__file__).parent / "examples"


def path(name: str) -> Path:
    """Where the file of an example is."""
    return FOLDER / f"{name}.jb.json"


def main() -> None:
    """Write every file, and remove those without a model."""
    for old in FOLDER.glob("*.jb.json"):
        if old not in map(path, MODELS):
            old.unlink()
    for name in MODELS:
        authored(name).save(str(path(name)), overwrite=True)


if __name__ == "__main__":
    main()
