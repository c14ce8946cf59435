import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from dauys.demo import der
from dauys.errors import AlgorithmUnknown, AnchorUnknown, CertificateMalformed, FileRejected, IssuerUntrusted
from dauys.identity import tlv
from dauys.identity import trust as anchors
from dauys.identity.certificates import Certificate
from dauys.identity.trust import Profile, TrustStore, pinned
from made_certificates import Maker


@pytest.fixture
def hierarchy():
    root, middle = Maker("ROOT"), Maker("NCA")
    return root, middle, [root.authority(root), root.authority(middle)]


def test_every_pinned_fingerprint_is_that_of_its_file(vectors, certificate):
    found = {certificate(f"ca_prod/{path.name}").fingerprint: path.stem for path in (vectors / "ca_prod").iterdir()}
    for sha256, anchor in pinned().items():
        assert found[sha256] == anchor.file
        kept = certificate(f"ca_prod/{next((vectors / 'ca_prod').glob(anchor.file + '.*')).name}")
        assert (kept.not_before, kept.not_after) == (anchor.not_before, anchor.not_after)
        assert kept.holder.common_name == anchor.name


def test_the_national_hierarchy_stands(national):
    assert len(national.authorities) == len(pinned()) == 9
    assert [one for one in national.authorities if one.problem] == []


def test_a_chain_leads_to_the_root(national_test, certificate):
    chain = national_test.chain(certificate("test_leaf/individual_valid_individual_valid.cer"))
    assert chain[1:] == (certificate("ca_test/nca_gost2022_test.cer"), certificate("ca_test/root_test_gost_2022.cer"))


def test_roots_of_one_name_are_told_apart_by_their_keys(national, certificate):
    assert national.chain(certificate("ca_prod/nca_rsa.pem"))[1] == certificate("ca_prod/root_rsa.pem")
    assert national.chain(certificate("ca_prod/nca_rsa_2022.cer"))[1] == certificate("ca_prod/root_rsa_2020.cer")


def test_an_authority_whose_root_is_absent_is_nobodys(national_test, certificate):
    with pytest.raises(IssuerUntrusted):
        national_test.chain(certificate("ca_test/nca_rsa_test.crt"))


@pytest.fixture
def unknown_store():
    """A root whose own signature is by an algorithm that is not read here: SHA-1."""
    root, middle = Maker("ROOT"), Maker("NCA")
    tbs, _, signature = tlv.children(root.authority(root).der)
    sha1 = der.sequence(der.oid("1.2.840.10045.4.1"))
    parts = tlv.children(tbs)
    parts[2] = sha1
    odd = Certificate.load(der.sequence(der.sequence(*parts), sha1, signature))
    return root, TrustStore.of([odd, root.authority(middle)], Profile.TEST)


def test_an_issuer_of_an_unread_algorithm_is_named_not_distrusted(unknown_store):
    root, trust = unknown_store
    with pytest.raises(AlgorithmUnknown):
        trust.chain(root.person())


def test_a_kept_problem_gathers_no_frames(unknown_store):
    root, trust = unknown_store
    for _ in range(3):
        with pytest.raises(AlgorithmUnknown) as caught:
            trust.chain(root.person())
    assert len(caught.traceback) <= 3


def test_the_self_made_authority_with_the_right_names_and_key_identifiers(hierarchy):
    root, middle, store = hierarchy
    false_root = Maker("ROOT", identifier=root.identifier)
    false_middle = Maker("NCA", identifier=middle.identifier)
    trust = TrustStore.of(store, Profile.TEST)
    trust.chain(middle.person())
    for forged in (
        false_middle.person(),
        false_root.authority(false_middle),
        false_root.authority(false_root),
        false_middle.person(serial=7),
    ):
        with pytest.raises(IssuerUntrusted):
            trust.chain(forged)


def test_an_authority_in_the_store_is_placed_for_its_signature_alone(hierarchy):
    root, middle, (genuine, _) = hierarchy
    false_root = Maker("ROOT", identifier=root.identifier)
    trust = TrustStore.of([genuine, false_root.authority(middle)], Profile.TEST)
    assert len(trust.authorities) == len(trust.unplaced) == 1
    with pytest.raises(IssuerUntrusted):
        trust.chain(middle.person())


def test_what_is_wrong_with_an_authority_is_wrong_with_all_below_it():
    root, middle, lower = Maker("ROOT", key=ec.generate_private_key(ec.SECP521R1())), Maker("NCA"), Maker("LOWER")
    certificates = [root.authority(root), root.authority(middle), middle.authority(lower)]
    trust = TrustStore.of(certificates, Profile.TEST)
    for certificate in (*certificates, middle.person(), lower.person()):
        with pytest.raises(AlgorithmUnknown) as caught:
            trust.chain(certificate)
        assert caught.value.facts == {"algorithm": "ECDSA secp521r1"}


def test_authorities_sent_with_a_signature_count_for_nothing(hierarchy):
    root, middle, _ = hierarchy
    trust = TrustStore.of([root.authority(root)], Profile.TEST)
    with pytest.raises(IssuerUntrusted):
        trust.chain(middle.person())


