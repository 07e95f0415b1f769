"""On what ground personal data may be touched for a purpose: a closed list, named at every access."""

from collections.abc import Iterable
from dataclasses import dataclass

from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput
from stonebridge.domain.parameters import Status


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A ground in law. ``model`` says that the instrument does not bind a node outside the Union.

    ``PLACEHOLDER`` status means that the article is the node's to set: it may be named in a
    demonstration, and the self-check reports it.
    """

    id: str
    titles: tuple[tuple[str, str], ...]
    instrument: str
    article: str
    purposes: frozenset[Purpose]
    status: Status
    source: str
    model: bool = False

    def title(self, language: str) -> str:
        """The title in a language, else in English."""
        known = dict(self.titles)
        return known.get(language, known["en"])


def bases_for(purpose: Purpose, bases: Iterable[LegalBasis]) -> tuple[LegalBasis, ...]:
    """The grounds that may be named for this purpose, in the order of the list."""
    return tuple(basis for basis in bases if purpose in basis.purposes)


def require_basis(
    basis_id: str, purpose: Purpose, bases: Iterable[LegalBasis], *, field: str = "legal_basis"
) -> LegalBasis:
    """The ground by its identifier; raises ``BadInput`` where it may not be named for this purpose."""
    allowed = bases_for(purpose, bases)
    for basis in allowed:
        if basis.id == basis_id:
            return basis
    raise BadInput(
        field, basis_id, f"For {purpose} choose one of: {', '.join(basis.id for basis in allowed) or 'none'}."
    )
