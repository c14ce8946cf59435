"""The demo says where it is, in a list signed by its log's key."""

from dauys.demo.addresses import sign_own_address
from dauys.ledger.true_addresses import publish_addresses, read_addresses
from small_installation import NOW, new_installation


def test_the_demo_s_own_address_comes_first_and_is_signed_once(tmp_path):
    installation = new_installation(tmp_path / "var")
    places, keys = installation.places, installation.keys
    known = [keys.log.verifier]
    sign_own_address(places, "http://127.0.0.1:8000")
    sign_own_address(places, "http://127.0.0.1:8000")
    assert read_addresses(places, known).listed == (("site", "http://127.0.0.1:8000"),)
    assert read_addresses(places, known).serial == 1
    publish_addresses(
        places, keys, known, [("site", "http://127.0.0.1:8000"), ("mirror", "http://127.0.0.1:9000")], NOW
    )
    sign_own_address(places, "http://127.0.0.1:8001")
    found = read_addresses(places, known)
    assert (found.serial, found.of("site"), found.of("mirror")) == (
        3, ["http://127.0.0.1:8001", "http://127.0.0.1:8000"], ["http://127.0.0.1:9000"],
    )  # fmt: skip
