"""What a contract keeps of an interface definition."""

from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2

from servanda.errors import InterfaceError, RecordingError
from servanda.recording.plugin.interfaces import Interfaces, image_for_message, image_for_method, root_of

NAME = "shop/v1/shop.proto"


def names(files: descriptor_pb2.FileDescriptorSet) -> dict[str, list[str]]:
    return {
        file.name: sorted([*(entry.name for entry in file.message_type), *(entry.name for entry in file.enum_type)])
        for file in files.file
    }


def test_a_method_keeps_what_its_messages_hold_and_nothing_else(files: descriptor_pb2.FileDescriptorSet) -> None:
    image = image_for_method(NAME, files, "shop.v1.Shop", "Count")

    assert names(image.files) == {"shop/v1/line.proto": ["Line"], NAME: ["Request"]}
    assert [method.name for method in image.files.file[-1].service[0].method] == ["Count"]
    assert image.descriptors.method("shop.v1.Shop", "Count").output_type.full_name == "shop.v1.Line"


def test_a_message_keeps_no_service(files: descriptor_pb2.FileDescriptorSet) -> None:
    image = image_for_message(NAME, files, "Unrelated")

    assert names(image.files) == {"google/protobuf/duration.proto": ["Duration"], NAME: ["Unrelated"]}
    assert not image.files.file[-1].service


def test_options_of_other_tools_and_positions_are_left_out(files: descriptor_pb2.FileDescriptorSet) -> None:
    (file,) = [entry for entry in image_for_method(NAME, files, "Shop", "Get").files.file if entry.name == NAME]

    assert not file.HasField("source_code_info")
    assert not any(field.HasField("options") for message in file.message_type for field in message.field)
    assert "buf/validate/validate.proto" not in file.dependency


def test_what_an_interaction_does_not_use_does_not_change_its_key(
    workspace: Path, files: descriptor_pb2.FileDescriptorSet
) -> None:
    changed = descriptor_pb2.FileDescriptorSet()
    changed.CopyFrom(files)
    (file,) = [entry for entry in changed.file if entry.name == NAME]
    file.message_type.add(name="Another")

    assert image_for_method(NAME, changed, "Shop", "Get").key == image_for_method(NAME, files, "Shop", "Get").key


def test_another_field_changes_the_key(files: descriptor_pb2.FileDescriptorSet) -> None:
    changed = descriptor_pb2.FileDescriptorSet()
    changed.CopyFrom(files)
    (file,) = [entry for entry in changed.file if entry.name == NAME]
    file.message_type[0].field.add(name="more", number=9, type=descriptor_pb2.FieldDescriptorProto.TYPE_BOOL, label=1)

    assert image_for_method(NAME, changed, "Shop", "Get").key != image_for_method(NAME, files, "Shop", "Get").key


@pytest.mark.parametrize(
    ("service", "method", "message"),
    [
        pytest.param("Store", "Get", "no service 'Store'", id="no service"),
        pytest.param("Shop", "Put", "no method 'Put'", id="no method"),
        pytest.param("Shop", "Watch", "only unary calls are supported", id="streaming"),
    ],
)
def test_a_method_that_cannot_be_recorded_is_refused(
    files: descriptor_pb2.FileDescriptorSet, service: str, method: str, message: str
) -> None:
    with pytest.raises(RecordingError, match=message):
        image_for_method(NAME, files, service, method)


def test_a_message_that_is_not_there_is_refused_with_those_that_are(files: descriptor_pb2.FileDescriptorSet) -> None:
    with pytest.raises(RecordingError, match="no message 'Receipt'") as caught:
        image_for_message(NAME, files, "Receipt")

    assert "shop.v1.Answer" in (caught.value.hint or "")


def test_imports_start_from_the_folder_with_buf_yaml(workspace: Path) -> None:
    assert root_of(workspace / NAME) == workspace


def test_imports_may_start_from_a_folder_that_is_named(workspace: Path) -> None:
    assert root_of(workspace / NAME, [workspace / "shop"]) == workspace / "shop"


def test_of_several_folders_above_a_definition_the_closest_is_its_root(workspace: Path) -> None:
    assert root_of(workspace / NAME, [workspace, workspace / "shop"]) == workspace / "shop"


def test_a_definition_may_import_from_another_module(tmp_path: Path) -> None:
    modules = [tmp_path / "money", tmp_path / "shop"]
    for module in modules:
        module.mkdir()
    (tmp_path / "money" / "money.proto").write_text('syntax = "proto3";\npackage money;\nmessage Money {}\n')
    (tmp_path / "shop" / "shop.proto").write_text(
        'syntax = "proto3";\npackage shop;\nimport "money.proto";\nmessage Order { money.Money price = 1; }\n'
    )

    name, files = Interfaces().compiled(tmp_path / "shop" / "shop.proto", modules)

    assert name == "shop.proto"
    assert {file.name for file in files.file} == {"money.proto", "shop.proto"}


def test_a_definition_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no such interface definition"):
        Interfaces().compiled(tmp_path / "a.proto")


def test_a_definition_that_does_not_compile_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.proto").write_text('syntax = "proto3";\nmessage A { Missing b = 1; }\n')

    with pytest.raises(InterfaceError) as caught:
        Interfaces().compiled(tmp_path / "a.proto")

    assert (caught.value.where or "").endswith("a.proto:2:13")
