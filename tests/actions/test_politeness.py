import pytest

from actions.politeness import says_more


@pytest.mark.parametrize(
    "text",
    ["xin chào", "Dạ em chào anh chị ạ", "cảm ơn em nhiều nha", "CẢM ƠN", "cam on", "tạm biệt", "vâng", "ok em", "👍", "...",
     "hello ad", "đúng rồi em ơi", "Ðúng rồi"],
)  # fmt: skip
def test_politeness_alone_asks_for_nothing(text: str):
    assert not says_more(text)


@pytest.mark.parametrize(
    "text", ["chào em, làm khai sinh cần gì", "cảm ơn, còn lệ phí?", "vneid", "em ơi 113", "đồ ngu", "ok vậy nộp đâu"]
)
def test_one_word_more_is_worth_a_look_into_knowledge(text: str):
    assert says_more(text)
