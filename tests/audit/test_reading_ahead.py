"""An audit over HTTP asks for several files at once, and finds what it would find one by one."""

import shutil

import pytest

from dauys.audit.report import build
from dauys.audit.run import Audit
from dauys.cli.sources import AT_ONCE, open_source
from slow_server import slow_server


@pytest.fixture
def audit(log, tmp_path):
    """Audits the log over HTTP; what the server counted, the report."""

    def run():
        root = tmp_path / "portal"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(log.folder, root / "log")
        for number, count in enumerate(log.counts()["subjects"].values(), 1):
            page = root / f"petitions/{number}/count.json"
            page.parent.mkdir(parents=True)
            page.write_text(f'{{"size":{log.size},"signatures":{sum(count.values())},"final":0}}')
        with slow_server(root) as seen, open_source(seen.address) as source:
            return seen, build(Audit(source, [log.signer.verifier]).run())

    return run


def findings(report):
    return [(each["index"], each["code"]) for each in report["findings"] if each["kind"] == "broken"]


def test_files_are_asked_for_several_at_once_on_kept_connections(log, audit):
    seen, report = audit()
    assert report["size"] == log.size
    assert 2 <= seen.at_once["tile"] <= AT_ONCE
    assert seen.connections <= AT_ONCE + 1 < len(seen.requests)


@pytest.mark.parametrize("path", ["tile/entries/001", "tile/0/001", "tile/1/000.p/*"])
@pytest.mark.parametrize("harm", ["change", "lose"])
def test_what_is_broken_is_found_as_in_a_folder(log, audit, path, harm):
    file = next(log.folder.glob(path))
    if harm == "lose":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-1] + b"!")
    _, report = audit()
    trees = [finding for finding in report["findings"] if finding["code"] == "tree"]
    assert len(trees) == 1
    if harm == "lose":
        assert str(file.relative_to(log.folder)) in str(trees)
    else:
        assert trees == [finding for finding in log.audit()["findings"] if finding["code"] == "tree"]
