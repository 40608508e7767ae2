"""
Pure: what a file is, by its first bytes. Its name and what a platform says are the sender's word and not believed.
"""

from __future__ import annotations

import re
import unicodedata

UNKNOWN = "application/octet-stream"
# Of these a browser makes a picture and nothing else.
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
HEAD_BYTES = 64

_BEGINS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"#!AMR", "audio/amr"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"M4A ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
_OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_OLD_OFFICE = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}
_SUFFIXES = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/heic": ".heic",
    "application/pdf": ".pdf", "application/zip": ".zip", "application/rtf": ".rtf", "audio/amr": ".amr",
    "audio/ogg": ".ogg", "audio/mpeg": ".mp3", "audio/aac": ".aac", "audio/mp4": ".m4a", "audio/wav": ".wav",
    "video/mp4": ".mp4", "video/webm": ".webm", "video/quicktime": ".mov", "video/x-msvideo": ".avi",
    **{kind: suffix for suffix, kind in (_OFFICE | _OLD_OFFICE).items()},
}  # fmt: skip
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


def sniff(head: bytes, name: str | None = None) -> str:
    """
    Return the media type of a file that begins so. The name only says which of several it is inside a container.
    """
    suffix = _suffix(name or "")
    for begin, kind in _BEGINS:
        if head.startswith(begin):
            if kind == "application/zip":
                return _OFFICE.get(suffix, kind)
            return _OLD_OFFICE.get(suffix, UNKNOWN) if kind == "application/x-ole-storage" else kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    return UNKNOWN


def download_name(name: str | None, media_type: str | None, number: int) -> str:
    """
    Return a name to save a file under, with the ending of what it is: "cccd.exe" that is a picture becomes "cccd.exe.jpg".
    """
    plain = _UNSAFE.sub("_", unicodedata.normalize("NFC", name or "")).strip(" .")[:100]
    plain = "".join(one for one in plain if unicodedata.category(one)[0] != "C") or f"tep-{number}"
    wanted = _SUFFIXES.get(media_type or "", ".bin")
    if _suffix(plain) == wanted or (wanted == ".jpg" and _suffix(plain) == ".jpeg"):
        return plain
    return plain + wanted


def _suffix(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f".{suffix.lower()}" if dot and stem else ""
