"""What has to be true of the writer before an interaction."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

Handler = Callable[[Mapping[str, object]], Awaitable[None]]


@asynccontextmanager
async def states(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    spool = Path(environ["SPOOL"])

    async def page_was_written(params: Mapping[str, object]) -> None:
        page = params["page"]
        (spool / f"page-{page}.json").write_text(json.dumps({"page": page}))

    yield {"a page was written": page_was_written}
