"""Who tells the gate what, and who keeps what of a registration: how lower rooms reach higher ones."""

from uuid import UUID

from django.conf import settings

from stonebridge.accounts import queues
from stonebridge.casework import clocks, declared, gates, parts
from stonebridge.casework import panel as casework_panel
from stonebridge.casework import shown as casework
from stonebridge.domain.actor import Purpose
from stonebridge.exchange import profiles, revocation_views
from stonebridge.exchange.desk import views as partner_desk
from stonebridge.exchange.greeting import GREETING
from stonebridge.exchange.revocations import REVOCATION
from stonebridge.exchange.witnessing import CHECKPOINT
from stonebridge.identification import facts as identification
from stonebridge.identification import file as identification_file
from stonebridge.identification import queues as identification_queues
from stonebridge.identification import services as identification_services
from stonebridge.identification.region import requests, told_views
from stonebridge.identification.region import shown as region
from stonebridge.identification.region.answering import PERSON_QUERY
from stonebridge.identification.region.blind_answering import BLIND_QUERY, BLIND_TABLE
from stonebridge.identification.region.corrections import tell_amended
from stonebridge.identification.region.follow_up import FOLLOW_UP, FOLLOW_UP_ANSWER
from stonebridge.identification.region.told import ACKNOWLEDGEMENTS, CORRECTIONS, WITHDRAWALS
from stonebridge.law.load import legal_bases_for
from stonebridge.protection import facts as protection
from stonebridge.protection import queues as protection_queues
from stonebridge.protection import services as protection_services
from stonebridge.protection import standing as protection_standing
from stonebridge.readmission import process as readmission
from stonebridge.readmission import standing as readmission_standing
from stonebridge.registry import facts as registry
from stonebridge.registry import keepers, panels
from stonebridge.reintegration import process as reintegration
from stonebridge.remedies import case as remedies_case
from stonebridge.remedies import facts as remedies
from stonebridge.remedies import panel as remedies_panel
from stonebridge.remedies import services as remedies_services
from stonebridge.remedies import standing as remedies_standing
from stonebridge.safeguards import queues as safeguards_queues
from stonebridge.safeguards.facts import Providers, register
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import Fact


def basis_is_listed(purpose: str, basis: str) -> Fact:
    """Whether the law on file lists ``basis`` for ``purpose``."""
    listed = legal_bases_for(Purpose(purpose), settings.NODE.folder / "law")
    return Fact.YES if any(entry.id == basis for entry in listed) else Fact.NO


def note_change(permit: Permit, person: UUID) -> None:
    """A person changed: the matcher must renew them, and whoever was given their data is told."""
    identification_services.note_change(permit, person)
    tell_amended(permit, person)


def wire() -> None:
    """Register providers and keepers. Called when the site's app is ready."""
    keepers.register(
        keepers.Keepers(
            changed=note_change,
            registered=identification_services.request_search,
            pictured=identification_services.note_pictures,
            needs=protection_services.keep_needs,
            claim=remedies_services.keep_claim,
            disclosed=remedies_services.note_disclosure,
        )
    )
    panels.register(
        identification_file.PANEL,
        region.PANEL,
        remedies_panel.PANEL,
        casework_panel.PANEL,
    )
    profiles.register(
        PERSON_QUERY, BLIND_QUERY, BLIND_TABLE, FOLLOW_UP, FOLLOW_UP_ANSWER, GREETING, CHECKPOINT, CORRECTIONS,
        WITHDRAWALS, ACKNOWLEDGEMENTS, REVOCATION,
    )  # fmt: skip
    declared.register({Purpose.READMISSION: readmission.PROCESSES, Purpose.RETURN: reintegration.PROCESSES})
    parts.register(remedies_case.PART)
    clocks.register(readmission_standing.running)
    gates.register(
        {
            "claim": remedies_standing.CLAIM,
            "remedy": remedies_standing.REMEDY,
            "trafficking": protection_standing.REFERRAL,
            "silence": readmission_standing.SILENCE,
            "expiry": readmission_standing.EXPIRY,
        }
    )
    queues.register(
        protection_queues.waiting_at,
        casework.waiting_at,
        identification_queues.waiting_at,
        requests.waiting_at,
        told_views.waiting_at,
        revocation_views.waiting_at,
        safeguards_queues.waiting_at,
        partner_desk.waiting_at,
    )
    register(
        Providers(
            identity_of=identification.identity_of,
            yellow_neighbours=identification.yellow_neighbours,
            claim=remedies.claim_of,
            origins=remedies.origins_of,
            referral_open=protection.referral_open,
            basis_is_listed=basis_is_listed,
            lock=registry.lock,
            find=registry.find,
            references=registry.references,
        )
    )