def test_a_right_signature_under_another_key_identifier_is_not_enough(hierarchy):
    _, middle, store = hierarchy
    other = Maker("NCA", key=middle.key, identifier=b"\x00" * 20)
    with pytest.raises(IssuerUntrusted):
        TrustStore.of(store, Profile.TEST).chain(other.person())


@pytest.mark.parametrize("options", [{"ca": False}, {"signs": ("crl_sign",)}])
def test_an_issuer_that_may_not_issue(options):
    root, middle = Maker("ROOT"), Maker("NCA")
    trust = TrustStore.of([root.authority(root), root.authority(middle, **options)], Profile.TEST)
    assert len(trust.authorities) == 1
    with pytest.raises(IssuerUntrusted):
        trust.chain(middle.person())


def test_a_person_cannot_issue_certificates(hierarchy):
    _, middle, store = hierarchy
    person = Maker("ТЕСТОВ ТЕСТ")
    own = middle.issue(person.name, person.key)
    trust = TrustStore.of([*store, own], Profile.TEST)
    with pytest.raises(IssuerUntrusted):
        trust.chain(person.person())


def test_no_more_authorities_than_the_path_length_allows():
    root, middle, lower = Maker("ROOT"), Maker("NCA"), Maker("LOWER")
    certificates = [root.authority(root), root.authority(middle, length=0), middle.authority(lower)]
    trust = TrustStore.of(certificates, Profile.TEST)
    assert len(trust.authorities) == 2
    trust.chain(middle.person())
    for beyond in (lower.person(), middle.authority(lower)):
        with pytest.raises(IssuerUntrusted):
            trust.chain(beyond)
    longer = TrustStore.of([root.authority(root), root.authority(middle, length=1), certificates[2]], Profile.TEST)
    assert len(longer.chain(lower.person())) == 4


def test_a_path_length_counts_from_the_nearest_limit():
    root, middle, lower, last = Maker("ROOT"), Maker("A"), Maker("B"), Maker("C")
    certificates = [
        root.authority(root, length=1), root.authority(middle, length=5), middle.authority(lower), lower.authority(last),
    ]  # fmt: skip
    assert len(TrustStore.of(certificates, Profile.TEST).authorities) == 2


def test_an_authority_that_demands_the_unknown_is_not_placed():
    root, middle = Maker("ROOT"), Maker("NCA")
    unknown = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)
    trust = TrustStore.of([root.authority(root), root.authority(middle, extra=[unknown])], Profile.TEST)
    assert len(trust.authorities) == 1


def test_a_self_issued_certificate_that_is_no_authority_is_no_root():
    root = Maker("ROOT")
    trust = TrustStore.of([root.authority(root, ca=False, signs=("digital_signature",))], Profile.TEST)
    with pytest.raises(IssuerUntrusted):
        trust.chain(root.person())


def test_the_profiles_never_mix(hierarchy, certificate):
    _, _, store = hierarchy
    with pytest.raises(AnchorUnknown) as caught:
        TrustStore.of(store, Profile.PRODUCTION)
    assert caught.value.facts == {"fingerprint": store[0].fingerprint}
    with pytest.raises(FileRejected):
        TrustStore.of([certificate("ca_prod/root_rsa_2020.cer")], Profile.TEST)


def test_a_directory_is_loaded_whole(tmp_path, vectors):
    assert TrustStore.load(tmp_path / "absent", Profile.PRODUCTION).authorities == ()
    for name in ("root_gost_2022.pem", "nca_gost_2022.pem"):
        (tmp_path / name).write_bytes((vectors / "ca_prod" / name).read_bytes())
    (tmp_path / "README").write_text("not a certificate")
    assert len(TrustStore.load(tmp_path, Profile.PRODUCTION).authorities) == 2
    (tmp_path / "damaged.cer").write_bytes(b"\x30\x03\x02\x01\x00")
    with pytest.raises(CertificateMalformed):
        TrustStore.load(tmp_path, Profile.PRODUCTION)


def test_an_unpinned_file_stops_the_production_profile(tmp_path, vectors):
    (tmp_path / "btsd.cer").write_bytes((vectors / "ca_prod" / "btsd_gost.cer").read_bytes())
    with pytest.raises(AnchorUnknown):
        TrustStore.load(tmp_path, Profile.PRODUCTION)


def test_only_a_pinned_certificate_is_added(tmp_path, vectors):
    anchor, path = anchors.add((vectors / "ca_prod" / "root_gost_2022.pem").read_bytes(), tmp_path / "new" / "trust")
    assert (anchor.file, path.name) == ("root_gost_2022", "root_gost_2022.cer")
    assert len(TrustStore.load(path.parent, Profile.PRODUCTION).authorities) == 1
    with pytest.raises(AnchorUnknown):
        anchors.add((vectors / "ca_test" / "root_test_gost_2022.cer").read_bytes(), tmp_path)
    with pytest.raises(CertificateMalformed):
        anchors.add(b"nothing", tmp_path)
    assert [file.name for file in path.parent.iterdir()] == ["root_gost_2022.cer"]
