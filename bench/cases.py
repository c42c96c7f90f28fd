"""What is measured: cards of invented people, the same for us and for the peers."""

import base64
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property

from huxin.kernel import jws
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.identifiers import kid_of
from huxin.kernel.instants import PartialDate
from huxin.trust.anchors import Anchor, Domain, TrustStore
from huxin.trust.credentials import smart_health_card
from huxin.trust.credentials.facts import Code, Facts, Name, Person, Vaccination
from huxin.trust.issue import Format, issue
from huxin.trust.verify import Basis

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SECRET = bytes(31) + b"\x07"

DOSE = Vaccination(
    disease=Code("snomed", "840539006"),
    vaccine=Code("dcc-vp", "1119349007"),
    product=Code("dcc-mp", "EU/1/20/1528"),
    maker=Code("dcc-ma", "ORG-100030215"),
    dose=2,
    series=2,
    date=PartialDate(2026, 2, 18),
)
CARD = Facts(
    Person(Name("Lin", "Zhou", "LIN", "ZHOU"), PartialDate(1998, 2, 26)),
    (DOSE,),
    identifier="URN:UVCI:01:QW:10807843F94AEE0EE5093FBC254BD813#B",
    issuer="Reed Isles Centre for Disease Control",
    place="QW",
)
HEALTH_CARD = replace(
    CARD,
    events=(replace(DOSE, vaccine=Code("cvx", "208"), batch="MM-2409"),),
    identifier="bench-0001",
    issuer="Reed Isles clinic",
)
ATTESTATION = Facts(
    Person(Name(whole="林㑇", latin_whole="LIN ZHOU"), PartialDate(2020, 3, 5)),
    (
        Vaccination(
            disease=Code("icd-11", "1F03"),
            vaccine=Code("atc", "J07BD52"),
            dose=2,
            series=2,
            date=PartialDate(2024, 9, 1),
            batch="MM-2409",
            centre="苇洲接种门诊",
        ),
    ),
    identifier="QW-7F3K-9D2M-Q8XA",
    issuer="苇洲疾控中心",
    pack="school-entry",
)


@dataclass
class Signer:
    """Reed Isles, as it signs in the bench."""

    region: str = "QW"
    environment: str = "test"
    algorithm: str = "ES256"
    health_card_issuer: str | None = "https://reed-isles.example.org/health-cards"
    key: PrivateKey = field(default_factory=lambda: PrivateKey.from_secret(SECRET))

    @cached_property
    def kid(self) -> bytes:
        return kid_of(self.key.public.spki)

    @cached_property
    def health_card_kid(self) -> str:
        return jws.thumbprint(self.key.public.jwk())

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)


SIGNER = Signer()


def text(facts: Facts, form: Format) -> str:
    return issue(facts, SIGNER, now=NOW, format=form).text


def many(count: int) -> list[str]:
    """Return the texts of `count` cards of different people."""
    people = [
        replace(CARD.person, name=Name("Lin", f"Zhou{i}", "LIN", f"ZHOU{i}")) for i in range(count)
    ]
    return [text(replace(CARD, person=one, identifier=f"URN:UVCI:01:QW:{i:032X}#B"), "hcert-1")
            for i, one in enumerate(people)]  # fmt: skip


def basis() -> Basis:
    domains: tuple[Domain, ...] = ("dcc", "huxin")
    anchors = [
        Anchor("QW", one, SIGNER.kid, SIGNER.key.public, environment="test") for one in domains
    ]
    health = Anchor(
        "QW",
        "shc",
        SIGNER.health_card_kid.encode(),
        SIGNER.key.public,
        environment="test",
        issuer=SIGNER.health_card_issuer,
    )
    return Basis(TrustStore([*anchors, health], environment="test"))


def for_peers() -> dict[str, object]:
    """Return the cases as plain data."""
    health_card = text(HEALTH_CARD, "shc")
    return {
        "hcert": text(CARD, "hcert-1"),
        "health_card": health_card,
        "jws": smart_health_card.from_chunks((health_card,)),
        "jwk": SIGNER.key.public.jwk() | {"kid": SIGNER.health_card_kid, "alg": "ES256"},
        "kid": base64.b64encode(SIGNER.kid).decode(),
        "secret": base64.b64encode(SECRET).decode(),
        "spki": base64.b64encode(SIGNER.key.public.spki).decode(),
        "pkcs8": base64.b64encode(SIGNER.key.pkcs8()).decode(),
        "picture_text": text(ATTESTATION, "hcert-100"),
    }
