"""Every route beside what JSON Schema can say of it: what it takes and gives, and which problems it may answer with.

A table and no code: ``openapi`` writes the description from it, and tests/test_openapi.py holds it against the routes.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from api_client import contract
from api_client.demonstration_contract import DemoDeed, DemoMail, DemoPerson, DemoSight

PROBLEMS: dict[str, tuple[int, str]] = {
    "not-understood": (
        400,
        "The body is not what is expected; `detail` is the path of what is wrong, never its value.",
    ),
    "unknown-seat": (401, "No enrolment of this id is held by this token."),
    "unknown-journey": (404, "The institution has no journey of that id."),
    "not-found": (404, "There is nothing at this address."),
    "wrong-method": (405, "This address does not take that method; `Allow` lists those it takes."),
    "nothing-proved": (409, "Nothing was proved on this way yet, so there is nothing to carry elsewhere."),
    "too-large": (413, "The body has more than 16 KiB."),
    "resumption-refused": (
        422,
        "The hand-over code, or what was to be known beside it, is not right; nothing says which.",
    ),
    "too-many-tries": (429, "Too many codes were tried from here; `Retry-After` says when the next one may be."),
    "no-revision": (428, "`If-Match` must carry the revision that is answered."),
    "unexpected": (500, "Our fault; `reference` finds the cause in the log."),
    "too-many": (429, "Too many enrolments were begun by this source; try again after `Retry-After`."),
    "busy": (503, "Too many passwords are being weighed; try again after `Retry-After`."),
    "unavailable": (503, "The database does not answer; nothing was written; try again after `Retry-After`."),
}
"""Every ``type`` of a problem: its status, and what it means. docs/api.md says what to do about each."""

_ANYWHERE = ("unexpected", "unavailable")
_SEATED = ("unknown-seat", *_ANYWHERE)
_BODY = ("not-understood", "too-large")
_ONE = "/v1/enrolments/{id}"


@dataclass(frozen=True)
class Form:
    """What a page’s button sends: fields with the values they may have, and fields with a pattern that may be empty."""

    choices: dict[str, list[str]] = field(default_factory=dict)
    optional: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one path. ``gives`` maps a status to a type of the contract, a media type or nothing."""

    method: str
    path: str
    summary: str
    gives: dict[int, Any]
    takes: Any = None
    problems: tuple[str, ...] = _ANYWHERE
    parameters: tuple[str, ...] = ()
    tag: str = "enrolments"

    @property
    def named_in_path(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def seated(self) -> bool:
        """Whether it is asked by the screen that holds the enrolment, with its token."""
        return self.path.startswith(_ONE)


def _page(method: str, path: str, summary: str, *statuses: int, form: Form | None = None) -> Operation:
    """A page for a person, in either language; what is pressed on it is a form."""
    return Operation(
        method=method,
        path=path,
        summary=summary,
        takes=form,
        gives={status: None if status == 303 else "text/html" for status in (*statuses, 429, 503)},
        problems=(),
        parameters=("lang",),
        tag="phones",
    )


def _phone_pages() -> tuple[Operation, ...]:
    pressed = (200, 400, 404, 413)
    return (
        _page("get", "/p", "Where the nine digits of a pairing are typed, on a phone without a camera", 200),
        _page(
            "post",
            "/p",
            "Claim the pairing of these digits for this phone",
            *(*pressed, 422, 502),
            form=Form(optional={"digits": "^[0-9]{3}-[0-9]{3}-[0-9]{3}$"}),
        ),
        *(
            operation
            for path in ("/p/{code}", "/P/{code}")  # the QR code is in upper case, which makes it small
            for operation in (
                _page("get", path, "What a pairing’s QR code opens; looking changes nothing", 200, 404),
                _page("post", path, "Claim the pairing for this phone, which then signs in", 200, 404, 502),
            )
        ),
        _page("get", "/p/signed-in", "Where the identity provider sends the phone back to", 303, 404, 502),
        _page("get", "/p/here", "How the pairing of this phone stands", 200, 404, 502),
        _page(
            "post",
            "/p/here",
            "Whether the phone opens the application by biometrics; pairs it",
            *(*pressed, 303),
            form=Form({"choice": ["accept", "skip"]}),
        ),
        _page("get", "/p/revoke/{revocation}", "What the link of the mail « a phone was paired » opens", 200, 404),
        _page("post", "/p/revoke/{revocation}", "Revoke that phone", 200, 404),
    )


OPERATIONS = (
    Operation(
        method="get",
        path="/v1/catalogue",
        summary="Who the institution is, and which doors there are",
        gives={200: contract.Catalogue},
        parameters=("locale",),
        problems=("unexpected",),
        tag="welcome",
    ),
    Operation(
        method="post",
        path="/v1/enrolments",
        summary="Begin a journey",
        takes=contract.Begin,
        gives={201: contract.Seated},
        problems=(*_BODY, "unknown-journey", "too-many", *_ANYWHERE),
    ),
    Operation(
        method="post",
        path="/v1/resumptions",
        summary="Carry on at another screen, with a hand-over code and something proved",
        takes=contract.Resume,
        gives={201: contract.Seated},
        problems=(*_BODY, "resumption-refused", "too-many-tries", *_ANYWHERE),
    ),
    Operation(
        method="get",
        path=_ONE,
        summary="The enrolment as it stands, at once or when it changes",
        gives={200: contract.Enrolment, 304: None},
        problems=_SEATED,
        parameters=("If-None-Match", "Prefer"),
    ),
    Operation(
        method="post",
        path=f"{_ONE}/answers",
        summary="Answer the step; no effect when the revision is not the current one",
        takes=contract.AnyAnswer,
        gives={200: contract.Enrolment},
        problems=(*_BODY, "no-revision", "busy", *_SEATED),
        parameters=("If-Match",),
    ),
    Operation(
        method="post",
        path=f"{_ONE}/back",
        summary="One step back, nothing lost; no effect where there is none",
        gives={200: contract.Enrolment},
        problems=("no-revision", *_SEATED),
        parameters=("If-Match",),
    ),
    Operation(
        method="put",
        path=f"{_ONE}/locale",
        summary="The same step in the other language",
        takes=contract.SwitchLocale,
        gives={200: contract.Enrolment},
        problems=(*_BODY, *_SEATED),
    ),
    Operation(
        method="post",
        path=f"{_ONE}/hand-over",
        summary="A code that carries the enrolment to another screen",
        gives={200: contract.Enrolment, 201: contract.HandOver},
        problems=("nothing-proved", *_SEATED),
    ),
    Operation(
        method="delete",
        path=f"{_ONE}/seat",
        summary="The screen goes: what was given is kept, what needs a screen ends",
        gives={200: contract.Enrolment, 204: None},
        problems=_SEATED,
    ),
    Operation(
        method="get",
        path="/v1/health",
        summary="Whether the service and its database answer",
        gives={200: dict[str, str]},
        tag="operation",
    ),
    Operation(
        method="get",
        path="/l/{token}",
        summary="The page that a mail’s link opens; looking changes nothing",
        gives=dict.fromkeys((200, 404, 429, 503), "text/html"),
        problems=(),
        parameters=("lang",),
        tag="pages",
    ),
    Operation(
        method="post",
        path="/l/{token}",
        summary="The button of that page: confirm the address, or say that it is not mine",
        takes=Form({"choice": ["confirm", "disown"]}, {"number": "^[0-9]{2}$"}),
        gives=dict.fromkeys((200, 400, 404, 413, 422, 429, 503), "text/html"),
        problems=(),
        parameters=("lang",),
        tag="pages",
    ),
    *_phone_pages(),
    Operation(
        method="get",
        path="/demonstration/people",
        summary="Whom to try in a journey, or the first of each; served by a demonstration alone",
        gives={200: list[DemoPerson]},
        parameters=("journey", "locale"),
        tag="demonstration",
    ),
    Operation(
        method="post",
        path="/demonstration/people/{person}/acts",
        summary="Have done for them what is to be done outside of the screen",
        takes=DemoSight,
        gives={200: DemoDeed},
        problems=(*_BODY, *_ANYWHERE),
        parameters=("journey", "locale"),
        tag="demonstration",
    ),
    Operation(
        method="get",
        path="/demonstration/mails",
        summary="The last mails that a demonstration sent, newest first",
        gives={200: list[DemoMail]},
        tag="demonstration",
    ),
)
