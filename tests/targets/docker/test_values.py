"""Values of flags and arguments are refused where BuildKit refuses them, and nowhere else."""

from __future__ import annotations

import pytest

from svc.source import Source
from svc.targets.docker.read import read_dockerfile

REFUSED = {
    "RUN --mount=type=cach,target=/a true": "did you mean `cache`?",
    "RUN --mount=type=cache,target=/ true": "is the root of the image",
    "RUN --mount='type=cach,target=/a' true": "did you mean `cache`?",
    "RUN --mount= true": "has no value",
    "RUN --mount=type=cache,target=/a,sharing=lock true": "did you mean `locked`?",
    "RUN --mount=type=cache,target=/a,trget=/b true": "did you mean `target`?",
    "RUN --mount=type=cache,target true": "`target` of a mount has no value",
    "RUN --mount=type=secret true": "does not say which one",
    "RUN --mount=target=/a,mode=0777 true": "a mount of type `bind` has no `mode`",
    "RUN --mount=type=cache,target=/a,mode=rwx true": "`rwx` is no `mode`",
    "RUN --mount=type=ssh,uid=me true": "`me` is no `uid`",
    "RUN --mount=type=secret,id=a,source=b true": "`source` beside `id`",
    "RUN --mount=type=secret,id=a,from=b true": "a mount of type `secret` has no `from`",
    "RUN --mount=type=secret,id=a,required=yes true": "`required` is true or false, not `yes`",
    "RUN --mount=required,type=secret,id=a true": "`required` stands before the type",
    "RUN --mount=type=tmpfs,target=/a,size=10x true": "`10x` is no `size`",
    "RUN --mount=type=ssh,src=a true": "a mount of type `ssh` has no `src`",
    "RUN --mount=type=bind,target=/a,from=$IMAGE true": "no variable is filled in in `from=$IMAGE`",
    "RUN --mount=type=$KIND,target=/a,source=$A,trget=/b true": "did you mean `target`?",
    'COPY "a b" /c/': 'the quote " in `"a` is not closed',
    'COPY ["it\'s", "/c/"]': "the quote ' in `it's` is not closed",
    "VOLUME 'a": "the quote ' in `'a` is not closed",
    'USER "me': "is not closed",
    "EXPOSE ${PORT:-'80}": "is not closed",
    "LABEL a it's": "the quote ' in `it's` is not closed",
    "LABEL 'a=b'": "the quote ' in `'a` is not closed",
    'ENV A="${B:-it\'s}"': "is not closed",
    "ENV A=${B": "`${B` is not closed",
    "ENV A=${B^^}": "`${B^^}` is no variable",
    "ENV A=${B:0:3}": "`${B:0:3}` is no variable",
    "ENV A=${}": "`${}` is no variable",
    "ENV A=${B/c}": "`${B/c}` is no variable",
    "ARG A=it's": "the quote ' in `it's` is not closed",
    "COPY --chown=${A a b": "`${A` is not closed",
    "FROM ${X:-'a}": "the quote ' in `${X:-'a}` is not closed",
    "COPY <<EOF /a\n${B^^}\nEOF": "`${B^^}` is no variable",
    "RUN --network=hots true": "did you mean `host`?",
    "RUN --network=HOST true": "did you mean `host`?",
    "RUN --network= true": "has no value",
    "RUN --security=insecur true": "did you mean `insecure`?",
    "HEALTHCHECK --interval=30 CMD true": "`30` is no length of time",
    "HEALTHCHECK --timeout=$T CMD true": "`$T` is no length of time",
    "HEALTHCHECK --timeout=-1s CMD true": "`-1s` is no length of time",
    "HEALTHCHECK --interval CMD true": "has no value",
    'HEALTHCHECK --interval="30" CMD true': "`30` is no length of time",
    "HEALTHCHECK --retries=x CMD true": "`x` is no number of retries",
    "HEALTHCHECK curl localhost": "takes `CMD` and a command, or `NONE`, not `curl`",
    "HEALTHCHECK": "takes `CMD` and a command, or `NONE`",
    "HEALTHCHECK NONE true": "takes no arguments",
    "HEALTHCHECK CMD": "has no command",
    "STOPSIGNAL SIGTREM": "did you mean `SIGTERM`?",
    "STOPSIGNAL 0": "no signal `0`",
    "COPY --chmod=9 a b": "`9` is no mode",
    "COPY --chmod=rwx a b": "`rwx` is no mode",
    "COPY --chmod=17777 a b": "`17777` is no mode",
    "COPY --link= a b": "has no value",
    "COPY --link=maybe a b": "true or false, not `maybe`",
    "ADD --checksum=sha256:a a b": "the source is a file",
    "COPY \u2013chown=1 a b": "so write `--chown`",
    "RUN \u2014mount=type=cache,target=/a true": "so write `--mount`",
    "ENV =a": "has a value without a name",
    "ENV a=b =c": "has a value without a name",
    "ARG a = b": "has a value without a name",
    "ONBUILD ONBUILD RUN a": "cannot trigger ONBUILD",
    'VOLUME [""]': "is empty",
    "FROM Debian:13": "has capital letters",
    "FROM example.com/Debian:13": "has capital letters",
    "FROM Stage": "BuildKit knows it as `stage`",
    "FROM debian:13 AS 1build": "cannot be the name of a stage",
}
TAKEN = """\
RUN --mount=target=. true
RUN --mount=type=bind true
RUN --mount=target=/a/.. true
RUN --mount=type=cache true
RUN --mount=type=bind,target=/a,env=A true
RUN --mount='type=cache,target=/a' true
RUN --mount=type="cache",target=/a true
RUN --mount=type=cache,target="/a b" true
RUN --mount=type=cache,target=/a\\ b true
RUN --network="host" --security='insecure' true
RUN --mount=type=bind,source=go.mod,target=go.mod,rw true
RUN --mount=type=cache,id=a-$TARGETPLATFORM,target=/a,sharing=Locked,uid=1000,gid=1000,mode=0755,from=base true
RUN --mount=type=$KIND,target=/a true
RUN --mount=type=secret,id=a,env=TOKEN,required true
RUN --mount=type=secret,target=/run/a,required=true true
RUN --mount=type=ssh true
RUN --mount=type=tmpfs,dst=/a,size=100m true
RUN --mount=type=secret,id=npmrc,dst=/root/.npmrc,uid=1000,gid=1000,mode=0440,required=1 true
RUN --mount=type=bind,from=base,target=/a,ro=False --mount=type=tmpfs,target=/b,size=1.5g true
RUN --network=none --security=insecure true
HEALTHCHECK --interval=1m30s --timeout=.5s --start-period=0 --start-interval=100ms --retries=0 CMD true
HEALTHCHECK NONE
HEALTHCHECK --interval=30 --every=1 NONE
HEALTHCHECK --interval="30s" --timeout='3s' --start-period=+5s --retries="3" CMD true
HEALTHCHECK --interval= --retries= CMD true
HEALTHCHECK\tCMD\ttrue
HEALTHCHECK CMD ["true"]
STOPSIGNAL 9
STOPSIGNAL +9
STOPSIGNAL term
STOPSIGNAL SIGRTMIN+3
STOPSIGNAL $SIGNAL
COPY --link --chmod=0755 a b
COPY --link=false --chmod=u+x,go-w a b
COPY --link="true" --chmod="755" a b
COPY --from= --chown= --chmod=0000755 a b
COPY --parents=true --chmod=$MODE a b
ADD --checksum=sha256:a https://example.com/a /a
ADD --keep-git-dir=true git@github.com:moby/buildkit.git /a
ADD --checksum=24454f830cdb571e2c4ad15481119c43b3cafd48 github.com/moby/buildkit.git#v0.1 /a
ENV A=$$ B=$$$ C=a$'b' D="a$"
ENV A=${B:-"it's"} C="${D:-'it'}" E=${F#"a}"} G=${H%%:*} I=${J//\\//_}
ENV A=it\\'s B="say \\"a\\"" C='a\\' D='{"a": "b"}'
ENV A="\\u@\\h$ "
LABEL "a b"="c d" 'e'="Let's go"
COPY --chown=${U:-a}:"b" a\\ b ${C:+c} /d/
EXPOSE ${PORT:-80}/tcp "443"
WORKDIR /a b${C:+/d}
ARG A="${B:-$C}" D='e f'
MAINTAINER it's me
ONBUILD COPY "a b" /c/
ENTRYPOINT echo it's ${A^^}
ENV A=
ENV A =b
ENV A = b
LABEL a = b
CMD –version
MAINTAINER —me
RUN –x
ONBUILD RUN true
VOLUME /a "/b"
FROM stage
FROM debian:13 AS Build-1.x
FROM Registry/debian:V13@sha256:ab
FROM localhost:5000/debian:RC1
FROM ${BASE:-Debian} AS b
""".splitlines()


