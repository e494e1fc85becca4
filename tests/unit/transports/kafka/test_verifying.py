import pytest

from servanda.transports.kafka.verifying import physical_topic


@pytest.mark.parametrize(
    ("pattern", "namespace", "name"),
    [
        pytest.param("{topic}.{namespace}", "t1", "loans.t1", id="suffix"),
        pytest.param("{namespace}-{topic}", "t1", "t1-loans", id="prefix"),
        pytest.param("{topic}.{namespace}", "", "loans", id="no namespace"),
        pytest.param("{topic}", "t1", "loans", id="shared"),
    ],
)
def test_the_pattern_names_the_topic_of_a_run(pattern: str, namespace: str, name: str) -> None:
    assert physical_topic(pattern, "loans", namespace) == name
