"""The documents keep step with the code: errors, settings, commands, modules, links."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
import typer

from academichub import errors
from academichub.cli.app import app
from academichub.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ("docs/guide.en.md", "docs/guide.zh.md")
DOCUMENTS = sorted(
    str(path.relative_to(ROOT)) for path in (*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md"))
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE_BLOCK = re.compile(r"```.*?```", re.DOTALL)


def concrete_errors() -> set[str]:
    """List the codes that can be raised: those of classes nothing is derived from."""
    classes = [each for each in vars(errors).values() if isinstance(each, type)]
    return {
        each.code
        for each in classes
        if issubclass(each, errors.AcademicHubError) and not each.__subclasses__()
    }


def spoken_commands() -> list[str]:
    """List the commands as one types them, groups with their members."""
    root = typer.main.get_command(app)
    members: dict[str, object] = getattr(root, "commands")  # noqa: B009  # of click's Group, which typer hides
    names: list[str] = []
    for name, command in members.items():
        inner = getattr(command, "commands", {})
        names += [f"{name} {one}" for one in inner] or [name]
    return names


def spoken_options() -> set[str]:
    """List every option somebody can give, in its first form; hidden ones are for the program itself."""
    root = typer.main.get_command(app)
    waiting: list[object] = [root]
    options: set[str] = set()
    while waiting:
        command = waiting.pop()
        waiting += getattr(command, "commands", {}).values()
        for parameter in getattr(command, "params", ()):
            if not getattr(parameter, "hidden", False) and parameter.opts[0].startswith("--"):
                options.add((parameter.secondary_opts or parameter.opts)[0])
    return options - {"--help"}


def anchor(heading: str) -> str:
    """Give a heading's anchor as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("guide", GUIDES)
def test_every_error_a_reader_can_meet_is_explained(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")

    assert {code for code in concrete_errors() if f"`{code}`" not in text} == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_no_guide_explains_an_error_that_is_gone(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    families = {code.partition(".")[0] for code in concrete_errors()}

    named = {code for code in re.findall(r"`([a-z]+\.[a-z_]+)`", text) if code.partition(".")[0] in families}

    assert named - concrete_errors() == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_every_setting_is_listed_and_none_that_is_gone(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    chapter = re.search(r"^## (?:Settings|设置)\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    assert chapter is not None

    listed = re.findall(r"^\| `([a-z_]+)` \|", chapter[1], re.MULTILINE)

    assert sorted(listed) == sorted(field.name for field in fields(Settings))


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_and_option_is_named(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")

    missing = [words for words in spoken_commands() if not re.search(rf"academichub {words}\b", text)]
    unnamed = sorted({option for option in spoken_options() if option not in text})

    assert (missing, unnamed) == ([], [])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_example_uses_a_command_that_does_not_exist(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    used = re.findall(r"(?:^\$ |`)academichub (?:--home \S+ )?([a-z]+)(?: ([a-z]+))?", text, re.MULTILINE)
    known = set(spoken_commands())
    groups = {words.split()[0] for words in known if " " in words}  # `sources` alone is a command too

    strange = [
        f"{word} {member}"
        for word, member in used
        if not (f"{word} {member}" in known or word in known or (word in groups and not member))
    ]

    assert strange == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_to_a_file_and_a_heading_that_exist(document: str) -> None:
    here = ROOT / document
    text = CODE_BLOCK.sub("", here.read_text(encoding="utf-8"))
    broken = []
    for target in LINK.findall(text):
        if target.startswith(("http://", "https://")):
            continue
        name, _, fragment = target.partition("#")
        file = (here.parent / name).resolve() if name else here
        if not file.is_file():
            broken.append(target)
        elif fragment:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            if fragment not in {anchor(heading) for heading in headings}:
                broken.append(target)

    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_that_is_named_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"`(?:academichub/)?([a-z_]+(?:/[a-z_]+)*\.py)`", text)

    places = [name for name in named if "/" in name]

    homes = (ROOT / "src" / "academichub", ROOT)
    assert [name for name in places if not any((home / name).is_file() for home in homes)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_document_names_a_folder_of_one_persons_machine(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")

    assert re.findall(r"(?<![\w.])/(?:home|root|Users|work|tmp)/", text) == []
