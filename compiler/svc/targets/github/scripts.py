"""The shell scripts of a workflow. They are constants: whatever comes from the spec reaches them as a variable."""

from __future__ import annotations

CHECK_SPEC = """\
svc lint "$SPEC"
svc compile --check "$SPEC"
"""

INSTALL_SVC = 'uv tool install "svc-compiler==$SVC_VERSION"'

TEST_ON_RUNNER = 'bash -euo pipefail -c "$TEST_COMMAND"'

SIGN = """\
cosign sign --yes "$IMAGE@$DIGEST"
cosign attest --yes --type cyclonedx --predicate "$SBOM" "$IMAGE@$DIGEST"
"""

VERIFY = """\
cosign verify \\
  --certificate-identity "$GITHUB_SERVER_URL/$GITHUB_WORKFLOW_REF" \\
  --certificate-oidc-issuer https://token.actions.githubusercontent.com \\
  "$IMAGE@$DIGEST"
"""

EKS_LOGIN = 'aws eks update-kubeconfig --name "$CLUSTER"'

# kubectl and Helm ask the program anew whenever the token, good for minutes only, is refused.
OIDC_LOGIN = """\
printf '%s\\n' "$KUBE_CA" > "$RUNNER_TEMP/cluster-ca.crt"
cat > "$RUNNER_TEMP/cluster-token" <<'SCRIPT'
#!/usr/bin/env bash
set -euo pipefail
curl --fail --silent --show-error --get \\
  --header "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\
  --data-urlencode "audience=$KUBE_SERVER" \\
  "$ACTIONS_ID_TOKEN_REQUEST_URL" |
  jq '{apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status: {token: .value}}'
SCRIPT
chmod 0700 "$RUNNER_TEMP/cluster-token"
kubectl config set-cluster cluster \\
  --server "$KUBE_SERVER" \\
  --certificate-authority "$RUNNER_TEMP/cluster-ca.crt" \\
  --embed-certs
kubectl config set-credentials github \\
  --exec-api-version client.authentication.k8s.io/v1 \\
  --exec-command "$RUNNER_TEMP/cluster-token" \\
  --exec-interactive-mode Never
kubectl config set-context deploy --cluster cluster --user github
kubectl config use-context deploy
"""

_DEPLOY = """\
helm upgrade "$RELEASE" "$CHART" \\
  --install \\
  --namespace "$NAMESPACE" \\
  --values "$VALUES" \\
"""
_DIGEST = """\
  --set-string "image.digest=$DIGEST" \\
"""
_WAIT = """\
  --rollback-on-failure \\
  --timeout "$TIMEOUT"
"""

# Helm would wait for pods that wait for what the job behind them makes: the first install has to end without them.
# On an upgrade the job comes first, and would wait for what the release has not made yet.
_FIRST = """\
if ! helm status "$RELEASE" --namespace "$NAMESPACE" > /dev/null 2>&1; then
  helm install "$RELEASE" "$CHART" \\
    --namespace "$NAMESPACE" \\
    --values "$VALUES" \\
"""
_ADDED = """\
    --timeout "$TIMEOUT"
else
  made="$(helm get manifest "$RELEASE" --namespace "$NAMESPACE")"
  for name in $BROUGHT; do
    if grep --extended-regexp "^  name: \\"?$name\\"?\\$" <<< "$made" > /dev/null; then continue; fi
    running="$(helm get values "$RELEASE" --namespace "$NAMESPACE" --all --output json | jq --raw-output .image.digest)"
    helm upgrade "$RELEASE" "$CHART" \\
      --no-hooks \\
      --namespace "$NAMESPACE" \\
      --values "$VALUES" \\
      --set-string "image.digest=$running" \\
      --timeout "$TIMEOUT"
    break
  done
fi
"""


def deploy(*, set_digest: bool, brings: bool) -> str:
    """`brings`: the release makes what its jobs before a deploy need."""
    digest = _DIGEST if set_digest else ""
    first = f"{_FIRST}{f'  {digest}' if digest else ''}{_ADDED}" if brings else ""
    return first + _DEPLOY + digest + _WAIT


SMOKE_TEST = 'helm test "$RELEASE" --namespace "$NAMESPACE" --logs'

ROLL_BACK = 'helm rollback "$RELEASE" --namespace "$NAMESPACE" --wait --timeout "$TIMEOUT"'


def test_in_image(variables: tuple[str, ...], network: bool, folder: str) -> str:
    """`variables` are names only; their values stay in the environment. Tests may write anywhere in their container."""
    options = [*(['--network "$NETWORK"'] if network else []), *([f"--workdir {folder}"] if folder else [])]
    options += [f"--env {name}" for name in variables]
    lines = ["docker run --rm --user root --entrypoint sh", *options, '"$TEST_IMAGE" -c "$TEST_COMMAND"']
    return " \\\n  ".join(lines) + "\n"
