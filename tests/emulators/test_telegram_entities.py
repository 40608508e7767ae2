"""
Marks in a text are parsed as Telegram does, and one wrong mark refuses the whole message.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.helpers import escape_markdown

from emulators.telegram.entities import parse, units
from emulators.telegram.refusals import Refused


@pytest.mark.parametrize(
    ("mode", "text", "plain", "entities"),
    [
        ("", "*Lệ phí* <b>", "*Lệ phí* <b>", []),
        ("MarkdownV2", "*Lệ phí* _có_ __đủ__ ~bỏ~ ||kín||", "Lệ phí có đủ bỏ kín",
         ["bold", "italic", "underline", "strikethrough", "spoiler"]),
        ("MarkdownV2", "*đậm _nghiêng_*", "đậm nghiêng", ["bold", "italic"]),
        ("MarkdownV2", r"Mục 1\.1 \(mới\)", "Mục 1.1 (mới)", []),
        ("MarkdownV2", "`a.b` ```\nc-d```", "a.b \nc-d", ["code", "pre"]),
        ("MarkdownV2", r"[cổng](https://a.vn/x_\)y)", "cổng", ["text_link"]),
        ("MarkdownV2", ">trích", "trích", []),
        ("Markdown", "*đậm* _nghiêng_ `mã` 1.1", "đậm nghiêng mã 1.1", ["bold", "italic", "code"]),
        ("Markdown", r"to\_khai", "to_khai", []),
        ("HTML", "<b>đậm <i>nghiêng</i></b> 1 &lt; 2 &amp; 3", "đậm nghiêng 1 < 2 & 3", ["bold", "italic"]),
        ("html", '<a href="https://a.vn">cổng</a>', "cổng", ["text_link"]),
    ],
)  # fmt: skip
def test_marks_are_taken_out_of_the_text(mode: str, text: str, plain: str, entities: list[str]):
    parsed = parse(text, mode)

    assert parsed.text == plain
    assert [one["type"] for one in parsed.entities] == entities


def test_offsets_are_in_utf_16_units():
    [bold] = parse("😀 Lệ phí: <b>miễn</b>", "HTML").entities

    assert bold == {"type": "bold", "offset": 11, "length": 4}


@pytest.mark.parametrize(
    ("mode", "text", "why"),
    [
        ("MarkdownV2", "Mục 1.1", r"Character '\.' is reserved and must be escaped with the preceding '\\'"),
        ("MarkdownV2", "*đậm", "Can't find end of Bold entity at byte offset 0"),
        ("MarkdownV2", "Lệ `mã", "Can't find end of Code entity at byte offset 5"),
        ("MarkdownV2", "[cổng](https://a.vn", "Can't find end of a URL"),
        ("Markdown", "Lệ _phí", "Can't find end of the entity starting at byte offset 5"),
        ("HTML", "<p>đoạn</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("HTML", "<b>đậm", 'Can\'t find end tag corresponding to start tag "b"'),
        ("HTML", "<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("HTML", "1 < 2", "Unclosed start tag at byte offset 2"),
        ("HTML", "x</b>", "Unexpected end tag at byte offset 1"),
        ("BBCode", "x", "unsupported parse_mode"),
    ],
)
def test_a_wrong_mark_is_refused_and_the_reason_says_where(mode: str, text: str, why: str):
    with pytest.raises(Refused, match=why) as refused:
        parse(text, mode)

    assert refused.value.status == 400


@given(st.text(max_size=200))
def test_what_ptb_escapes_is_never_refused_and_comes_out_as_it_was(text: str):
    parsed = parse(escape_markdown(text, version=2), "MarkdownV2")

    assert parsed == (text, [])


@given(
    st.text(alphabet="ab *_~|`[]()!>\\<>/&;bế😀.#-", max_size=40), st.sampled_from(["MarkdownV2", "Markdown", "HTML"])
)
def test_any_text_is_parsed_or_refused(text: str, mode: str):
    try:
        parsed = parse(text, mode)
    except Refused:
        return

    ends = [one["offset"] + one["length"] for one in parsed.entities]
    assert max(ends, default=0) <= units(parsed.text)
