"""What looks like a secret is found wherever it stands, and ordinary values are left alone."""

from __future__ import annotations

import json

import pytest

from svc import assets
from svc.report.mask import Words, hidden, shows_secret
from svc.report.spots import spots

S = "Zq7Kw9Vt4xYb2"
"""A secret; `T` is the other one of a text that holds two."""
T = "Hd5Lp8Wf6nMr3"

FOUND = {
    "yaml": f"password: {S}\n",
    "yaml of several words": f"password: {S} and {T}, or so  # a comment\n",
    "yaml on the next line": f"db:\n  password:\n    {S}\n",
    "yaml in a block": f"password: |-\n  {S}\n\n  {T}\nuser: a\n",
    "yaml over two lines": f"password: {S}\n  {T}\nuser: a\n",
    "yaml in quotes over two lines": f'password: "{S}\n  {T}"\n',
    "yaml in single quotes": f"password: 'a''{S}'\n",
    "yaml with an anchor": f"password: &pw !!str {S}\n",
    "yaml never closed": f'password: "{S}\nuser: a\n',
    "yaml in braces": f"{{user: a, password: {S}, more: b}}\n",
    "a list": f"tokens_token: [{S}, '{T}']\n",
    "json": f'{{"apiKey": "{S}", "user": "a"}}',
    "json in a text": f'a: "{{\\"password\\": \\"{S}\\", \\"user\\": \\"b\\"}}"\n',
    "an entry": f"- name: DB_PASSWORD\n  value: {S}\n",
    "an entry, value first": f"- value: {S}\n  name: DB_PASSWORD\n",
    "an entry in json": f'[{{"name": "DB_PASSWORD", "value": "{S}"}}]',
    "an entry in hcl": f'environment = [{{ name = "DB_PASSWORD", value = "{S}" }}]\n',
    "an entry in blocks of hcl": f'env {{\n  name  = "DB_PASSWORD"\n  value = "{S}"\n}}\n',
    "hcl": f'password = "{S}"\n',
    "hcl with quotes in it": f'password = "a\\"{S}"\n',
    "hcl in a function": f'password = coalesce(var.password, "{S}")\n',
    "hcl in two functions": f'password = sensitive(try(var.password, "a\\"{S}"))\n',
    "hcl with a default": f'password = lookup(var.passwords, "db", "{S}")\n',
    "hcl in a function in json": f'{{"password": "${{coalesce(var.password, \\"{S}\\")}}"}}\n',
    "a here-document": f"password = <<-EOT\n  {S}\n  EOT\n",
    "a default": f'variable "db_password" {{\n  type = string\n  default = "{S}"\n}}\n',
    "cue": f'env: DB_PASSWORD: "{S}"\n',
    "cue in three quotes": f'env: DB_PASSWORD: """\n  {S}\n  """\n',
    "raw cue": f'DB_PASSWORD: #"{S}"#\n',
    "properties": f"spring.datasource.password={S}\n",
    "an ini file": f"[pypi]\npassword = {S}\n",
    "a dollar in it": f"password: a$${S}%\n",
    "an instruction": f"ENV A=b DB_PASSWORD={S} C=d\n",
    "an old instruction": f"ENV DB_PASSWORD {S} {T}\n",
    "a quoted assignment": f'- "DB_PASSWORD={S} {T}"\n',
    "a default in braces": f"a: ${{DB_PASSWORD:-{S}}}\n",
    "a comment": f"# DB_PASSWORD={S}\n",
    "behind letters that are longer in small": "İ\n" * 300 + f"password: {S}\n" + "a: b\n" * 300,
    "an option": f"args: [--password={S}]\n",
    "an option and its word": f"run --api-token {S} now\n",
    "an option and its item": f'CMD ["run", "--api-token", "{S}"]\n',
    "an option and its line": f"- --api-token\n- {S}\n",
    "a query": f"url: jdbc:postgresql://db/shop?user=a&password={S}&ssl=true\n",
    "a connection string": f'a: "Server=db;User Id=sa;Password={S};Encrypt=true"\n',
    "a storage account": f"a: AccountName=b;AccountKey={S}==;C=d\n",
    "an address": f"a: postgres://shop:{S}@db/shop\n",
    "a header": f'curl -H "Authorization: Bearer {S}" http://a\n',
    "curl": f"curl -su shop:{S} http://a\ncurl -u shop:{S} http://a\n",
    "a login": f"docker login -u shop -p {S} ghcr.io\n",
    "mysql": f"mysqladmin ping -uroot -p{S}\n",
    "mysql in a list": f"exec: [mysqladmin, ping, -uroot, -p{S}]\n",
    "mysql in items": f"exec:\n  - mysqladmin\n  - ping\n  - -p{S}\n",
    "mysql in json": f'["mariadb-admin", "-p{S}", "ping"]',
    "sshpass": f"sshpass -p {S} ssh a\nsshpass -p{S} ssh a\n",
    "sshpass in a list": f'["sshpass", "-p", "{S}", "ssh"]',
    "redis": f"redis-cli -h a -a {S} ping\n",
    "redis in a list": f"exec: [redis-cli, -a, {S}, ping]\n",
    "redis in items": f"exec:\n  - valkey-cli\n  - -a\n  - '{S}'\n  - ping\n",
    "curl in a list": f'exec: [curl, -f, -u, "admin:{S}", http://a]\n',
    "curl in a list of plain words": f"exec: [curl, --user, admin:{S}]\n",
    "curl in items": f"exec:\n  - curl\n  - -su\n  - admin:{S}\n  - http://a\n",
    "an option of one hyphen": f"run -password {S} now\n",
    "an option of one hyphen and its item": f'args: ["-password", "{S}"]\n',
    "an option of one hyphen and its line": f"- -password\n- {S}\n",
    "a short option": f"run --pw={S}\nplink -pw {S} a\n",
    "a short option and its item": f"args: [--pw, {S}, --pass, {T}]\n",
    "netrc": f"machine example.com login shop password {S}\n",
    "npmrc": f"//registry.npmjs.org/:_authToken={S}\n",
    "a registry": '{"auths": {"ghcr.io": {"auth": "c2hvcDpacTdLdzlWdDR4WWIy"}}}',
    "a key": f"a: |\n  -----BEGIN PRIVATE KEY-----\n  {S}\n  {T}\n  -----END PRIVATE KEY-----\n",
    "a Secret": f"kind: Secret\nstringData:\n  anything: {S}\n  more: |\n    {T}\n",
    "a Secret in braces": f'kind: Secret\nstringData: {{a: {S}, "b": "{T}"}}\n',
    "a Secret in json": f'{{"kind": "Secret", "data": {{"a": "{S}"}}}}',
    "a Secret of a list": f"items:\n- kind: Secret\n  stringData:\n    a: {S}\n",
}
ORDINARY = [
    "db_password: /run/secrets/db\napi_token: ./token\nclient_secret: https://example.com/a\n",
    "run: mysql -uroot -e 'select 1' && mkdir -p /var/lib/shop\n",
    "ports: [mysql, -p3306:3306]\n",
    "exec: [redis-cli, -a, $REDIS_PASSWORD, ping]\n",
    "exec: [redis-cli, ping]\nargs: [serve, -a, everything]\n",
    "{exec: [redis-cli, ping], args: [serve, -a, everything]}\n",
    "exec: [mysqladmin, ping, -p$MYSQL_PASSWORD]\n",
    "exec: [mysql, -p, shop]\n",
    "exec: [curl, -u, '$USER:$PASS', http://a]\n",
    "exec:\n  - curl\n  - http://a:8080/x\nuser: a:b\n",
    "args: [-password-file, /run/secrets/x, -pwd, --pw]\n",
    "args: [--pw, $PW]\nenv: {--pwquality: strict-one}\n",
    "password_file: /run/secrets/x\n",
    "DB_PASSWORD_FILE: /run/secrets/db_password\n",
    "env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: shop-db, key: password}}}]\n",
    "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: shop-db\n      key: password\n- name: PORT\n  value: '8080'\n",
    "- name: PORT\n  value: '8080'\n- name: DB_PASSWORD\n  valueFrom: {}\n",
    "password: ${needs.db.password}\n",
    "apiVersion: svc/v1\nsecrets: {TOKEN: shop/token}\nneeds: {db: {type: postgres, secret: shop-db}}\n",
    "apiVersion: svc/v1\nneeds:\n  db:\n    keys: {password: auth_token}\nfiles: {/a: {secret: jwt, items: {privatekey: jwtRS256.key}}}\n",
    "annotations: {checksum/secret: 4f3bfd1ab2a6b2a0d2d7d5c1cb3f4d1e}\n",
    "DB_PASSWORD: ${DB_PASSWORD}\n",
    "DB_PASSWORD: ${DB_PASSWORD:?DB_PASSWORD is needed}\n",
    "password: ${{ secrets.DB_PASSWORD }}\n",
    "password: {{ .Values.password | quote }}\n",
    "permissions: {id-token: write, contents: read}\n",
    "with: {persist-credentials: false, token: ''}\n",
    "automountServiceAccountToken: false\n",
    '{"automountServiceAccountToken": false, "a": 1}',
    "password = var.db_password\ntoken    = data.aws_eks_cluster_auth.this.token\n",
    'password = var.environment == "production" ? local.password : null\n',
    "secret_key = random_password.db[0].result\n",
    'password = coalesce(var.password, "${local.other}", try(local.password, ""))\n',
    'variable "db_password" {\n  type      = string\n  sensitive = true\n}\n',
    "image: ghcr.io/acme/shop:1.4.2@sha256:" + "4f3bfd1ab2a6b2a0" * 4 + "\n",
    "id: 123e4567-e89b-12d3-a456-426614174000\nversion: 1.4.2\nport: 8080\n",
    "uses: actions/checkout@" + "0123456789abcdef" * 2 + "01234567\n",
    "RUN --mount=type=secret,id=npm npm ci\n",
    "docker build --secret id=npm,src=.npmrc -t a .\n",
    "docker run --user 1000:1000 -p 8080:80 a\n",
    "kubectl create secret generic db --from-literal=user=a\n",
    "tokenizer: words\nkeyboard: de\nmonkey: banana\npassenger: 3\ncompass: north\n",
    "secretName: shop-tls\nimagePullSecrets: [{name: regcred}]\n",
    "kind: ExternalSecret\nspec: {data: [{secretKey: a, remoteRef: {key: shop/db}}]}\n",
    "kind: Secret\nmetadata: {name: a}\n---\nkind: ConfigMap\ndata:\n  level: info\n  port: '8080'\n",
    "primaryKey: id\npartition_key: order_id\ncache-key: deps-v1\nkeys: [a, b]\n",
    "https://example.com/a:b@c\ngit@github.com:acme/shop.git\n",
    "description: basic authentication for everybody\n",
]


