"""`lint --fix`, `start --answers` and `start --rules` as the README writes them, in the garden."""

from __future__ import annotations

import pytest
from growing import Plot

RULES = "magefiles/generate/validations.go"
KEY = "validate.WaterPlant_Litres"


def rules(plot: Plot) -> str:
    return (plot.root / RULES).read_text()


def answers(plot: Plot, text: str) -> str:
    path = plot.root.parent / "answers.yaml"
    path.write_text(text)
    return str(path)


def test_lint_fix_shows_the_diff_applies_it_and_names_the_generator(plot: Plot) -> None:
    said = plot.porter("lint")
    assert f"P214 {RULES}:5 GetPlant_PlantId" in said.out
    assert "next: porter lint --fix" in said.out.splitlines()[-1]
    before = rules(plot)
    mended = plot.porter("lint", "--fix", "--no-input")
    assert '+\t"GetPlant_PlantId": "notEmpty,required",' in mended.out
    assert mended.out.splitlines()[-1].startswith("next: mage generate")
    assert rules(plot) == before.replace('"required', '"notEmpty,required')
    assert "P214" not in mended.out
    assert "nothing that can be mended" in plot.porter("lint", "--fix", "--no-input").err


def test_lint_fix_writes_nothing_where_nobody_says_yes(plot: Plot) -> None:
    before = rules(plot)
    said = plot.porter("lint", "--fix", code=2)
    assert "notEmpty,required" in said.out, "the diff is shown first"
    assert "-y" in said.err
    assert rules(plot) == before


def test_answers_from_a_file(plot: Plot) -> None:
    file = answers(plot, f"{KEY}: max=30\nvalidate.WaterPlant_PlantId: strict\n")
    walk = ("start", "waterPlant", "--no-input", "--until", "validate")
    plot.porter(*walk, "--answers", file)
    assert '"WaterPlant_PlantId": "notEmpty,required",' in rules(plot)
    assert '"WaterPlant_Litres":  "max=30",' in rules(plot)
    plot.porter(*walk, "--answers", file)
    assert "left open" not in plot.porter(*walk).err


MISTAKES = [
    ("validate.WaterPlant_Liters: none", f"write validate.WaterPlant_Liters → {KEY}"),
    (f"{KEY}: max:30", "write max"),
    (f"{KEY}: acept", "write accept"),
    (f"{KEY}: 7", "write accept, strict, none or a rule"),
    ("pruning: hard", "take it out; what is asked: "),
    ("- a list", "write lines of `key: value`"),
    ("a: [", "write lines of `key: value`"),
]


@pytest.mark.parametrize(("text", "move"), MISTAKES)
def test_a_mistake_in_the_answers_is_said_with_what_to_write(
    plot: Plot, text: str, move: str
) -> None:
    said = plot.porter("start", "waterPlant", "--answers", answers(plot, text), code=2)
    assert move in said.err
    assert "WaterPlant" not in rules(plot)


def test_rules_asks_for_what_a_done_port_lacks(plot: Plot) -> None:
    (plot.root / RULES).write_text(rules(plot).replace('"required,max=250"', '"max=250"'))
    plot.git("commit", "-qam", "looser")
    said = plot.porter("lint")
    assert "CreatePlant_Name lacks required" in said.out
    assert "porter start createPlant --rules" in said.out
    walk = ("start", "createPlant", "--no-input", "--until", "validate")
    plot.porter(*walk)
    assert '"max=250"' in rules(plot), "without --rules a done port is left as it is"
    plot.porter(*walk, "--rules")
    assert '"CreatePlant_Name": "required,max=250"' in rules(plot)


def test_rules_and_answers_go_together(plot: Plot) -> None:
    (plot.root / RULES).write_text(
        rules(plot).replace("\t" + '"GetPlant_PlantId": "required",\n', "")
    )
    plot.git("commit", "-qam", "none")
    file = answers(plot, "validate.GetPlant_PlantId: none\n")
    walk = ("start", "getPlant", "--no-input", "--until", "validate", "--rules")
    plot.porter(*walk, "--answers", file)
    plot.porter(*walk)
    assert "GetPlant" not in rules(plot), "a refused rule is not asked for again"
    assert "GetPlant_PlantId" not in plot.porter("lint").out
