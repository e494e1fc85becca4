from platformkit.redis import Keys


def test_a_key_begins_with_its_namespace() -> None:
    assert Keys("test-7")("user", "42") == "test-7:user:42"


def test_without_a_namespace_keys_are_those_of_the_platform() -> None:
    assert Keys()("user", "42") == "plt:user:42"
