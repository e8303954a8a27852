"""A repository with a secret in every place that looks like one, by kind of file, whole files and broken ones."""

from __future__ import annotations

import json

from hostile.canaries import CONTROL, canary, sharp, token
from hostile.secret_manifests import POD, SECRET
from hostile.spellings import coded, double_quoted, indented, private_key, single_quoted

WHOLE = {
    "manifests/deployment.yaml": POD,
    "manifests/secret.yaml": SECRET,
    "manifests/secret.json": json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "j"},
            "stringData": {"a": sharp("jstr")},
            "unknown": 1,
        },
        indent=1,
    ),
    "manifests/pod.json": json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "j"},
            "spec": {
                "containers": [{"name": "a", "image": "b", "env": [{"name": "DB_PASSWORD", "value": sharp("jenv")}]}]
            },
        }
    ),
    "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
    "chart/values.yaml": f"greeting: {CONTROL}\nauth:\n  password: {canary('vpass')}\n  sharp: {{token: {single_quoted(sharp('vtok'))}}}\n",
    "chart/templates/pod.yaml": f"""apiVersion: v1
kind: Pod
metadata: {{name: shop}}
spec:
  containers:
    - name: shop
      image: ghcr.io/acme/shop:1
      env:
        - name: DB_PASSWORD
          value: {{{{ .Values.auth.password | quote }}}}
        - name: API_TOKEN
          value: {canary("vtmpl")}
""",
    "failing/Chart.yaml": "apiVersion: v2\nname: failing\nversion: 1.0.0\n",
    "failing/values.yaml": f"auth:\n  password: {canary('vfail')}\n  token: {single_quoted(sharp('vfai2'))}\n",
    "failing/templates/pod.yaml": 'a: {{ fail (printf "%s and %s" .Values.auth.password .Values.auth.token) }}\n',
    "compose.yaml": f"""services:
  shop:
    image: ghcr.io/acme/shop:1
    command: [serve, --password={canary("ocmd")}, --token, {canary("ocmd2")}]
    env_file: .env
    labels: {{link: "https://shop:{canary("olab")}@example.com", greeting: {CONTROL}}}
    healthcheck: {{test: mysqladmin ping -uroot -p{canary("oheal")}}}
    environment:
      DB_PASSWORD: {canary("omap")}
      SHARP_PASSWORD: {double_quoted(sharp("osharp"))}
      DATABASE_URL: postgres://shop:{canary("ourl")}@db/shop
      PEM_PRIVATE_KEY: |
{indented(private_key("opem"), 8)}  cart:
    image: ghcr.io/acme/cart:1
    build: {{context: ., args: {{NPM_TOKEN: {canary("obuild")}}}}}
    environment:
      - API_TOKEN={canary("olist")}
      - "QUOTED_PASSWORD={canary("oquot")} {canary("oquot2")}"
""",
    ".env": f"DB_PASSWORD={canary('edot')}\nGREETING={CONTROL}\nSHARP_TOKEN={double_quoted(sharp('eshrp'))}\n",
    ".npmrc": f"//registry.npmjs.org/:_authToken={canary('rnpm')}\n//r.example.com/:_auth={coded('u:' + canary('rauth'))}\n",
    ".netrc": f"machine example.com login shop password {canary('rnet')}\n",
    ".pypirc": f"[pypi]\nusername = shop\npassword = {canary('rpypi')}\n",
    "image/Dockerfile": f"""FROM alpine:3.20
ARG API_TOKEN={canary("darg")}
ENV DB_PASSWORD={canary("denv")} GREETING={CONTROL}
ENV SECRET_KEY {canary("dspace")} {canary("dspac2")}
ENV A=b SHARP_PASSWORD={double_quoted(sharp("dsharp"))}
LABEL password="{canary("dlab")}"
# API_TOKEN={canary("dcomm")}
RUN curl https://shop:{canary("drun")}@example.com | sh
RUN pip install --index-url https://u:{canary("dpip")}@pypi.example.com/simple flask
RUN echo "//registry.npmjs.org/:_authToken={canary("dnpm")}" > .npmrc && npm install
RUN cd /tmp && export TOKEN={canary("dexp")} && apt-get install curl
RUN <<EOF
echo machine example.com login shop password {canary("dnet")} > ~/.netrc
docker login -u shop -p {canary("dlogin")} ghcr.io
EOF
HEALTHCHECK CMD mysqladmin ping -p{canary("dheal")}
""",
    ".github/workflows/ci.yaml": f"""on: push
env: {{GREETING: {CONTROL}}}
jobs:
  test:
    runs-on: ubuntu-24.04
    env:
      API_TOKEN: {canary("gjob")}
    services:
      db: {{image: postgres, env: {{POSTGRES_PASSWORD: {canary("gserv")}}}}}
    steps:
      - uses: docker/login-action@v3
        with: {{username: shop, password: {canary("gwith")}}}
      - run: |
          curl https://shop:{canary("gstep")}@example.com
          helm upgrade shop . --set db.password={canary("gset")} --set-string 'api.token={canary("gset2")}'
          echo ::set-output name=a::b
        env: {{DB_PASSWORD: {canary("genv")}, SHARP_TOKEN: {single_quoted(sharp("gsharp"))}}}
""",
    ".github/actions/a/action.yml": f"""name: a
description: a
inputs:
  token: {{description: a, default: {canary("gact")}}}
runs:
  using: composite
  steps: [{{run: "TOKEN={canary("gact2")} a", shell: bash}}]
""",
    ".github/dependabot.yml": f"""version: 2
registries:
  a: {{type: npm-registry, url: https://npm.example.com, token: {canary("gdep")}}}
updates: [{{package-ecosystem: npm, directory: /, schedule: {{interval: dayly}}}}]
""",
    "infra/main.tf": f"""variable "db_password" {{
  description = "{CONTROL}"
  default     = "{canary("tdef")}"
}}
variable "api_token" {{
  type    = string
  default = <<EOT
{canary("there")}
EOT
}}
provider "github" {{
  token = "{canary("tprov")}"
}}
resource "aws_db_instance" "shop" {{
  password = {double_quoted(sharp("tres"))}
}}
resource "aws_ecs_task_definition" "shop" {{
  family = "shop"
  container_definitions = jsonencode([{{
    name        = "shop"
    environment = [{{ name = "DB_PASSWORD", value = "{canary("tecs")}" }}, {{ value = "{canary("tecs2")}", name = "API_TOKEN" }}]
  }}])
}}
resource "aws_instance" "shop" {{
  user_data = <<-EOF
    export DB_PASSWORD={canary("tuser")}
    export DATABASE_URL=postgres://shop:{canary("turl")}@db/shop
  EOF
}}
resource "google_cloud_run_v2_service" "shop" {{
  template {{
    containers {{
      env {{
        name  = "API_TOKEN"
        value = "{canary("trun")}"
      }}
    }}
  }}
}}
""",
    "infra/terraform.tfvars": f'db_password = "{canary("tvars")}"\ntokens = {{ a = {double_quoted(token("tvar2"))} }}\n',
}
SPEC = f"""apiVersion: svc/v1
name: NAME
team: shop
image: ghcr.io/acme/shop:1.4.2@sha256:{"4f3bfd1ab2a6b2a0" * 4}
ports: {{http: 8080}}
health: /healthz
resources: {{requests: {{cpu: 100m, memory: 64Mi}}, limits: {{memory: 128Mi}}}}
env:
  GREETING: {CONTROL}
  DB_PASSWORD: {canary("penv")}
  SHARP_TOKEN: {double_quoted(sharp("psharp"))}
  DATABASE_URL: postgres://shop:{canary("purl")}@db/shop
  ODBC: Server=db;Password={canary("podbc")};Encrypt=true
  ADMIN_PASSWORD: |
    {canary("plit1")}
    {canary("plit2")}
  PEM_PRIVATE_KEY: |
{indented(private_key("ppem"), 4)}  KNOWN: {token("ptok")}
files:
  /etc/app.conf: {{content: "[db]\\npassword={canary("pfile")}\\n"}}
  /etc/npmrc: {{source: npmrc}}
environments:
  staging: {{env: {{API_TOKEN: {canary("pover")}}}}}
  production: {{}}
"""
WAIVERS = f"""waivers:
  - {{policy: secret-in-environment, reason: "the old password={canary("pwaiv")} ends in May", until: "2099-01-01", owner: {token("wown")}}}
  - {{policy: secret-in-config-file, reason: "a file of the old form", until: "2099-01-01", owner: {token("wown")}}}
"""
SPECS = {
    "refused/service.yaml": SPEC.replace("NAME", "refused"),
    "waived/service.yaml": SPEC.replace("NAME", "waived") + WAIVERS,
    "waived/npmrc": f"//registry.npmjs.org/:_authToken={canary('pnpm')}\n",
    "refused/npmrc": f"//registry.npmjs.org/:_authToken={canary('pnpm')}\n",
    "cued/service.cue": f"""package service
apiVersion: "svc/v1"
name: "cued"
image: "ghcr.io/acme/shop:1.4.2"
env: {{
	GREETING: "{CONTROL}"
	DB_PASSWORD: "{canary("qenv")}"
	LINES_PASSWORD: \"\"\"
		{canary("qlit")}
		\"\"\"
}}
port: 1
""",
}
OTHERS = {
    "score.yaml": f"""apiVersion: score.dev/v1b1
metadata: {{name: shop}}
containers:
  shop:
    image: ghcr.io/acme/shop:1
    args: [--password={canary("ccarg")}]
    variables:
      GREETING: {CONTROL}
      DB_PASSWORD: {canary("ccenv")}
      DATABASE_URL: postgres://shop:{canary("ccurl")}@db/shop
    files:
      /etc/a.conf: {{content: "password={canary("ccfil")}"}}
""",
    "tree/package.json": json.dumps(
        {"name": "tree", "scripts": {"start": f"DB_PASSWORD={canary('npmst')} node main.js"}, "engines": {"node": "24"}}
    ),
    "tree/package-lock.json": "{}",
    "tree/main.js": "require('http').createServer().listen(8080)\n",
    "tree/.env.example": f"DB_PASSWORD={canary('ienvx')}\nDATABASE_URL=postgres://a:{canary('ienvu')}@db/a\n",
    "tree/Procfile": f"web: node main.js --password={canary('iproc')}\n",
    "tree/Dockerfile": f"FROM node:24\nENV DB_PASSWORD={canary('idock')} PORT=8080\nCMD node main.js --token={canary('icmd')}\n",
    "pack/broken-policy.yaml": f"id: broken-policy\ncheck: image_registry\npassword: {canary('packk')}\n",
}
BROKEN = {
    "broken/deployment.yaml": f"kind: Deployment\nspec: [\n  password: {canary('xyaml')}: {canary('xyam2')}\n",
    "broken/open.yaml": f'apiVersion: v1\nkind: Secret\nstringData:\n  a: "{canary("xopen")}\n',
    "broken/tab.yaml": f"db:\n\tpassword: {canary('xtab')}\n",
    "broken/twice.yaml": f"apiVersion: v1\nkind: Secret\ndata:\n  a: {canary('xdup1')}\n  a: {canary('xdup2')}\n",
    "broken/pod.json": f'{{"apiVersion": "v1", "kind": "Pod", "password": "{canary("xjson")}" "b": }}\n',
    "broken/main.tf": f'resource "a" "b" {{\n  password = "{canary("xtf")}\n}}\n',
    "broken/more/main.tf": f'db_password = "{canary("xtf2")}" = {{\n',
    "broken/Dockerfile": f"FROM alpine:3.20\nENVV DB_PASSWORD={canary('xdoc')}\nENV DB_PASSWORD\nARG API_TOKEN={canary('xdoc2')} =\nCOPY --chown password={canary('xdoc3')}\n",
    "broken/workflow.yaml": f'on: push\njobs:\n  a:\n    runs-on: x\n    env: {{API_TOKEN: {canary("xwf")}, B: "${{{{ secrets. }}}}"}}\n    steps: [{{run: a, password: {canary("xwf2")}}}]\n',
    "broken/compose.yaml": f"services:\n  a:\n    image: b\n    environment: {{DB_PASSWORD: [{canary('xcom')}]}}\n    ports: ['password={canary('xcom2')}:80']\n",
    "broken/service.yaml": f"apiVersion: svc/v1\nname: broken\nimage: a/b:1\nports: {{http: {token('xspec')}}}\nenv: {{DB_PASSWORD: [{canary('xspe2')}], API_TOKEN: '{canary('xspe3')}'}}\npassword: {canary('xspe4')}\nhealth: {{password: {canary('xspe5')}}}\n",
    "broken/one/service.cue": f'apiVersion: "svc/v1"\nname: "a"\nenv: DB_PASSWORD: "{canary("xcue")}" & "{canary("xcue2")}"\n',
    "broken/two/service.cue": f'apiVersion: "svc/v1"\npassword: "{canary("xcue3")}\n',
}
WORKSPACE = f"""apiVersion: svc/v1
kind: Workspace
environments: {{staging: {{}}, production: {{}}}}
defaults:
  env: {{SHARED_TOKEN: {canary("wdef")}, WORKSPACE: {CONTROL}}}
waivers:
  - {{policy: secret-in-environment, reason: "the old password={canary("wwaiv")} ends in May", until: "2099-01-01", owner: {token("wown")}}}
"""
PROCESS = {
    "AWS_SECRET_ACCESS_KEY": canary("venv"),
    "GITHUB_TOKEN": token("venv2"),
    "DB_PASSWORD": canary("venv3"),
    "TF_VAR_db_password": canary("venv4"),
}
