import pytest

from services.gateway.adapters.interfaces import interface


def test_an_interface_of_the_platform_is_found_by_its_name() -> None:
    found = interface("plt.identity.v1.IdentityService")
    assert found is not None
    assert "GetUser" in found.methods_by_name


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("plt.identity.v1.NobodyService", id="no such service"),
        pytest.param("plt.nobody.v1.NobodyService", id="no such package"),
        pytest.param("plt.identity.v1.User", id="a message"),
        pytest.param("plt.identity.v1.identity_pb2.IdentityService", id="a module for a package"),
        pytest.param("grpc.health.v1.Health", id="not of the platform"),
        pytest.param("IdentityService", id="no package"),
        pytest.param("plt..", id="no names"),
        pytest.param("", id="nothing"),
    ],
)
def test_whatever_else_discovery_shows_is_no_interface(name: str) -> None:
    assert interface(name) is None
