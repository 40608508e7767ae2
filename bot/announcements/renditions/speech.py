"""
The loudspeaker's script as sound, by espeak-ng (GPL, a program of its own) where it is installed. It reads stiffly: a help
where nobody can read aloud, and for hearing the script once before the newsreader does.
"""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache

PROGRAM, VOICE = "espeak-ng", "vi"
SPEED = 150  # words a minute, as espeak-ng counts
SECONDS = 60.0
MISSING = (
    "Máy chủ chưa cài phần mềm đọc tiếng Việt (espeak-ng) nên chưa tạo được tệp âm thanh. "
    "Anh/chị đưa bản chữ cho người đọc, hoặc báo bộ phận kỹ thuật cài giúp."
)
FAILED = "Phần mềm đọc không tạo được tệp âm thanh. Anh/chị thử lại, hoặc đưa bản chữ cho người đọc."


class SpeechError(RuntimeError):
    """
    There is no sound; the sentence is for officers.
    """


@lru_cache(maxsize=1)
def program() -> str | None:
    """
    Return where the speech program is; None when it is not installed.
    """
    return shutil.which(PROGRAM)


def wav(script: str) -> bytes:
    """
    Return the script as a WAV file. Takes seconds: run it in a thread.

    Raises:
        SpeechError: No program, or it failed.
    """
    found = program()
    if found is None:
        raise SpeechError(MISSING)
    command = [found, "-v", VOICE, "-s", str(SPEED), "-b", "1", "--stdin", "--stdout"]
    try:
        done = subprocess.run(command, input=script.encode(), capture_output=True, timeout=SECONDS, check=True)  # noqa: S603
    except (subprocess.SubprocessError, OSError) as error:
        raise SpeechError(FAILED) from error
    if not done.stdout.startswith(b"RIFF"):
        raise SpeechError(FAILED)
    return done.stdout
