"""The lint rules of buf: a repository can choose a level for each.

Source: ``buf config ls-lint-rules`` for the versions v2, v1 and v1beta1 of ``buf.yaml``.
"""

from __future__ import annotations

from typing import Final

LINT_RULES: Final = frozenset(
    {
        "COMMENT_ENUM",
        "COMMENT_ENUM_VALUE",
        "COMMENT_FIELD",
        "COMMENT_MESSAGE",
        "COMMENT_ONEOF",
        "COMMENT_RPC",
        "COMMENT_SERVICE",
        "DIRECTORY_SAME_PACKAGE",
        "ENUM_FIRST_VALUE_ZERO",
        "ENUM_NO_ALLOW_ALIAS",
        "ENUM_PASCAL_CASE",
        "ENUM_VALUE_PREFIX",
        "ENUM_VALUE_UPPER_SNAKE_CASE",
        "ENUM_ZERO_VALUE_SUFFIX",
        "FIELD_LOWER_SNAKE_CASE",
        "FIELD_NOT_REQUIRED",
        "FIELD_NO_DESCRIPTOR",
        "FILE_LOWER_SNAKE_CASE",
        "IMPORT_NO_PUBLIC",
        "IMPORT_USED",
        "MESSAGE_PASCAL_CASE",
        "ONEOF_LOWER_SNAKE_CASE",
        "PACKAGE_DEFINED",
        "PACKAGE_DIRECTORY_MATCH",
        "PACKAGE_LOWER_SNAKE_CASE",
        "PACKAGE_NO_IMPORT_CYCLE",
        "PACKAGE_SAME_CSHARP_NAMESPACE",
        "PACKAGE_SAME_DIRECTORY",
        "PACKAGE_SAME_GO_PACKAGE",
        "PACKAGE_SAME_JAVA_MULTIPLE_FILES",
        "PACKAGE_SAME_JAVA_PACKAGE",
        "PACKAGE_SAME_PHP_NAMESPACE",
        "PACKAGE_SAME_RUBY_PACKAGE",
        "PACKAGE_SAME_SWIFT_PREFIX",
        "PACKAGE_VERSION_SUFFIX",
        "PROTOVALIDATE",
        "RPC_NO_CLIENT_STREAMING",
        "RPC_NO_SERVER_STREAMING",
        "RPC_PASCAL_CASE",
        "RPC_REQUEST_RESPONSE_UNIQUE",
        "RPC_REQUEST_STANDARD_NAME",
        "RPC_RESPONSE_STANDARD_NAME",
        "SERVICE_PASCAL_CASE",
        "SERVICE_SUFFIX",
        "STABLE_PACKAGE_NO_IMPORT_UNSTABLE",
        "SYNTAX_SPECIFIED",
    }
)
