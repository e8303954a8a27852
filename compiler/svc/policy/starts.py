"""What a policy starts from where no built-in policy is an example: checks that need a decision of yours, and CUE."""

from __future__ import annotations

from typing import NamedTuple

YAML = """\
title: {title}
severity: error                  # error | warning | info
surface: {surface}
check: {check}
profiles: [baseline, recommended, strict]
params: {params}
why: {why}
help: {help}
since: "1"
pass:
{good}
fail:
{bad}
"""


class Start(NamedTuple):
    """A decision over a check; `good` and `bad` are its examples as they stand in the file."""

    title: str
    surface: str
    params: str
    why: str
    help: str
    good: str
    bad: str


CHECKS: dict[str, Start] = {
    "image_registry": Start(
        "Image comes from another registry than ours",
        "kubernetes",
        "{allowed: [registry.example.com]}",
        "Images that nobody scanned or mirrored run beside the data.",
        "Push the image to registry.example.com, and name it from there.",
        "  - containers: [{name: web, image: registry.example.com/web:1}]",
        "  - input:\n      containers: [{name: web, image: docker.io/web:1}]\n    at: [[containers, 0, image]]",
    ),
    "base_registry": Start(
        "Base image comes from another registry than ours",
        "docker",
        "{allowed: [registry.example.com]}",
        "What nobody scanned or mirrored is built into images.",
        "Mirror the image in registry.example.com, and name it from there.",
        "  - |\n    FROM registry.example.com/node:22",
        "  - input: |\n      FROM docker.io/node:22\n    at: [[instructions, 0]]",
    ),
    "label_schema": Start(
        "Labels of the image do not have our form",
        "docker",
        "{labels: {org.opencontainers.image.source: url, team: text}}",
        "Nobody knows whose image it is.",
        "Write the labels in the last stage.",
        "  - |\n    FROM a\n    LABEL org.opencontainers.image.source=https://example.com/shop team=shop",
        "  - input: |\n      FROM a\n      LABEL org.opencontainers.image.source=https://example.com/shop\n    at: [[instructions, 0]]",
    ),
    "labels_missing": Start(
        "Object does not say whose it is",
        "kubernetes",
        "{labels: [team]}",
        "Nobody is asked when it breaks, nor pays for it.",
        "Write the label team.",
        "  - {kind: ConfigMap, apiVersion: v1, metadata: {name: web, labels: {team: shop}}}",
        "  - input: {kind: ConfigMap, apiVersion: v1, metadata: {name: web}}\n    at: [[metadata]]",
    ),
    "service_required": Start(
        "Service names no owner",
        "service",
        "{key: team}",
        "Nobody is asked when it breaks.",
        '"Write team: NAME."',
        "  - {name: web, team: shop}",
        '  - input: {name: web, team: ""}\n    at: [[team]]',
    ),
    "service_allowed": Start(
        "Service runs in another region than ours",
        "service",
        "{key: cloud.region, allowed: [eu-*]}",
        "Data of our customers must stay in Europe.",
        "Name a region of Europe in the workspace.",
        "  - {name: web, cloud: {region: eu-west-1}}",
        "  - input: {name: web, cloud: {region: us-east-1}}\n    at: [[cloud, region]]",
    ),
    "service_pattern": Start(
        "Name of the service does not begin with its team's",
        "service",
        "{key: name, pattern: '^(shop|pay)-'}",
        "Names are shared by all teams.",
        "Begin the name with shop- or pay-.",
        "  - {name: shop-web}",
        "  - input: {name: web}\n    at: [[name]]",
    ),
    "service_range": Start(
        "Service has one replica in production",
        "service",
        '{key: "workloads[*].scale.min", at_least: "2", environments: [prod*], roles: [server]}',
        "A node that goes takes the service with it.",
        '"Write scale: {min: 2} for production."',
        "  - {environment: production, workloads: [{role: server, scale: {min: 2}}]}\n"
        "  - {environment: staging, workloads: [{role: server, scale: {min: 1}}]}",
        "  - input: {environment: production, workloads: [{role: server, scale: {min: 1}}]}\n"
        "    at: [[workloads, 0, scale, min]]",
    ),
}

CUE_YAML = """\
title: {title}
severity: error                  # error | warning | info
surface: {surface}
check: cue                       # the decision is {name}.cue beside this file
profiles: [recommended, strict]  # baseline | recommended | strict; all that it belongs to
why: Say what goes wrong without it.
help: Say what to write instead.
since: "1"
pass:
{good}
fail:
{bad}
"""
CUE = """\
package policy

#Policy: {{
	// What is judged, as plain data.
	input: {input}

	// What is wrong: the route of each fault in the input, and a message.
	violations: [
		{rule}
	]
}}
"""


class InCue(NamedTuple):
    """A rule in CUE over one surface, with its examples."""

    title: str
    input: str
    rule: str
    good: str
    bad: str


