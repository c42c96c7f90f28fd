"""A world in memory: regions with keys, the cards they issue, and a checker's basis."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property

from huxin.kernel import jws
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.identifiers import kid_of
from huxin.kernel.instants import PartialDate
from huxin.trust.anchors import Anchor, Domain, TrustStore
from huxin.trust.credentials.facts import Code, Event, Facts, Name, Person, Vaccination
from huxin.trust.verify import Basis

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

LIN = Person(Name(whole="林㑇", latin_whole="LIN ZHOU"), PartialDate(2020, 3, 5))
MEASLES_DOSE = Vaccination(
    disease=Code("icd-11", "1F03"),
    vaccine=Code("atc", "J07BD52"),
    dose=2,
    series=2,
    date=PartialDate(2024, 9, 1),
    batch="MM-2409",
    centre="苇洲接种门诊",
)


def facts(event: Event = MEASLES_DOSE, *, person: Person = LIN) -> Facts:
    return Facts(
        person, (event,), identifier="QW-7F3K-9D2M-Q8XA", issuer="苇洲疾控中心", pack="school-entry"
    )


@dataclass
class Region:
    """A region that signs: the `Signer` of the tests, with its anchors for a trust list."""

    region: str
    secret: int
    environment: str = "production"
    algorithm: str = "ES256"
    health_card_issuer: str | None = "https://reed-isles.example.org/health-cards"
    key: PrivateKey = field(init=False)

    def __post_init__(self) -> None:
        self.key = PrivateKey.from_secret(self.secret.to_bytes(32, "big"))

    @cached_property
    def kid(self) -> bytes:
        return kid_of(self.key.public.spki)

    @cached_property
    def health_card_kid(self) -> str:
        return jws.thumbprint(self.key.public.jwk())

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message, deterministic=True)

    def anchor(self, domain: Domain = "huxin", **changes: object) -> Anchor:
        health_card = domain == "shc"
        anchor = Anchor(
            region=self.region,
            domain=domain,
            kid=self.health_card_kid.encode() if health_card else self.kid,
            key=self.key.public,
            environment=self.environment,
            issuer=self.health_card_issuer if health_card else None,
        )
        return replace(anchor, **changes)  # type: ignore[arg-type]  # whatever a test asks for

    def anchors(self, **changes: object) -> list[Anchor]:
        domains: tuple[Domain, ...] = ("dcc", "icvp", "huxin", "shc")
        return [self.anchor(domain, **changes) for domain in domains]


REED_ISLES = Region("QW", 1)
LANTERN_BAY = Region("QV", 2)
CLOUD_FERRY = Region("QX", 3)


def basis(
    *anchors: Anchor, environment: str = "production", as_of: datetime | None = None
) -> Basis:
    return Basis(TrustStore(anchors, environment=environment, as_of=as_of))
