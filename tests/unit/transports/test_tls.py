"""Providers with TLS, whose certificate an authority of one's own has signed."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from pathlib import Path

import grpc
import pytest
from google.protobuf.wrappers_pb2 import StringValue

from servanda.configuration import Connection, Limits, Secrets
from servanda.configuration.certificate import ClientCertificate, client_certificate
from servanda.errors import ConfigurationError
from servanda.transports.grpc.interaction import GrpcInteraction
from servanda.transports.grpc.verifying import GrpcVerifier
from servanda.transports.http.interaction import HttpInteraction
from servanda.transports.http.verifying import HttpVerifier
from servanda.verdict import ReasonKind
from tests.samples.library.contracts import a_book_over_http, a_title_over_grpc, contract

LIMITS = Limits(answer_seconds=5)
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl, which makes the certificate")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of localhost, in a file with its key."""
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "ca.pem")]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    return folder / "ca.pem"


def credentials_of(certificate: Path, *, asks: bool = False) -> grpc.ServerCredentials:
    key, chain = certificate.with_name("key.pem").read_bytes(), certificate.read_bytes()
    return grpc.ssl_server_credentials([(key, chain)], chain if asks else None, require_client_auth=asks)


@needs_openssl
async def test_a_provider_over_https_is_trusted_by_the_configured_authority_alone(
    certificate: Path, tmp_path: Path
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, certificate.with_name("key.pem"))
    interaction = contract(tmp_path, a_book_over_http(response={"status": 404})).interactions[0]
    assert isinstance(interaction, HttpInteraction)
    async with await asyncio.start_server(serve, "localhost", 0, ssl=tls) as server:
        address = f"https://localhost:{server.sockets[0].getsockname()[1]}"
        told = []
        for way in (Connection(ca=certificate), Connection()):
            transport = HttpVerifier(address, LIMITS, way)
            told.append(await transport.verify(interaction))
            await transport.close()
    assert told[0] == ()
    assert [reason.kind for reason in told[1]] == [ReasonKind.TRANSPORT]
    assert "certificate verify failed" in told[1][0].message


@needs_openssl
async def test_a_provider_over_grpc_with_tls_gets_the_configured_metadata(certificate: Path, tmp_path: Path) -> None:
    received = {}

    async def find(request: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        received.update(dict(context.invocation_metadata() or ()))
        context.set_trailing_metadata((("x-shelf", "3"),))
        return StringValue(value="Emma").SerializeToString()

    server = grpc.aio.server()
    methods: dict[str, grpc.RpcMethodHandler[bytes, bytes]]
    methods = {"Find": grpc.unary_unary_rpc_method_handler(find)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("library.v1.Library", methods),))
    port = server.add_secure_port("localhost:0", credentials_of(certificate))
    await server.start()
    interaction = contract(tmp_path, a_title_over_grpc()).interactions[0]
    assert isinstance(interaction, GrpcInteraction)
    way = Connection(headers={"Authorization": "Bearer t0p"}, ca=certificate)
    transport = GrpcVerifier(f"https://localhost:{port}", LIMITS, way)
    assert await transport.verify(interaction) == ()
    await transport.close()
    await server.stop(None)
    assert received["authorization"] == "Bearer t0p"


@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_file_without_certificates_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ca.pem").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"ca\.pem: holds no certificate"):
        HttpVerifier("https://localhost:1", LIMITS, Connection(ca=tmp_path / "ca.pem"))


@needs_openssl
async def test_a_provider_that_asks_for_a_certificate_gets_the_configured_one(
    certificate: Path, tmp_path: Path
) -> None:
    shown = shown_by_us(certificate)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(certificate))
    tls.load_cert_chain(certificate, certificate.with_name("key.pem"))
    tls.verify_mode = ssl.CERT_REQUIRED
    interaction = contract(tmp_path, a_book_over_http(response={"status": 404})).interactions[0]
    assert isinstance(interaction, HttpInteraction)
    async with await asyncio.start_server(serve, "localhost", 0, ssl=tls) as server:
        address = f"https://localhost:{server.sockets[0].getsockname()[1]}"
        told = []
        for way in (Connection(ca=certificate, certificate=shown), Connection(ca=certificate)):
            transport = HttpVerifier(address, LIMITS, way)
            told.append(await transport.verify(interaction))
            await transport.close()
    assert told[0] == ()
    assert told[1][0].kind in (ReasonKind.TRANSPORT, ReasonKind.NO_ANSWER)


@needs_openssl
async def test_a_provider_over_grpc_that_asks_for_a_certificate_gets_it(certificate: Path, tmp_path: Path) -> None:
    shown = shown_by_us(certificate)

    async def find(request: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        context.set_trailing_metadata((("x-shelf", "3"),))
        return StringValue(value="Emma").SerializeToString()

    server = grpc.aio.server()
    methods: dict[str, grpc.RpcMethodHandler[bytes, bytes]]
    methods = {"Find": grpc.unary_unary_rpc_method_handler(find)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("library.v1.Library", methods),))
    port = server.add_secure_port("localhost:0", credentials_of(certificate, asks=True))
    await server.start()
    interaction = contract(tmp_path, a_title_over_grpc()).interactions[0]
    assert isinstance(interaction, GrpcInteraction)
    told = []
    for way in (Connection(ca=certificate, certificate=shown), Connection(ca=certificate)):
        transport = GrpcVerifier(f"https://localhost:{port}", LIMITS, way)
        told.append(await transport.verify(interaction))
        await transport.close()
    await server.stop(None)
    assert told[0] == ()
    assert told[1][0].kind is ReasonKind.TRANSPORT


def shown_by_us(certificate: Path) -> ClientCertificate | None:
    """A file with the certificate and its key, as curl takes it too."""
    folder, content = certificate.parent, certificate.with_name("key.pem").read_text() + certificate.read_text()
    (folder / "both.pem").write_text(content)
    return client_certificate("both.pem", folder, Secrets(folder, {}), "certificate")


@needs_openssl
def test_a_certificate_without_its_own_key_is_refused(certificate: Path, tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, {"PEM": certificate.read_text()})
    with pytest.raises(ConfigurationError, match="certificate: holds no private key"):
        client_certificate("{env.PEM}", tmp_path, secrets, "certificate")
    key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
    found = client_certificate("{env.PEM}", tmp_path, Secrets(tmp_path, {"PEM": certificate.read_text() + key}), "c")
    with pytest.raises(ConfigurationError, match="c: is no certificate with its key"):
        HttpVerifier("https://localhost:1", LIMITS, Connection(certificate=found))


def test_a_certificate_outside_of_the_tree_is_a_secret(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"is no path of the tree\nhint: .*\{file\./run/client\.pem\}"):
        client_certificate("/run/client.pem", tmp_path, Secrets(tmp_path, {}), "certificate")
