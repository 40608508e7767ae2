"""
Style, types, imports, content: all of them, and all their complaints, before giving up.
"""

import subprocess
import sys
import time

CHECKS = {
    "ruff": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy", "bot", "knowledge", "actions", "emulators", "tools", "bench"],
    "imports": ["lint-imports", "--no-cache"],
    "content": ["python", "-m", "knowledge", "check"],
}


def main() -> int:
    failed = []
    for name, command in CHECKS.items():
        began = time.monotonic()
        done = subprocess.run([f".venv/bin/{command[0]}", *command[1:]], capture_output=True, text=True, check=False)
        print(f"{'ok' if done.returncode == 0 else 'FAILED':7}{name} ({time.monotonic() - began:.1f} s)", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
