"""
Serves one page with several phones: side by side on a wide screen, behind tabs on a narrow one.

    python -m emulators.phone --port 8087 --ward "phường Mẫu" --chat http://localhost:8080/phuong-mau \
        --phone zalo=http://localhost:8084/_phone/ --phone telegram=http://localhost:8086/_phone/
"""

from __future__ import annotations

import argparse
from urllib.parse import urlsplit

from aiohttp import web

from emulators.phone.overview import build


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8087)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--phone", action="append", required=True, type=_phone, metavar="KIND=URL")
    parser.add_argument("--ward", default="", help="whose office is rehearsing")
    parser.add_argument("--chat", type=_address, help="address of the web chat, for a link")
    options = parser.parse_args()
    app = build(options.phone, ward=options.ward, chat=options.chat)
    web.run_app(app, host=options.host, port=options.port, access_log=None, print=lambda _line: None)


def _phone(text: str) -> tuple[str, str]:
    kind, _, address = text.partition("=")
    return kind, _address(address)


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise argparse.ArgumentTypeError(f"{text!r} is not an http:// address")
    return text


if __name__ == "__main__":
    main()
