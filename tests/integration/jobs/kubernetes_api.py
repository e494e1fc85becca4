"""A part of the API server of Kubernetes, and a controller that runs the pods of Indexed Jobs as processes.

What is created has to be as the published schema of Kubernetes says.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml
from aiohttp import web

VERSION = "1.34"
_INDEX = "batch.kubernetes.io/job-completion-index"


@dataclass
class Api:
    """State of a cluster.

    Attributes:
        folder: Where pods find their files.
        suite: Command that takes the place of ``servanda`` in pods.
        created: What was created, by kind.
        deleted: Kinds that were deleted.
        image: Working directory of the image.
    """

    folder: Path
    suite: tuple[str, ...]
    image: Path
    created: dict[str, dict[str, Any]] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    pods: list[dict[str, Any]] = field(default_factory=list)
    logs: dict[str, str] = field(default_factory=dict)
    conditions: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    controller: asyncio.Task[None] | None = None
    runner: web.AppRunner | None = None

    @property
    def kubeconfig(self) -> Path:
        """Write the configuration of kubectl for this cluster."""
        path = self.folder / "kubeconfig"
        named = {
            "clusters": [{"name": "here", "cluster": {"server": self.url}}],
            "users": [{"name": "me", "user": {"token": "t"}}],
            "contexts": [{"name": "here", "context": {"cluster": "here", "user": "me", "namespace": "shop"}}],
        }
        path.write_text(yaml.safe_dump({"apiVersion": "v1", "kind": "Config", "current-context": "here", **named}))
        return path

    async def create(self, request: web.Request) -> web.Response:
        """Create a ConfigMap or a Job."""
        body = await request.json()
        kubernetes_validate.validate(body, VERSION, strict=True)
        if body["kind"] == "Job":
            self.created.clear()
            self.pods, self.conditions = [], []
        body["metadata"]["uid"] = f"uid-of-{body['kind']}"
        self.created[body["kind"]] = body
        if set(self.created) == {"Job", "ConfigMap"}:
            self.controller = asyncio.create_task(self._control())
        return web.json_response(body, status=201)

    async def go_away(self) -> None:
        """Stop serving."""
        assert self.runner is not None
        await self.runner.cleanup()

    async def job(self, request: web.Request) -> web.Response:
        """Return the Job."""
        return web.json_response({**self.created["Job"], "status": {"conditions": self.conditions}})

    async def list_pods(self, request: web.Request) -> web.Response:
        """Return the pods with the labels that are asked for."""
        wanted = dict(each.split("=") for each in request.query["labelSelector"].split(","))
        found = [pod for pod in self.pods if wanted.items() <= pod["metadata"]["labels"].items()]
        return web.json_response({"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": found})

    async def log(self, request: web.Request) -> web.Response:
        """Return the log of a pod."""
        return web.Response(text=self.logs[request.match_info["pod"]])

    async def delete(self, request: web.Request) -> web.Response:
        """Delete something; the pods of a Job end with it."""
        self.deleted.append("Job" if "batch" in request.path else "ConfigMap")
        if self.deleted[-1] == "Job":
            await self.end_pods()
        return web.json_response({"apiVersion": "v1", "kind": "Status", "status": "Success"})

    async def end_pods(self) -> None:
        """End the pods that run, and wait until they have ended."""
        if self.controller is None:
            return
        # A second time would take them from who waits for the end of their processes.
        if not self.controller.cancelling():
            self.controller.cancel()
        await asyncio.gather(self.controller, return_exceptions=True)

    async def _control(self) -> None:
        spec = self.created["Job"]["spec"]
        room = asyncio.Semaphore(spec["parallelism"])
        ended = await asyncio.gather(*(self._index(spec, room, index) for index in range(spec["completions"])))
        self.conditions = [{"type": "Complete" if all(ended) else "Failed", "status": "True"}]

    async def _index(self, spec: Mapping[str, Any], room: asyncio.Semaphore, index: int) -> bool:
        fatal = [code for rule in spec["podFailurePolicy"]["rules"] for code in rule["onExitCodes"]["values"]]
        for attempt in range(spec["backoffLimitPerIndex"] + 1):
            async with room:
                code = await self._pod(
                    spec["template"], f"{self.created['Job']['metadata']['name']}-{index}-{attempt}", index
                )
            if code == 0 or code in fatal:
                return code == 0
        return False

    async def _pod(self, template: Mapping[str, Any], name: str, index: int) -> int:
        (container,) = template["spec"]["containers"]
        (mount,) = container["volumeMounts"]
        mounted = self.folder / name
        mounted.mkdir()
        for file, text in self.created["ConfigMap"]["data"].items():
            (mounted / file).write_text(text)
        program, *arguments = (each.replace(mount["mountPath"], str(mounted)) for each in container["command"])
        assert program == "servanda"
        process = await asyncio.create_subprocess_exec(
            *self.suite,
            *arguments,
            cwd=self.image,
            env={**os.environ, "JOB_COMPLETION_INDEX": str(index)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            output, _ = await process.communicate()
        except asyncio.CancelledError:
            process.kill()
            await process.wait()
            raise
        code = process.returncode or 0
        self.logs[name] = output.decode()
        terminated = {"exitCode": code if code >= 0 else 128 - code, "reason": "Completed" if code == 0 else "Error"}
        state = {"name": container["name"], "image": "i", "imageID": "i", "ready": False, "restartCount": 0}
        self.pods.append(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {
                    "name": name,
                    "labels": {**template["metadata"]["labels"], _INDEX: str(index)},
                    "annotations": {_INDEX: str(index)},
                },
                "status": {
                    "phase": "Succeeded" if code == 0 else "Failed",
                    "containerStatuses": [{**state, "state": {"terminated": terminated}}],
                },
            }
        )
        return code


@asynccontextmanager
async def serving(folder: Path, suite: tuple[str, ...], image: Path) -> AsyncIterator[Api]:
    """Serve a cluster at a free port of this machine."""
    api = Api(folder, suite, image)
    application = web.Application(client_max_size=1 << 22)
    batch, core = "/apis/batch/v1/namespaces/shop/jobs", "/api/v1/namespaces/shop"
    application.add_routes(
        [
            web.post(batch, api.create),
            web.get(f"{batch}/{{name}}", api.job),
            web.delete(f"{batch}/{{name}}", api.delete),
            web.post(f"{core}/configmaps", api.create),
            web.delete(f"{core}/configmaps/{{name}}", api.delete),
            web.get(f"{core}/pods", api.list_pods),
            web.get(f"{core}/pods/{{pod}}/log", api.log),
        ]
    )
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    api.runner = runner
    api.url = f"http://{host}:{port}"
    try:
        yield api
    finally:
        await api.end_pods()
        await runner.cleanup()
