"""What the run says: one line a check, as it happens, and the closing count."""

import time


class Results:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.began = time.monotonic()

    def check(self, name, faults, detail=""):
        """Notes one check: passed when `faults` is empty. Returns whether it passed."""
        at = f"{time.monotonic() - self.began:6.1f}s"
        if faults:
            self.failed += 1
            print(f"{at} FAIL {name}", flush=True)
            for fault in faults[:6]:
                print(f"            {fault}", flush=True)
        else:
            self.passed += 1
            print(f"{at} ok   {name}{'  (' + detail + ')' if detail else ''}", flush=True)
        return not faults

    def say(self, text):
        print(f"{time.monotonic() - self.began:6.1f}s      {text}", flush=True)

    def close(self):
        """The closing line, and the exit code that goes with it."""
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 0 if self.failed == 0 and self.passed > 0 else 1
