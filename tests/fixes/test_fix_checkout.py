"""The token that a checkout leaves: what pushes with it keeps it, everything else loses it when somebody looks."""

from __future__ import annotations

import pytest

from fixing_samples import FIXABLE, linter, run
from svc.fixes.checkout import pushes
from svc.fixing import fix, with_edits
from svc.report.mask import hidden
from svc.source import Source

POLICY = FIXABLE["credentials-persisted"]
NAME = ".github/workflows/a.yaml"
JOB = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n"


@pytest.mark.parametrize(
    "step",
    [
        "run: git push",
        "run: |\n          git commit -am x\n          git -C docs push origin HEAD:main",
        "run: |\n          git config user.email git@acme.com\n          git push",
        "run: |\n          curl https://x:y@z/a\n          git push --follow-tags",
        "run: |\n          git \\\n            push origin",
        "run: |\n          git push https://x:${T}@github.com/a/b && git push origin v1",
        "run: |\n          git remote add b https://x:${T}@github.com/a/b\n          git push origin v1",
        "run: |\n          git clone https://x:${T}@github.com/a/b\n          git push",
        "run: if true; then (cd a && /usr/bin/git push); fi",
        "run: npx semantic-release",
        "run: npx lerna publish --yes",
        "uses: stefanzweifel/git-auto-commit-action@v5",
        "uses: peter-evans/create-pull-request@v7",
        "uses: DeterminateSystems/update-flake-lock@v24",
    ],
)
def test_a_token_that_is_pushed_with_stays(step: str) -> None:
    text = f"{JOB}      - {step}\n"
    made, new = run(POLICY, text)
    assert new == text
    reason = made.refused[0].reason
    assert "set `persist-credentials` to `true`" in reason
    assert hidden(reason) == reason


@pytest.mark.parametrize(
    "step",
    [
        "run: make",
        "run: git diff --exit-code",
        "run: git push https://x:${TOKEN}@github.com/a/b.git",
        "run: git push https://x:${{ secrets.TOKEN }}@github.com/a/b.git",
        "run: |\n          git remote set-url origin git@github.com:a/b\n          git push",
        "run: |\n          git remote add b https://x:${T}@github.com/a/b\n          git push b main",
        "run: |\n          git clone https://x:${T}@github.com/a/b\n          cd b\n          git push",
        "run: |\n          gh auth setup-git\n          git push",
        "run: |\n          # no git push here\n          make",
        "run: git config push.default simple && git stash push",
        "run: docker push a/b:1",
        "run: npx lerna run test && echo mike",
        "run: docker push a/b:1 && git log",
        "run: git fetch origin main",
        "uses: ./.github/actions/commit-and-push",
        "run: ./scripts/release.sh",
        "run: npm run release",
        "run: make publish",
    ],
)
def test_other_tokens_go_when_somebody_looks(step: str) -> None:
    text = f"{JOB}      - {step}\n"
    assert not fix({NAME: text}, linter(POLICY), [POLICY]).texts
    made, new = run(POLICY, text)
    assert not made.refused
    assert new == text.replace("@v4\n", "@v4\n        with:\n          persist-credentials: false\n")
    before = text.replace("- uses: actions", f"- {step}\n      - uses: actions").rpartition("      - ")[0]
    assert run(POLICY, before)[1].endswith("persist-credentials: false\n")


def test_reports_say_that_a_token_needs_a_review() -> None:
    (one,) = with_edits(linter(POLICY)({NAME: JOB}), {NAME: Source(NAME, JOB)}, [POLICY])
    assert one.fix is not None
    assert one.fix.safety == "unsafe"


@pytest.mark.parametrize("sign", ["git ", ".", "/", "https://${{ ", "${{ a }}", "\\\n", "a/git;", "git clone "])
def test_a_long_script_is_looked_through_in_time(sign: str) -> None:
    assert not pushes({"run": f"git https://{sign * 30_000}"})
