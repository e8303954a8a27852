"""Texts that break out of something, or turn into something else, wherever they are not written with care."""

from __future__ import annotations

TEXTS = {
    "quotes": "a'b\"c`d",
    "newline": "a\nb: c\n  d",
    "helm": "{{ .Values.image }}",
    "helm-end": "}}{{- fail `x` -}}",
    "github": "${{ github.token }}",
    "dollar": "$HOME $1 $A",
    "dollars": "a$$b$$$c",
    "command": "$(id) `id` ; id | id & id > a",
    "comment": "# a #b *d",
    "documents": "---\na: b\n...\n",
    "carriage": "a\rb\r\nc",
    "nul": "a\0b",
    "mark": "\ufeffa\ufeff",
    "right-to-left": "a\u202eb\u2066c\u200f",
    "zero-width": "a\u200bb\u200dc\u2060d\u00ad",
    "line-separators": "a\u0085b\u2028c\u2029d\x0be\x0cf\x1cg\x1dh\x1ei",
    "hcl": "%{ if true }a%{ endif }",
    "backslash": "\\ a\\nb\\\\ \\",
    "long": "x" * 65_536,
    "yaml": "&a *b !c !!d <<: [d, {e: f}] | > % @",
    "spaces": "  a\tb  ",
    "heredoc": "<<EOT\na\nEOT\n",
    "escape": "a\x1b[31mb\x07",
    "link": "\x1b]8;;https://example.com\x1b\\a\x1b]8;;\x1b\\",
    "controls": "a\x7fb\x9bc\x9d0d",
    "xml": '<a href="b">&amp;]]>',
    "command-of-github": "::error file=a,line=1::b %0A::stop-commands::c ##[error]d ##vso[task.complete]e",
    "command-on-its-own-line": "a\n::error::b\n  ::warning::c",
    "astral": "a\U0001f980b\U000e0041c\U0010ffffd",
    "noncharacters": "a\ufffeb\uffffc",
    "number": "0o17",
    "yes": "on",
}
"""Each is refused, or arrives. No slashes: they part paths, and a path's parts have meanings."""

WORDS = (
    *("y", "n", "Y", "no", "on", "off", "yes", "true", "NULL", "null", "~", "", "=", "<<"),
    *("1e3", "0o7", "012", "08", "1_000", "12:30:00", "2001-01-01", ".inf", ".NaN", "0x1F", "0b1", "+1", "1.", "1.10"),
    *("!!str a", "!a", "&a", "*a", "---", "...", "--- a", "- a", "-", "? a", "a: b", "a:", ":", "|", ">", "%a", "@a"),
    *("`a", "{}", "[]", "#a", "a #b", '"a"', "'a'", " a", "a ", "\ta", "a\t", "\n", "a\n", "\na", "a\n\n", " \n"),
)
"""Texts that are something else as a whole: what YAML 1.1 or 1.2 reads as no text, or as less of it."""

HALF = "a\ud800b"
"""Half of a surrogate pair: no text at all, though JSON can write it."""
