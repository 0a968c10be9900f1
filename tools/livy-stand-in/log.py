"""Log lines, each of which says that this is a stand-in."""
import sys
import time

MARK = '[livy-stand-in]'


def say(text):
    try:
        print(time.strftime('%H:%M:%S'), MARK, text, file=sys.stderr, flush=True)
    except OSError:
        pass  # an orphan's log has no reader any more
