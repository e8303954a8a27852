"""The delivery pipeline, without any vendor: which jobs, in which order, with which rights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import samples
from delivery.units import changed, with_ci
from sample_parts import build, cloud
from svc.delivery import types as delivery
from svc.delivery.lower import pipeline
from svc.delivery.registry import registry
from svc.resolve.types.process import EnvValue, Literal_, SecretKey, Variable
from svc.resolve.unit import Unit


def job(made: delivery.Pipeline, id_: str) -> delivery.Job:
    found = made.job(id_)
    assert found is not None, f"{id_} is not among {[one.id for one in made.jobs]}"
    return found


def step(of: delivery.Job, kind: type) -> Any:
    return next(one for one in of.steps if isinstance(one, kind))


def test_a_built_service_is_checked_pushed_scanned_signed_and_deployed_in_order() -> None:
    assert pipeline(samples.unit(samples.web)).edges == {
        ("build", "lint"),
        ("build", "test"),
        ("publish", "lint"),
        ("publish", "test"),
        ("scan", "publish"),
        ("sign", "publish"),
        ("sign", "scan"),
        ("deploy-staging", "publish"),
        ("deploy-staging", "sign"),
        ("deploy-production", "publish"),
        ("deploy-production", "sign"),
        ("deploy-production", "deploy-staging"),
    }


def test_an_image_built_elsewhere_is_scanned_and_deployed_but_never_built() -> None:
    made = pipeline(with_ci(samples.unit(samples.worker_only), test=""))
    assert [one.id for one in made.jobs] == ["lint", "scan", "deploy-staging", "deploy-production"]
    assert made.edges == {
        ("scan", "lint"),
        ("deploy-staging", "scan"),
        ("deploy-production", "scan"),
        ("deploy-production", "deploy-staging"),
    }
    assert not step(job(made, "deploy-staging"), delivery.Deploy).set_digest


def test_a_proposed_change_gets_no_right_but_to_read_the_source() -> None:
    for make in samples.SERVICES:
        for one in pipeline(samples.unit(make)).jobs:
            if one.when == "change" or one.stage in ("lint", "test"):
                assert {right.capability for right in one.permissions} == {"read-source"}, one.id
                assert not any(isinstance(step, delivery.Login) for step in one.steps), one.id


def test_no_ci_means_no_jobs() -> None:
    assert pipeline(with_ci(samples.unit(samples.web), provider="none")).jobs == ()


@pytest.mark.parametrize(
    ("repository", "kind", "host"),
    [
        ("ghcr.io/acme/web", "ghcr", "ghcr.io"),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/web", "ecr", "111122223333.dkr.ecr.eu-west-1.amazonaws.com"),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com.evil.example/web", "other", None),
        ("acme/web", "other", "docker.io"),
        ("web", "other", "docker.io"),
        ("localhost:5000/web", "other", "localhost:5000"),
    ],
)
def test_registry(repository: str, kind: str, host: str | None) -> None:
    found = registry(repository)
    assert found.kind == kind
    assert host is None or found.host == host


def test_ecr_is_signed_in_to_with_the_build_role_and_no_password() -> None:
    unit = samples.unit(samples.web)
    image = replace(unit.first.image, repository="111122223333.dkr.ecr.eu-west-1.amazonaws.com/checkout")
    publish = job(pipeline(changed(unit, image=image)), "publish")
    login = step(publish, delivery.Login)
    assert (login.role, login.registry.account, login.registry.region) == (
        "checkout-build",
        "111122223333",
        "eu-west-1",
    )
    assert [right.capability for right in publish.permissions] == ["read-source", "identity"]
    assert publish.environment is None, "an environment would change the subject that the role trusts"


def test_a_registry_with_a_password_says_so_and_keeps_it_in_an_environment() -> None:
    unit = samples.unit(samples.web)
    made = pipeline(changed(unit, image=replace(unit.first.image, repository="registry.example.com/checkout")))
    assert [one.id for one in made.problems] == ["ci-registry-password"]
    for id_ in ("publish", "scan", "sign"):
        environment = job(made, id_).environment
        assert environment is not None
        assert not environment.deploys


def test_build_secrets_come_from_an_environment() -> None:
    unit = changed(samples.unit(samples.web), build=build(secrets=("npm_token",)))
    for id_ in ("test", "build", "publish"):
        found = job(pipeline(unit), id_)
        assert found.secrets == ("npm_token",)
        assert found.environment == delivery.Environment("build", deploys=False)


def test_services_run_beside_the_tests_and_the_variables_point_at_them() -> None:
    unit = with_ci(samples.unit(samples.web), test="pytest -m slow", test_services=("db", "orders"))
    made = pipeline(unit)
    test = job(made, "test")
    assert [(one.name, one.port, one.publish) for one in test.services] == [("checkout-db", 5432, False)]
    assert test.services[0].image == unit.local.needs[0].image.reference  # type: ignore[union-attr]
    env = dict(step(test, delivery.RunTests).env)
    assert env == {"DATABASE_URL": f"postgresql://test:{delivery.THROWAWAY}@checkout-db:5432/test"}
    assert dict(test.services[0].env)["POSTGRES_PASSWORD"] == delivery.THROWAWAY
    assert [(one.id, one.severity.word) for one in made.problems] == [("ci-service-without-container", "warning")]


def test_your_own_dockerfile_has_no_test_stage_that_we_know_so_tests_run_on_the_runner() -> None:
    unit = changed(samples.unit(samples.web), build=build(dockerfile="docker/Dockerfile", args=(("A", "1"),)))
    made = pipeline(with_ci(unit, test="make test", test_services=("db",)))
    test = job(made, "test")
    assert step(test, delivery.RunTests).image == ""
    assert dict(step(test, delivery.RunTests).env)["DATABASE_URL"].count("@localhost:5432/") == 1
    assert test.services[0].publish
    image = step(job(made, "publish"), delivery.BuildImage)
    assert (image.dockerfile, image.args) == ("docker/Dockerfile", (("A", "1"),))


def test_without_a_cloud_the_cluster_is_reached_with_the_jobs_own_identity() -> None:
    unit = changed(samples.unit(samples.web), cloud=cloud("staging", provider="none"))
    made = pipeline(unit)
    assert step(job(made, "deploy-staging"), delivery.ClusterLogin).cluster == delivery.Cluster("oidc")
    assert [(one.id, one.severity.word) for one in made.problems] == [("ci-cluster-unknown", "info")]


def test_unknown_account_region_and_cluster_are_said() -> None:
    unit = changed(samples.unit(samples.web), cloud=cloud("staging", account="", cluster=""))
    messages = [one.message for one in pipeline(unit).problems]
    assert messages == [
        "the deploys to staging and production read the account and cluster from variables of the environment"
    ]


def test_paths_of_a_monorepo_are_those_of_the_service_and_the_spec() -> None:
    unit = replace(samples.unit(samples.web), directory="services/checkout", spec="services/checkout/service.yaml")
    unit = with_ci(unit, paths=("services/checkout/**",))
    assert pipeline(unit).paths == ("services/checkout/**",)
    given = pipeline(with_ci(unit, paths=("services/checkout/**", "libs/**"))).paths
    assert given == ("services/checkout/**", "libs/**")
    narrow = pipeline(with_ci(unit, paths=("services/checkout/src/**",))).paths
    assert narrow == ("services/checkout/src/**", "services/checkout/service.yaml")
    image = step(job(pipeline(unit), "publish"), delivery.BuildImage)
    assert (image.context, image.dockerfile) == ("services/checkout", "services/checkout/Dockerfile")
    deploy = step(job(pipeline(unit), "deploy-staging"), delivery.Deploy)
    assert (deploy.chart, deploy.values) == ("services/checkout/chart", "services/checkout/chart/values-staging.yaml")


def test_a_reusable_workflow_replaces_the_deploy_steps_and_must_be_pinned() -> None:
    sha = "0123456789abcdef0123456789abcdef01234567"
    pinned = f"acme/ci/.github/workflows/deploy.yaml@{sha}"
    made = pipeline(with_ci(samples.unit(samples.web), reusable_workflow=pinned))
    deploy = job(made, "deploy-production")
    assert deploy.steps == ()
    assert deploy.delegate is not None
    assert dict(deploy.delegate.inputs)["namespace"] == "payments-production"
    assert made.problems == ()
    floating = with_ci(samples.unit(samples.web), reusable_workflow="acme/ci/.github/workflows/deploy.yaml@main")
    assert [one.id for one in pipeline(floating).problems] == ["ci-reusable-workflow-unpinned"]


def test_only_what_cross_compiles_is_built_for_two_architectures() -> None:
    for language, expected in (("go", 2), ("python", 1), ("rust", 1)):
        unit = changed(samples.unit(samples.web), build=build(language))
        assert len(step(job(pipeline(unit), "publish"), delivery.BuildImage).platforms) == expected


def in_plain_words(unit: Unit) -> Unit:
    """The database as `resolve` leaves one that runs as a container: only its password is secret."""
    local, db = unit.local, unit.local.needs[0]
    plain = {"host": "checkout-db", "port": "5432", "name": "checkout", "user": "checkout"}
    db = replace(db, outputs={**db.outputs, **{key: Literal_(text) for key, text in plain.items()}})
    values: dict[str, EnvValue] = {
        "LOG_LEVEL": Literal_("info"),
        "DB_PASSWORD": SecretKey("checkout-db", "password"),
        "DATABASE_URL": Literal_("postgresql://checkout:$(DB_PASSWORD)@checkout-db:5432/checkout"),
        "DB_NAME": Literal_("checkout"),
        "OTHER": Literal_("http://checkout-db-admin:80"),
        "UNKNOWN": Literal_("$(STRIPE_KEY)@checkout-db"),
        "STRIPE_KEY": SecretKey("checkout-secrets", "STRIPE_KEY"),
    }
    assert local.server is not None
    main = replace(local.server.main, env=tuple(Variable(key, value) for key, value in values.items()))
    return replace(unit, local=replace(local, needs=(db,), server=replace(local.server, main=main)))


@pytest.mark.parametrize(("own", "host"), [("", "checkout-db"), ("Dockerfile", "localhost")])
def test_variables_in_plain_words_are_expanded_and_no_others_taken(own: str, host: str) -> None:
    unit = in_plain_words(with_ci(samples.unit(samples.web), test="pytest -m slow", test_services=("db",)))
    unit = changed(unit, build=build(dockerfile=own)) if own else unit
    assert dict(step(job(pipeline(unit), "test"), delivery.RunTests).env) == {
        "DB_PASSWORD": delivery.THROWAWAY,
        "DATABASE_URL": f"postgresql://checkout:{delivery.THROWAWAY}@{host}:5432/checkout",
        "DB_NAME": "checkout",
    }


def test_redis_beside_tests_has_no_password() -> None:
    unit = with_ci(samples.unit(samples.web), test="pytest -m slow", test_services=("cache",))
    assert dict(step(job(pipeline(unit), "test"), delivery.RunTests).env) == {
        "REDIS_URL": "redis://checkout-cache:6379"
    }
