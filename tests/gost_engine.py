"""Whether Debian's GOST engine for OpenSSL, a judge that nobody here wrote, is there."""

import shutil
import subprocess


def absent():
    """Why it is not, or nothing."""
    if shutil.which("openssl") is None:
        return "OpenSSL's command is not installed"
    found = subprocess.run(["openssl", "engine", "gost"], capture_output=True, check=False)
    return "OpenSSL's GOST engine is not installed (Debian: libengine-gost-openssl)" if found.returncode else ""


ABSENT = absent()
