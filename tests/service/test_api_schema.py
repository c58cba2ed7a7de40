"""What the service does is what its OpenAPI document says, for requests drawn from that document."""

import os

import pytest
import serving
from helpers import needed
from hypothesis import HealthCheck, settings

needed("fastapi")
schemathesis = needed("schemathesis")
from schemathesis.checks import CHECKS, load_all_checks

from neural_lab.api.app import create_app
from neural_lab.api.config import ServeConfig

load_all_checks()
EXAMPLES = 200 if os.environ.get("NEURAL_LAB_SOAK") else 12
# A schema cannot say which genres a detector knows, or that 29 February is not a day of every year.
UNSAYABLE = {"positive_data_acceptance"}
# Without accounts nobody needs to log in; that they do with accounts is tested elsewhere.
NOBODY_ASKS = {"ignored_auth"}
CHOSEN = [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in UNSAYABLE | NOBODY_ASKS]

DOCUMENT = schemathesis.openapi.from_dict(create_app(ServeConfig()).openapi())


@DOCUMENT.hook
def filter_query(context, query):
    """A query has no lists: of equal names the last one counts, and that may be in order."""
    return not any(isinstance(value, list | dict) for value in (query or {}).values())


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    limits = {name.removeprefix("NEURAL_LAB_"): value for name, value in serving.WITHOUT_LIMITS.items()}
    with serving.service(tmp_path_factory.mktemp("home"), **limits) as made:
        yield made


@DOCUMENT.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_answers_are_those_of_the_document(case, served):
    case.call_and_validate(base_url=f"http://127.0.0.1:{served.port}", checks=CHOSEN, timeout=60)
    assert served.process.poll() is None


def test_the_log_has_no_accident(served):
    assert '"unexpected"' not in served.log.read_text()
