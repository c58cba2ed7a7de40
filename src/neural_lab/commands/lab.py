"""`neural-lab lab`: the page, served for whoever sits at this computer and opened in their browser."""

from __future__ import annotations

import socket
import threading
import time
import urllib.request
import webbrowser
from typing import Annotated

import typer

from neural_lab.commands.options import Debug
from neural_lab.commands.serve import serve
from neural_lab.errors import InvalidRequest
from neural_lab.guard import Guarded, tell

lab_app = typer.Typer(add_completion=False)
LOCAL, PATIENCE, PAUSE = "127.0.0.1", 60.0, 0.2


@lab_app.command("lab", cls=Guarded)
def lab(
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port on this computer.")] = 8_000,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Say the address, open nothing.")] = False,
    debug: Debug = False,
) -> int:
    """Open the lab in your browser; it runs on this computer until Ctrl-C."""
    if not free(port):
        raise InvalidRequest(
            "port_taken", f"Something listens at port {port} already; choose another with --port."
        )
    if not no_browser:
        threading.Thread(target=opened, args=(f"http://{LOCAL}:{port}",), name="browser", daemon=True).start()
    return serve(host=LOCAL, port=port, workers=1, debug=debug)


def opened(address: str) -> None:
    """Open the page once the service answers; where there is no browser, say where it is."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if answers(f"{address}/readyz"):
            if not webbrowser.open(address):
                tell(f"Open {address} in a browser.")
            return
        time.sleep(PAUSE)


def answers(address: str) -> bool:
    """Whether a service answers there with success; asked directly, whatever proxy the environment names."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def free(port: int) -> bool:
    """Whether nobody listens at a port of this computer."""
    with socket.socket() as asking:
        return asking.connect_ex((LOCAL, port)) != 0
