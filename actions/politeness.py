"""
Which words of a message only greet, thank, agree or address somebody. Pure.
"""

import re
import unicodedata

_WORD = re.compile(r"\w+")

# Folded. A message of nothing but these words asks for nothing; one word more and knowledge is asked.
_POLITE = """
    a ad admin alo anh bac ban bot bye bai cac cam can bo chao chau chi cho chu co con cu cua da duoc dung e em goodbye
    hello hen hey hi hieu hoi i khong khoe kinh lam lo luon ma me minh mot cua moi nay nghe nguoi nha nhe nhen nhi nhieu
    o oi ok oke oki on ong qua quy ra rat roi sau shop tam biet thank thanks the thi thoi thanh tks toi troi tro ly trong
    tran uh uhm um ung u vang vay voi xin y yes
"""
POLITE = frozenset(_POLITE.split())


def fold(text: str) -> str:
    """
    Return `text` in lower case without marks; "Đ" in either of its code points becomes "d".
    """
    decomposed = unicodedata.normalize("NFD", text.lower())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.replace("đ", "d").replace("ð", "d")


def words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def says_more(text: str) -> bool:
    """
    True when something is left of the message without its polite words.
    """
    return any(word not in POLITE for word in words(text))
