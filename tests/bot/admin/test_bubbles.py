from __future__ import annotations

from bot.admin.bubbles import Span, lines, linked

REPLY = """Chứng thực bản sao
Lệ phí: 2.000 đồng
• Bản chính: 1 bản
1. Ra quầy
Chỉ một câu thường.

Căn cứ: Nghị định 23/2015/NĐ-CP · Nguồn: Cổng"""


def test_a_reply_is_divided_as_the_chat_page_does():
    assert [(one.kind, one.mark, one.label) for one in lines(REPLY)] == [
        ("heading", "", ""), ("text", "", "Lệ phí:"), ("item", "•", ""), ("item", "1.", ""), ("text", "", ""), ("gap", "", ""),
        ("source", "", ""),
    ]  # fmt: skip


def test_a_single_line_is_no_heading():
    assert [one.kind for one in lines("Chứng thực bản sao")] == ["text"]


def test_only_https_addresses_become_links_and_lose_what_ends_the_sentence():
    assert linked("Xem https://dichvucong.gov.vn/. Hoặc http://x.vn") == [
        Span("Xem "), Span("dichvucong.gov.vn", "https://dichvucong.gov.vn/"), Span(". Hoặc http://x.vn"),
    ]  # fmt: skip
