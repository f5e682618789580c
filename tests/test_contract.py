"""The wire does not change by accident: one golden JSON per kind, every kind survives the journey there and back.

After a change that is meant, ``python -m tests.test_contract`` writes the golden files anew; the difference is the
change of the protocol, to be read before it is committed.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from msgspec import Struct

from api_client import contract
from api_client.contract import decode, encode
from api_client.passwords import PROFILES
from api_client.secret import Secret
from tests.conftest import ROOT
from tests.portal_samples import answer_samples, step_samples

GOLDEN = ROOT / "tests" / "data" / "golden"
NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
WHISPERED = "s3cr3t-of-this-test"
FRAME: dict[str, Any] = {
    "title": "Titre « accentué »",
    "lead": "Pourquoi.\n\nEt comment.",
    "errors": {"": "Tout l’écran.", "code": "Ce champ."},
    "notice": "Un nouveau mail est parti.",
    "actions": (
        contract.Action(id="resend", label="Renvoyer", available_at=NOON),
        contract.Action(id="restart", label="Recommencer", leads_back=True),
    ),
}
SECRET = Secret(WHISPERED)
STEPS: tuple[contract.Step, ...] = (
    contract.Login(label="Nom", login="p00000400013", hint="p00000000000", **FRAME),
    contract.ProvisionalPassword(label="Mot de passe", check_character=False, retry_at=NOON, **FRAME),
    contract.BackupEmail(
        label="Adresse",
        confirmation_label="Encore",
        address="moi@example.org",
        refused_domains=("univ-exemple.example",),
        common_domains=("example.org",),
        **FRAME,
    ),
    contract.LinkSent(
        purpose="backup_email",
        address_hint="m…i@example.org",
        deadline=NOON,
        deadline_text="Valable",
        number=42,
        delivery="sent",
        **FRAME,
    ),
    contract.ActivationCode(label="Code", **FRAME),
    contract.ActivationResend(label="Adresse", address="a@b.example", hint="prenom.nom", **FRAME),
    contract.TakeOver(since=NOON, since_text="13 h 00", **FRAME),
    contract.Charter(label="Je l’accepte", version="2026-09", sha256="0" * 64, text="# Charte", accepted=True, **FRAME),
    contract.PublicDirectory(
        label="J’accepte", note="Sinon rien.", card=(contract.CardLine("Nom", "Élodie Lefèvre"),), listed=True, **FRAME
    ),
    contract.Mailbox(address="elodie.lefevre@univ-exemple.example", **FRAME),
    contract.Redirection(
        mandatory=True,
        redirect_label="Rediriger",
        label="Adresse",
        keep_copy_label="Copie",
        redirect=True,
        address="moi@example.org",
        keep_copy=False,
        refused_domains=("univ-exemple.example",),
        common_domains=("example.org",),
        **FRAME,
    ),
    contract.NewPassword(
        label="Nouveau",
        confirmation_label="Encore",
        policy=PROFILES["cnil80"],
        refused_words=("Lefèvre",),
        broken=("MDP-LONGUEUR-CLASSES",),
        **FRAME,
    ),
    contract.PhonePairing(
        label="Code",
        offer=contract.TotpOffer(uri=SECRET, key=SECRET),
        expires_at=NOON,
        optional=False,
        hidden=True,
        advice=("Installez",),
        **FRAME,
    ),
    contract.RecoveryCodes(label="Notés", codes=(SECRET, SECRET), **FRAME),
    contract.Done(
        facts=(contract.CardLine("Identifiant", "p00000400013"),),
        set_up=("Ceci",),
        in_preparation=("Cela",),
        next_url="https://e.example",
        **FRAME,
    ),
    contract.Menu(choices=(contract.Choice("password", "Mot de passe", "Le vôtre"),), choice="password", **FRAME),
    contract.SignIn(
        verification_uri="https://connexion.example/device",
        user_code="WDJB-MJHT",
        verification_uri_complete="https://connexion.example/device?user_code=WDJB-MJHT",
        expires_at=NOON,
        **FRAME,
    ),
    contract.DeviceConfirmation(model="Exemple 7", platform="Android 15", expires_at=NOON, **FRAME),
    contract.Devices(devices=(contract.Device(id="d1", model="Exemple 7", paired_text="hier"),), **FRAME),
    contract.Pending(deadline=NOON, **FRAME),
    contract.CurrentPassword(label="Mot de passe", retry_at=NOON, **FRAME),
    contract.SecondFactor(label="Code", retry_at=NOON, **FRAME),
    *step_samples(FRAME),
    contract.Refused(contact="Aide", **FRAME),
    contract.Locked(contact="Aide", **FRAME),
    contract.Expired(contact="Aide", **FRAME),
    contract.HandedOver(contact="Aide", **FRAME),
    contract.Unexpected(contact="Aide", reference="1a2b3c4d", **FRAME),
)
ANSWERS: tuple[contract.Answer, ...] = (
    contract.LoginAnswer(login="p00000400013"),
    contract.ProvisionalPasswordAnswer(password=SECRET),
    contract.BackupEmailAnswer(address="moi@example.org", confirmation="moi@example.org"),
    contract.LinkSentAnswer(code=SECRET),
    contract.ActivationCodeAnswer(code=SECRET),
    contract.ActivationResendAnswer(address="a@b.example"),
    contract.TakeOverAnswer(here=True),
    contract.CharterAnswer(accepted=True, sha256="0" * 64),
    contract.PublicDirectoryAnswer(listed=True),
    contract.MailboxAnswer(),
    contract.RedirectionAnswer(redirect=True, address="moi@example.org", keep_copy=False),
    contract.NewPasswordAnswer(password=SECRET, confirmation=SECRET),
    contract.PhonePairingAnswer(code=SECRET),
    contract.RecoveryCodesAnswer(kept=True),
    contract.MenuAnswer(choice="password"),
    contract.DeviceConfirmationAnswer(pair=True),
    contract.DevicesAnswer(revoke="d1"),
    contract.CurrentPasswordAnswer(password=SECRET),
    contract.SecondFactorAnswer(code=SECRET),
    *answer_samples(SECRET),
    contract.Act(action="resend"),
)
PROGRESS = contract.Progress(position=1, total=2, steps=(contract.RailStep(label="Connexion", state="current"),))
ENROLMENT = contract.Enrolment(
    id="e1",
    revision=3,
    journey="activation-letter",
    journey_title="Activer",
    status="active",
    server_time=NOON,
    expires_at=NOON,
    locale="fr",
    seat=1,
    progress=PROGRESS,
    can_go_back=False,
    step=STEPS[0],  # type: ignore[arg-type]
)
TOPIC = contract.HelpTopic(question="Q", answer="A", steps=("login",))
ENVELOPES: tuple[Struct, ...] = (
    ENROLMENT,
    contract.Begin(journey="activation-letter", locale="en", drawing=contract.Drawing(cols=40, rows=15, kiosk=True)),
    contract.Resume(code=SECRET, known="p00000400013"),
    contract.SwitchLocale(locale="en"),
    contract.Seated(enrolment=ENROLMENT, token=SECRET),
    contract.HandOver(code=SECRET, expires_at=NOON, known_label="votre nom de connexion"),
    contract.Catalogue(
        institution="Université Exemple",
        acronym="UE",
        accent="#0b5c8a",
        support="Aide",
        journeys=(
            contract.JourneyOffer(
                id="j", title="T", summary="S", prerequisite="P", host="H", support="Aide", leaving="L", help=(TOPIC,)
            ),
        ),
        help=(TOPIC,),
        demonstration=True,
    ),
    contract.AppOffer(uri=SECRET, key=SECRET, link=SECRET),
    contract.Problem(type="busy", title="Too many", status=503, detail="d", reference="r"),
)
SAMPLES: dict[str, Struct] = {
    **{f"step.{step.__struct_config__.tag}": step for step in STEPS},
    **{f"answer.{answer.__struct_config__.tag}": answer for answer in ANSWERS},
    **{type(envelope).__name__: envelope for envelope in ENVELOPES},
}


def leaves(kind: type[Struct]) -> set[type]:
    """Those that travel: everything below ``kind`` with nothing below it."""
    below = kind.__subclasses__()
    return {leaf for one in below for leaf in leaves(one)} if below else {kind}


def as_golden(message: Struct) -> str:
    return json.dumps(json.loads(encode(message)), ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("name", SAMPLES)
def test_every_kind_survives_the_wire(name: str) -> None:
    message = SAMPLES[name]
    assert decode(encode(message), type(message)) == message


@pytest.mark.parametrize("name", SAMPLES)
def test_the_wire_is_what_it_was(name: str) -> None:
    golden = GOLDEN / f"{name}.json"
    assert golden.exists(), f"{name} has no golden file: python -m tests.test_contract writes it"
    assert as_golden(SAMPLES[name]) == golden.read_text(encoding="utf-8")


def test_no_kind_is_without_a_sample_and_no_golden_without_a_kind() -> None:
    assert {type(step) for step in STEPS} == leaves(contract.Step) == set(get_args(contract.AnyStep))
    assert {type(answer) for answer in ANSWERS} == leaves(contract.Answer) == set(get_args(contract.AnyAnswer))
    assert {file.stem for file in GOLDEN.glob("*.json")} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_says_everything_its_kind_can_say(name: str) -> None:
    """A field left at its default would be missing from nobody's golden file."""
    message = SAMPLES[name]
    same = {
        field.name
        for field in msgspec.structs.fields(message)
        if field.default is not msgspec.NODEFAULT and field.default == getattr(message, field.name)
    }
    assert same <= {"max_length", "locale", "drawing"}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_secret_is_in_no_repr(name: str) -> None:
    assert WHISPERED not in repr(SAMPLES[name])
    assert WHISPERED not in str(SAMPLES[name])


def test_an_unknown_kind_or_field_is_refused_by_its_path_and_without_its_value() -> None:
    for body in (
        b'{"kind":"unheard_of"}',
        b'{"kind":"login","login":"x","more":"%s"}' % WHISPERED.encode(),
        b'{"kind":"provisional_password","password":["%s"]}' % WHISPERED.encode(),
    ):
        with pytest.raises(msgspec.ValidationError) as refused:
            decode(body, contract.AnyAnswer)  # type: ignore[arg-type]
        assert WHISPERED not in str(refused.value)


def write_golden(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, message in SAMPLES.items():
        (folder / f"{name}.json").write_text(as_golden(message), encoding="utf-8")


if __name__ == "__main__":
    write_golden(GOLDEN)