@pytest.mark.parametrize("name", FOUND)
def test_it_is_found(name: str) -> None:
    text = FOUND[name]
    starred = list(text)
    for one in spots(text):
        starred[one.start : one.end] = "*" * (one.end - one.start)
    left = "".join(starred)
    assert left != text
    assert not [word for word in (S, T) if word in left], left
    assert hidden(text, Words()) == left
    words = Words.of({"a": text})
    for word in (S, T):
        if word in text:
            assert word not in words.starred(f"the value is `{word}`: no good"), "in a message, bare"
            assert word.lower() not in words.starred(f"write `a-{word.lower()}-b`"), "as a name that is proposed"
            assert word[2:11] not in words.starred(f"it begins with {word[2:11]}..."), "a piece of it"


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_values_are_shown(text: str) -> None:
    assert not [text[one.start : one.end] for one in spots(text)]
    assert not shows_secret(text)


def test_a_plain_word_is_hidden_only_where_it_is_the_secret() -> None:
    text = "image: postgres:16\nenv: {POSTGRES_PASSWORD: postgres}\n"
    assert Words.of({"a": text}).starred("`postgres:16` has no digest") == "`postgres:16` has no digest"
    named = Words.of({"a": "env: {DB_PASSWORD: Checkout-postgres-1}\n"})
    assert named.starred("`checkout` needs `postgres`") == "`checkout` needs `postgres`"
    alone = Words.of({"a": "env: {DB_PASSWORD: swordfish}\n"})
    assert alone.starred("`swordfish` is no reference") == "`***` is no reference"


def test_lines_for_people_stay_readable() -> None:
    from svc.policy.load import load

    for policy in load([assets.policies()]).policies:
        for line in (f"{policy.id}: {policy.title}", policy.help, policy.why):
            assert hidden(line) == line


def test_what_the_policies_call_a_secret_is_found() -> None:
    """In the examples of every policy about secrets in plain text: what they refuse holds one."""
    from svc.parse import parse_one
    from svc.policy.examples import examples
    from svc.source import Source, load

    missed = []
    ids = ("secret-in-environment", "compose-secret", "secret-in-config-map", "secret-in-build", "secret-in-terraform")
    for id_ in (*ids, "secret-in-workflow", "secret-values-in-manifest"):
        found = load(assets.policies() / f"{id_}.yaml")
        assert isinstance(found, Source)
        for example in examples(parse_one(found).documents[0]):
            text = example.input if isinstance(example.input, str) else json.dumps(example.input, indent=1)
            if example.at is not None and not shows_secret(text):
                missed.append((id_, text))
    assert not missed
