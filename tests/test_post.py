"""Mails leave once, whatever the mail server does, and whenever the backend is killed. Real SMTP, Maildir, database."""

import asyncio
import mailbox
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from msgspec import structs
from sqlalchemy import Row, select

from api_client.codes import grouped
from backend.database.tables import mails
from backend.mail.carriers import Dispatch, SmtpCarrier, SmtpUrlError
from tests.post_office import PUBLIC_URL, RECIPIENT, Office, open_office
from tests.smtp_sink import Mood, Sink, sinking

TESTS = Path(__file__).parent


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with sinking() as sink:
        yield sink


async def row_of(office: Office, mail_id: str) -> Row[Any]:
    async with office.store.read() as connection:
        return (await connection.execute(select(mails).where(mails.c.id == mail_id))).one()


# ---------------------------------------------------------------------------------------------------- the good way


async def test_a_mail_carries_the_link_and_the_code_of_its_proof(sink: Sink, tmp_path: Path) -> None:
    async with open_office(tmp_path, sink.url) as office:
        mail_id, proof = await office.owe_a_mail()
        assert await office.until_told() == [(mail_id, "sent")]
        (mail,) = sink.mails
        assert sink.recipients == [RECIPIENT]
        text = mail.get_content()
        assert f"{PUBLIC_URL}/l/{office.proofs.link_token(proof.id)}" in text.splitlines()
        assert grouped(office.proofs.code(proof.id)) in text
        row = await row_of(office, mail_id)
        assert row.sent_at is not None
        assert row.refused_at is None


async def test_writing_a_mail_is_quick_while_the_server_thinks(sink: Sink, tmp_path: Path) -> None:
    sink.mood, sink.slowness = "slow", 1.0
    async with open_office(tmp_path, sink.url) as office:
        began = time.perf_counter()
        await office.owe_a_mail()
        assert time.perf_counter() - began < 0.3
        await office.until_told()
        assert len(sink.mails) == sink.sessions == 1


async def test_a_rolled_back_act_sends_nothing(sink: Sink, tmp_path: Path) -> None:
    async with open_office(tmp_path, sink.url) as office:
        with suppress(ZeroDivisionError):
            async with office.store.write() as tx:
                await office.post.write(tx, kind="M6", recipient=RECIPIENT, locale="fr", account_id="a1")
                raise ZeroDivisionError
        await asyncio.sleep(0.3)
        assert not sink.sessions


async def test_without_a_server_mails_are_files_of_a_maildir(tmp_path: Path) -> None:
    async with open_office(tmp_path, None) as office:
        _, proof = await office.owe_a_mail()
        await office.until_told()
        (kept,) = mailbox.Maildir(tmp_path / "outbox", create=False)
        content = kept.get_payload(decode=True)
        assert isinstance(content, bytes)
        text = content.decode()
        assert f"/l/{office.proofs.link_token(proof.id)}\n" in text
        assert b"\r" not in next((tmp_path / "outbox" / "new").iterdir()).read_bytes()


# ----------------------------------------------------------------------------------------------- servers that fail


@pytest.mark.parametrize("mood", ["later", "closed"])
async def test_a_passing_fault_is_tried_again_until_it_passes(mood: Mood, sink: Sink, tmp_path: Path) -> None:
    sink.moods = [mood, mood]
    async with open_office(tmp_path, sink.url) as office:
        mail_id, _ = await office.owe_a_mail()
        assert await office.until_told() == [(mail_id, "sent")]
        assert len(sink.mails) == 1
        assert sink.sessions == 3


@pytest.mark.parametrize(("mood", "code"), [("refuse", "550"), ("late_refusal", "554")])
async def test_a_final_refusal_is_told_and_not_tried_again(mood: Mood, code: str, sink: Sink, tmp_path: Path) -> None:
    sink.mood = mood
    async with open_office(tmp_path, sink.url) as office:
        mail_id, _ = await office.owe_a_mail()
        assert await office.until_told() == [(mail_id, "refused")]
        await asyncio.sleep(0.3)
        assert sink.sessions == 1
        row = await row_of(office, mail_id)
        assert (row.sent_at, row.reason) == (None, code)
        assert row.refused_at is not None


async def test_a_cut_after_the_data_costs_one_more_copy_that_is_known_for_one(sink: Sink, tmp_path: Path) -> None:
    sink.moods = ["cut"]
    async with open_office(tmp_path, sink.url) as office:
        await office.owe_a_mail()
        await office.until_told()
        first, second = sink.mails
        assert first["Message-ID"] == second["Message-ID"]
        assert first.as_bytes() == second.as_bytes()


async def test_a_server_that_is_down_delays_and_loses_nothing(tmp_path: Path) -> None:
    async with sinking() as gone:
        url = gone.url
    async with open_office(tmp_path, url) as office:
        mail_id, _ = await office.owe_a_mail()
        await asyncio.sleep(0.5)
        row = await row_of(office, mail_id)
        assert (row.sent_at, row.refused_at, row.reason) == (None, None, "")
        async with sinking(gone.port) as back:
            assert await office.until_told() == [(mail_id, "sent")]
            assert len(back.mails) == 1


async def test_a_server_that_never_says_its_last_word_is_given_up_for_now(sink: Sink) -> None:
    sink.mood, sink.slowness = "slow", 30
    carrier = SmtpCarrier(host="127.0.0.1", port=sink.port, data_seconds=0.2)
    assert await carrier.carry(a_message()) == Dispatch("later", "SMTPReadTimeoutError")


