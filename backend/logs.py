"""What the backend says while it serves: one JSON object a line on standard error, and nothing when all is well.

No access log: addresses of links and tokens belong in no file. Fields named like a secret are blanked, and a traceback
never shows the values of variables.
"""

import logging
import sys
from typing import Any

import structlog
from structlog.processors import ExceptionRenderer, JSONRenderer, TimeStamper
from structlog.stdlib import ProcessorFormatter
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

_SECRET_WORDS = ("password", "secret", "token", "code", "authorization", "key", "smtp", "url")
_BLANK = "•••"


def blank_secrets(_: Any, __: str, event: EventDict) -> EventDict:
    """Replace the value of every field whose name sounds like a secret."""
    for name in event:
        if any(word in name.lower() for word in _SECRET_WORDS):
            event[name] = _BLANK
    return event


def log_to_stderr() -> None:
    """From now on, structlog and every library write warnings and worse, as JSON, to standard error."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        TimeStamper(fmt="iso", utc=True),
        blank_secrets,
        ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
    ]
    render = JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(foreign_pre_chain=shared, processors=[ProcessorFormatter.remove_processors_meta, render])
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