SURFACES: dict[str, InCue] = {
    "kubernetes": InCue(
        "Deployment has no team label",
        "{kind?: string, metadata?: {labels?: {...}, ...}, ...}",
        'if input.kind == "Deployment" if input.metadata.labels.team == _|_ {\n'
        '\t\t\t{at: ["metadata", "labels"], message: "the label `team` is missing"}\n\t\t},',
        "  - {kind: Deployment, apiVersion: apps/v1, metadata: {name: web, labels: {team: shop}}}",
        "  - input: {kind: Deployment, apiVersion: apps/v1, metadata: {name: web, labels: {app: web}}}\n"
        "    at: [[metadata, labels]]",
    ),
    "service": InCue(
        "Worker asks for more than 4 CPU",
        "{workloads: [...], ...}",
        'for i, one in input.workloads if one.role == "worker"\n'
        "\t\tfor j, process in one.processes if process.resources.limits.cpu != _|_ if process.resources.limits.cpu > 4 {\n"
        '\t\t\t{at: ["workloads", i, "processes", j, "resources", "limits", "cpu"], message: "more than 4 CPU"}\n\t\t},',
        "  - workloads: [{role: worker, processes: [{resources: {limits: {cpu: 0.5}}}]}]",
        "  - input:\n      workloads: [{role: worker, processes: [{resources: {limits: {cpu: 8}}}]}]\n"
        "    at: [[workloads, 0, processes, 0, resources, limits, cpu]]",
    ),
    "docker": InCue(
        "Dockerfile sets the time zone",
        "{instructions: [...{keyword: string, args: [...string], ...}]}",
        'for i, one in input.instructions if one.keyword == "ENV" for arg in one.args if arg =~ "^TZ=" {\n'
        '\t\t\t{at: ["instructions", i], message: "the time zone is the platform\'s"}\n\t\t},',
        "  - |\n    FROM a\n    ENV PORT=80",
        "  - input: |\n      FROM a\n      ENV TZ=Europe/Berlin\n    at: [[instructions, 1]]",
    ),
    "compose": InCue(
        "Compose service has no memory limit",
        "{services: {...}, ...}",
        "for name, one in input.services if one.mem_limit == _|_ {\n"
        '\t\t\t{at: ["services", name], message: "`\\(name)` has no `mem_limit`"}\n\t\t},',
        "  - {services: {web: {image: web, mem_limit: 64m}}}",
        "  - input: {services: {web: {image: web}}}\n    at: [[services, web]]",
    ),
    "github": InCue(
        "Job does not run on our runners",
        "{jobs: {...}, ...}",
        'for name, one in input.jobs if one."runs-on" != _|_ if one."runs-on" != "acme-linux" {\n'
        '\t\t\t{at: ["jobs", name, "runs-on"], message: "`\\(name)` runs on \\(one."runs-on")"}\n\t\t},',
        "  - |\n    on: push\n    jobs: {test: {runs-on: acme-linux, steps: [{run: make}]}}",
        "  - input: |\n      on: push\n      jobs: {test: {runs-on: ubuntu-24.04, steps: [{run: make}]}}\n"
        "    at: [[jobs, test, runs-on]]",
    ),
    "terraform": InCue(
        "Bucket has no tag that names its owner",
        "{resource?: {...}, ...}",
        "if input.resource.aws_s3_bucket != _|_ for name, one in input.resource.aws_s3_bucket if one.tags.owner == _|_ {\n"
        '\t\t\t{at: ["resource", "aws_s3_bucket", name], message: "the tag `owner` is missing"}\n\t\t},',
        '  - |\n    resource "aws_s3_bucket" "a" {\n      tags = { owner = "shop" }\n    }',
        '  - input: |\n      resource "aws_s3_bucket" "a" {\n        bucket = "a"\n      }\n'
        "    at: [[resource, aws_s3_bucket, a]]",
    ),
    "helm": InCue(
        "Chart names no maintainer",
        '{"Chart.yaml": {...}, files: [...string], ...}',
        'if input."Chart.yaml".maintainers == _|_ {\n'
        '\t\t\t{at: ["Chart.yaml"], message: "the chart has no `maintainers`"}\n\t\t},',
        '  - {Chart.yaml: "apiVersion: v2\\nname: web\\nversion: 1.0.0\\nmaintainers: [{name: shop}]"}',
        '  - input: {Chart.yaml: "apiVersion: v2\\nname: web\\nversion: 1.0.0"}\n    at: [[Chart.yaml]]',
    ),
    "across": InCue(
        "Two objects of one kind have one name",
        "[...{surface: string, name: string, data: _, ...}]",
        "for i, one in input for j, other in input if j < i if one.data.kind != _|_ if one.data.kind == other.data.kind\n"
        "\t\tif one.data.metadata.name == other.data.metadata.name {\n"
        '\t\t\t{at: [i, "data", "metadata", "name"], message: "the name is taken"}\n\t\t},',
        "  - [{kind: Service, apiVersion: v1, metadata: {name: a}}, {kind: Service, apiVersion: v1, metadata: {name: b}}]",
        "  - input: [{kind: Service, apiVersion: v1, metadata: {name: a}}, {kind: Service, apiVersion: v1, metadata: {name: a}}]\n"
        "    at: [[1, metadata, name]]",
    ),
}