@pytest.mark.parametrize("line", REFUSED)
def test_what_buildkit_refuses(line: str) -> None:
    problems = read_dockerfile(Source("Dockerfile", f"FROM debian:13 AS stage\n{line}\n")).problems
    assert [one.route for one in problems] == [("instructions", 1)]
    assert REFUSED[line] in problems[0].message


@pytest.mark.parametrize("line", TAKEN)
def test_what_buildkit_takes(line: str) -> None:
    assert not read_dockerfile(Source("Dockerfile", f"FROM debian:13 AS stage\n{line}\n")).problems


def test_what_is_filled_into_here_documents() -> None:
    lines = (
        "FROM debian:13\nCOPY <<'EOF' /a\n${B^^}\nEOF\nRUN <<EOF\n${B^^} it's\nEOF\nCOPY <<EOF /a\nit's ${B:-c}\nEOF\n"
    )
    assert not read_dockerfile(Source("Dockerfile", lines)).problems


def test_a_path_with_a_space_stands_in_an_array() -> None:
    (problem,) = read_dockerfile(Source("Dockerfile", "FROM debian:13\nCOPY \"a b\" c 'd/'\n")).problems
    assert problem.help == 'a path with a space stands in an array: COPY ["a b", "c", "d/"]'


def test_an_escape_of_the_file_closes_nothing() -> None:
    text = '# escape=`\nFROM windows:1\nWORKDIR "C:\\a\\"\nENV A="b`""\n'
    assert not read_dockerfile(Source("Dockerfile", text)).problems


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("FROM scratch\nRUN --mount=type=cache true", True),
        ("FROM scratch\nRUN --mount=target=. true", True),
        ("FROM debian\nWORKDIR /\nRUN --mount=type=bind true", True),
        ("FROM debian\nWORKDIR /a\nWORKDIR ..\nRUN --mount=type=tmpfs true", True),
        ("FROM scratch AS A\nFROM a\nRUN --mount=type=bind true", True),
        ("FROM scratch\nWORKDIR a\nRUN --mount=type=bind true", False),
        ("FROM scratch AS A\nWORKDIR /a\nFROM a\nRUN --mount=type=bind,target=. true", False),
        ("FROM debian\nWORKDIR a\nWORKDIR ..\nRUN --mount=type=bind true", False),
        ("FROM debian\nWORKDIR $A\nRUN --mount=type=bind true", False),
        ("FROM scratch\nRUN --mount=type=ssh --mount=type=secret,id=a true", False),
    ],
)
def test_a_mount_goes_to_the_working_directory(lines: str, said: bool) -> None:
    problems = read_dockerfile(Source("Dockerfile", lines)).problems
    assert [one.id for one in problems] == ["dockerfile-flag-value"] * said
