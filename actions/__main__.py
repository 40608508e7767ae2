"""
Start the action server: `python -m actions`. Settings come from the environment, see settings.py.
"""

import os
import sys

from actions import log, server, settings
from actions.errors import SettingsError


def main() -> int:
    try:
        chosen = settings.from_environment(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    log.configure(chosen.log_level)
    # One process: rasa-sdk's own start would fork a second one that only watches the first.
    server.build(chosen).run(host=chosen.host, port=chosen.port, single_process=True, motd=False, access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
