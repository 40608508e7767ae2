"""
What is printed and what is heard.
"""

import io
import wave

import pypdfium2
import pytest
import segno

from bot.announcements import renditions
from bot.announcements.renditions import notice_pdf, speech
from tests.bot.announcements.test_renditions import HOST, WARD, announcement


def words(content: bytes) -> tuple[int, str]:
    document = pypdfium2.PdfDocument(content)
    try:
        return len(document), " ".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def sheet(**fields: object) -> bytes:
    return notice_pdf.pdf(renditions.make(announcement(**fields), WARD, HOST)["notice"].fields)


def test_the_sheet_has_the_heading_of_an_official_notice_and_the_text():
    pages, text = words(sheet())

    assert pages == 1
    for part in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "PHƯỜNG HÒA BÌNH", "THÔNG BÁO"):
        assert part in text
    assert "khu phố 3 tạm ngừng cấp điện" in " ".join(text.split())


def test_the_same_fields_give_the_same_bytes():
    assert sheet() == sheet()


def test_the_letters_are_within_the_file():
    assert b"NotoSerif" in sheet()


def test_a_long_text_takes_smaller_letters_before_it_takes_a_second_page():
    assert words(sheet(text="Đề nghị bà con chú ý theo dõi. " * 75))[0] == 1
    assert words(sheet(text="Đề nghị bà con chú ý theo dõi. " * 180))[0] > 1


@pytest.mark.parametrize("text", ["<b>&amp;</b> <font color=red>", "😀 ngày hội", "a" * 900, "\x00\x07", ""])
def test_no_text_breaks_the_sheet(text: str):
    assert sheet(text=text).startswith(b"%PDF")


def test_the_code_on_the_sheet_is_that_of_the_page():
    code = notice_pdf.QrCode(f"{HOST}/l/abc23defg", 90)

    rows = [[bool(one) for one in row] for row in code._rows]
    assert rows == [
        [bool(one) for one in row]
        for row in segno.make(f"{HOST}/l/abc23defg", error="m", micro=False).matrix_iter(border=4)
    ]


def test_the_script_becomes_sound():
    if speech.program() is None:
        pytest.skip("espeak-ng is not installed")

    with wave.open(io.BytesIO(speech.wav("Kính thưa bà con nhân dân."))) as heard:
        assert heard.getnframes() > heard.getframerate()


def test_without_a_speech_program_an_officer_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(speech, "program", lambda: None)

    with pytest.raises(speech.SpeechError, match="chưa cài"):
        speech.wav("Kính thưa bà con.")
