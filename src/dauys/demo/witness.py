"""The demo country's one witness: a real one, on this machine, so that pages show what a witnessed log looks like."""

from __future__ import annotations

from dauys.ledger.durable import write_durably
from dauys.ledger.keys import Keys
from dauys.ledger.places import Places
from dauys.translog.signature_types import COSIGNATURE_V1
from dauys.witness.folder import KEY_FILES, WitnessFolder

NAME = "witness.demo.dauys.localhost"
MARK = "# Made by the demo; a file without this line is left alone.\n"


def witness_folder(places: Places) -> WitnessFolder:
    """Where it keeps its things; made where there is none yet, with the log's keys on its list."""
    folder = WitnessFolder(places.var / "demo" / "witness")
    if not any((folder.path / file).exists() for file in KEY_FILES):
        WitnessFolder.create(folder.path, NAME)
    known = {key for log in folder.logs().values() for key in log.keys}
    for verifier in Keys.load(places.keys).log_verifiers:
        if verifier not in known:  # also after the log's keys were changed
            folder.add_log(verifier.vkey)
    return folder


def name_witness(places: Places, address: str) -> None:
    """Writes the log's policy: this witness at this address, or nobody where there is none."""
    written = places.witnesses
    if written.exists() and not written.read_text().startswith(MARK):
        return
    if not address:
        written.unlink(missing_ok=True)
        return
    kinds = {signer.verifier.vkey: signer.type is COSIGNATURE_V1 for signer in witness_folder(places).signers()}
    lines = [f"witness {'demo' if small else 'demo-ml-dsa'} {vkey} {address}\n" for vkey, small in kinds.items()]
    write_durably(written, (MARK + "".join(lines) + "group either any demo demo-ml-dsa\nquorum either\n").encode())
