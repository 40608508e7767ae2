"""
Order only: what a browser walks comes last.
"""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Put tests/web at the end: Playwright's synchronous browser keeps a loop running in this thread as long as it is open,
    and no asynchronous test can start one beside it.
    """
    items.sort(key=lambda item: "/web/" in item.nodeid)
