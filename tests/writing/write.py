"""`python -m tests.writing.write` writes the golden modules anew; read what changed."""

import jointbridge as jb
from tests.writing.models import lacking_joint
from tests.writing.sources import GOLDEN, LANGUAGES, WRITTEN, example


def path(language, name):
    """Where the golden module of an example is."""
    return GOLDEN / language / f"{name.replace('-', '_')}.py"


def lacking_path(language):
    """Where the golden module of families that a library lacks is."""
    return GOLDEN / "lacking" / f"{language}.py"


def main():
    """Write every module, and remove those without an example."""
    for language in LANGUAGES:
        wanted = {path(language, name): name for name in WRITTEN[language]}
        for old in GOLDEN.joinpath(language).glob("*.py"):
            if old not in wanted:
                old.unlink()
        for target, name in wanted.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            source = jb.load(str(example(name))).to_source(language)
            target.write_text(source, encoding="utf-8")
        source = lacking_joint().to_source(language)
        lacking_path(language).write_text(source, encoding="utf-8")


if __name__ == "__main__":
    main()
