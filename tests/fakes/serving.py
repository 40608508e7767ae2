"""
Runs an aiohttp app of a fake on a real socket, in a thread of its own: tests and browsers may block meanwhile.
"""

from __future__ import annotations

import asyncio
import random
import socket
import threading
from pathlib import Path
from types import TracebackType

from aiohttp import web

# From these the system takes the near end of outgoing connections: one may be gone before the server is up.
OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
_given: set[int] = set()


def free_port() -> int:
    """
    Return a port that nobody listens on, that no outgoing connection takes, and that was not given before.
    """
    lowest = int(OUTGOING.read_text().split()[0]) if OUTGOING.exists() else 32_768
    choose = random.SystemRandom()
    while True:
        port = choose.randrange(15_000, lowest) if lowest > 20_000 else 0
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            port = probe.getsockname()[1]
        if port not in _given:
            _given.add(port)
            return port


class Serving:
    """
    `with Serving(app) as url: …`; stop and start again on the same port with `stop` and `start`.
    """

    def __init__(self, app_factory: object, port: int | None = None):
        self._factory = app_factory
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        ready = threading.Event()
        failure: list[BaseException] = []

        async def serve() -> web.AppRunner:
            runner = web.AppRunner(self._factory(), access_log=None, shutdown_timeout=0.1)  # type: ignore[operator]
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", self.port, reuse_address=True).start()
            return runner

        def run() -> None:
            loop = asyncio.new_event_loop()
            self._loop = loop
            try:
                runner = loop.run_until_complete(serve())
            except BaseException as error:
                failure.append(error)
                ready.set()
                return
            ready.set()
            loop.run_forever()
            loop.run_until_complete(runner.cleanup())
            loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        ready.wait(10)
        if failure:
            raise failure[0]

    def stop(self) -> None:
        assert self._loop is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def __enter__(self) -> Serving:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