async def test_a_password_travels_over_tls_alone(sink: Sink, tmp_path: Path) -> None:
    server_side, client_side = self_signed(tmp_path)
    sink.tls = server_side
    url = f"smtp://perron:s3cret@localhost:{sink.port}?starttls=1"
    trusting = structs.replace(SmtpCarrier.from_url(url), host="127.0.0.1", trust=client_side)
    assert await trusting.carry(a_message()) == Dispatch("sent")
    assert sink.logins == [("perron", "s3cret")]
    dispatch = await SmtpCarrier.from_url(url).carry(a_message())
    assert dispatch.outcome == "later"
    assert len(sink.logins) == len(sink.mails) == 1


def a_message() -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "ne-pas-repondre@univ-exemple.example", RECIPIENT, "Essai"
    message.set_content("Bonjour")
    return message


def self_signed(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's side with a certificate for 127.0.0.1, and the side of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(hours=1), now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "sink.pem"
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(plain + certificate.public_bytes(Encoding.PEM))
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(file)
    return server_side, ssl.create_default_context(cafile=file)


# -------------------------------------------------------------------------------------------------- mails too late


@pytest.mark.parametrize("why", ["revoked", "late", "proved"])
async def test_a_mail_that_would_help_nobody_is_not_sent(why: str, sink: Sink, tmp_path: Path) -> None:
    sink.moods = ["later"]
    async with open_office(tmp_path, sink.url, pauses=(0.6,)) as office:
        mail_id, proof = await office.owe_a_mail()
        async with asyncio.timeout(5):
            while not sink.sessions:
                await asyncio.sleep(0.02)
        if why == "late":
            office.ahead = timedelta(hours=7)
        async with office.store.write() as tx:
            if why == "revoked":
                await office.proofs.revoke(tx, "a1")
            if why == "proved":
                assert await office.proofs.prove(tx, proof)
        async with asyncio.timeout(5):
            while not (await row_of(office, mail_id)).reason:
                await asyncio.sleep(0.05)
        assert (await row_of(office, mail_id)).reason == why
        assert not sink.mails
        assert not office.outcomes


async def test_a_mail_written_while_the_office_was_shut_leaves_when_it_opens(sink: Sink, tmp_path: Path) -> None:
    shut = Office(tmp_path, sink.url)
    await shut.settle()
    mail_id, _ = await shut.owe_a_mail()
    await shut.store.close()
    async with open_office(tmp_path, sink.url, new=False) as office:
        assert await office.until_told() == [(mail_id, "sent")]


async def test_an_import_leaves_in_portions_and_does_not_hold_up_somebody_who_waits(
    sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.mail.post.ROOM", 3)
    office = Office(tmp_path, sink.url)
    await office.settle(people=12)
    await office.post.start()
    async with office.store.write() as tx:
        for number in range(2, 13):
            proof = await office.proofs.issue(
                tx,
                account_id=f"a{number}",
                purpose="activation",
                address=f"p{number}@example.com",
                deadline=office.now() + timedelta(days=1),
            )
            await office.post.write(
                tx,
                kind="M1",
                recipient=proof.address,
                locale="fr",
                account_id=proof.account_id,
                proof_id=proof.id,
                not_after=proof.deadline,
            )
    awaited, _ = await office.owe_a_mail()
    await office.until_told(12)
    assert len(sink.mails) == len(set(sink.recipients)) == 12
    assert [mail_id for mail_id, _ in office.outcomes].index(awaited) < 6
    await office.close()


async def test_stopping_is_quick_and_leaves_the_unfinished_for_the_next_start(sink: Sink, tmp_path: Path) -> None:
    sink.mood = "later"
    async with open_office(tmp_path, sink.url, pauses=(3600.0,)) as office:
        mail_id, _ = await office.owe_a_mail()
        async with asyncio.timeout(5):
            while not sink.sessions:
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        began = time.perf_counter()
        await office.post.stop()
        assert time.perf_counter() - began < 1
        assert await asyncio.to_thread(lambda: "the loop still has its own executor")
        assert (await row_of(office, mail_id)).reason == ""


# ------------------------------------------------------------------------------------------------------------ secrets


async def test_neither_link_nor_code_nor_address_is_in_any_file_or_log(
    sink: Sink, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    sink.moods = ["later"]
    async with open_office(tmp_path, sink.url) as office:
        _, proof = await office.owe_a_mail()
        await office.until_told()
        token, code = office.proofs.link_token(proof.id), office.proofs.code(proof.id)
    said = "".join(capfd.readouterr())
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("*.sqlite*"))
    for secret in (token, code, grouped(code)):
        assert secret.encode() not in kept
        assert secret not in said
    assert RECIPIENT not in said
    assert RECIPIENT.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("dbos.sqlite*"))


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:0x19",
        "smtp://mail.example:99999",
        "smtp://mail.example/inbox",
        "smtp://mail.example?starttls=1&verify=0",
        "smtp://bob:Hunter-2!@mail.example",
    ],
)
def test_an_unusable_address_of_a_server_is_one_sentence_without_the_password(url: str) -> None:
    with pytest.raises(SmtpUrlError) as refusal:
        SmtpCarrier.from_url(url)
    for sentence in (refusal.value.french, refusal.value.english):
        assert "Hunter-2" not in sentence
        assert sentence.endswith(".")


def test_the_parts_of_an_address() -> None:
    server = SmtpCarrier.from_url("smtps://perron%40ue:p%3Aw@mail.example")
    assert (server.host, server.port, server.implicit_tls, server.user) == ("mail.example", 465, True, "perron@ue")
    assert server.password.reveal() == "p:w"
    assert "p:w" not in repr(server)
    assert SmtpCarrier.from_url("smtp://mail.example:587?starttls=1").starttls
    assert SmtpCarrier.from_url("smtp://bob:x@127.0.0.1:2525").port == 2525
