"""A receipt checked as a citizen does: by the command, with nothing but the installation's public key."""

import subprocess
import sys


def verify(portal, file, expected):
    command = [sys.executable, "-m", "dauys.cli.main", "receipt", "verify", str(file)]
    result = subprocess.run(
        command,
        env={"DAUYS_VAR": str(portal.var), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode in (expected if isinstance(expected, tuple) else (expected,)), (
        result.stdout + result.stderr
    )
