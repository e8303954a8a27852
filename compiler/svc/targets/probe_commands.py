"""The command that asks a probe's question inside a container: one fact for HEALTHCHECK and compose's healthcheck."""

from __future__ import annotations

import json

from svc.resolve.types.process import Probe

GRPC_PROBE = "/usr/local/bin/grpc-health-probe"

Checker = str
"""What the image can run: python, node, ruby, bash, wget, or "" for nothing."""


def probe_command(probe: Probe, checker: Checker) -> tuple[str, ...]:
    """argv without a shell around it; () where the image cannot ask."""
    if probe.kind == "exec":
        return probe.command
    if probe.kind == "grpc":
        service = (f"-service={probe.grpc_service}",) if probe.grpc_service else ()
        return (GRPC_PROBE, f"-addr=127.0.0.1:{probe.port}", *service)
    make = {"python": _python, "node": _node, "ruby": _ruby, "bash": _bash, "wget": _wget}.get(checker)
    return make(probe) if make else ()


def _url(probe: Probe) -> str:
    return f"{probe.scheme.lower()}://127.0.0.1:{probe.port}{probe.path or '/'}"


def _python(probe: Probe) -> tuple[str, ...]:
    if probe.kind == "tcp":
        return (
            "python",
            "-c",
            f"import socket; socket.create_connection(('127.0.0.1', {probe.port}), {probe.timeout})",
        )
    if probe.scheme == "HTTPS":
        code = (
            "import ssl, urllib.request as r; "
            f"r.urlopen(r.Request({_url(probe)!r}, headers={dict(probe.headers)!r}), timeout={probe.timeout}, "
            "context=ssl._create_unverified_context())"
        )
        return ("python", "-c", code)
    request = f"r.Request({_url(probe)!r}, headers={dict(probe.headers)!r})" if probe.headers else repr(_url(probe))
    return ("python", "-c", f"import urllib.request as r; r.urlopen({request}, timeout={probe.timeout})")


def _node(probe: Probe) -> tuple[str, ...]:
    if probe.kind == "tcp":
        socket = f"require('net').connect({probe.port}, '127.0.0.1', () => process.exit(0))"
        code = f"{socket}.on('error', () => process.exit(1))"
        return ("node", "-e", code)
    if probe.scheme == "HTTPS":
        code = (
            f"require('https').get({json.dumps(_url(probe))}, "
            f"{{rejectUnauthorized: false, headers: {json.dumps(dict(probe.headers))}}}, "
            "r => process.exit(r.statusCode < 400 ? 0 : 1)).on('error', () => process.exit(1))"
        )
        return ("node", "-e", code)
    options = f", {{headers: {json.dumps(dict(probe.headers))}}}" if probe.headers else ""
    url = "'" + _url(probe).replace("\\", "\\\\").replace("'", "\\'") + "'"
    return ("node", "-e", f"fetch({url}{options}).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))")


def _ruby(probe: Probe) -> tuple[str, ...]:
    if probe.kind == "tcp":
        return ("ruby", "-rsocket", "-e", f"TCPSocket.new('127.0.0.1', {probe.port}).close")
    url = _url(probe).replace("\\", "\\\\").replace("'", "\\'")
    return ("ruby", "-rnet/http", "-e", f"exit Net::HTTP.get_response(URI('{url}')).code.to_i < 400")


def _bash(probe: Probe) -> tuple[str, ...]:
    """bash's own sockets: the image has no HTTP client, and a second one is a second thing to patch."""
    if probe.scheme == "HTTPS" and probe.kind == "http":
        return ("bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{probe.port}")
    if probe.kind == "tcp":
        return ("bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{probe.port}")
    headers = "".join(f"{name}: {value}\\r\\n" for name, value in (("Host", "localhost"), *probe.headers))
    request = f"GET {probe.path or '/'} HTTP/1.0\\r\\n{headers}\\r\\n".replace("%", "%%").replace("'", "'\\''")
    script = (
        f"exec 3<>/dev/tcp/127.0.0.1/{probe.port}; printf '{request}' >&3; "
        "read -r _ status _ <&3; [[ $status == [23]* ]]"
    )
    return ("bash", "-c", script)


def _wget(probe: Probe) -> tuple[str, ...]:
    if probe.kind == "tcp":
        return ("nc", "-z", "-w", str(probe.timeout), "127.0.0.1", str(probe.port))
    insecure = ("--no-check-certificate",) if probe.scheme == "HTTPS" else ()
    headers = tuple(f"--header={name}: {value}" for name, value in probe.headers)
    return ("wget", "-q", "-T", str(probe.timeout), "-O", "/dev/null", *insecure, *headers, _url(probe))
