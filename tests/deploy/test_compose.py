"""No container runs here: what the files say is held to the settings and commands that there are."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it comes without types
from click.testing import CliRunner

from app.cli import main
from app.settings import SETTINGS

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
OURS = {name: service for name, service in COMPOSE["services"].items() if "build" in service}


def test_two_nodes_serve_and_one_founds() -> None:
    assert set(OURS) == {"node-one", "node-two", "found"}


def test_every_setting_that_is_named_exists() -> None:
    for service in OURS.values():
        assert {name for name in service["environment"] if name.startswith("ROCHDALE_")} <= set(SETTINGS)
    assert set(re.findall(r"\bROCHDALE_[A-Z_]+", DOCKERFILE)) <= set(SETTINGS)


@pytest.mark.parametrize("command", [["serve"], ["health"], OURS["found"]["command"][:1]])
def test_every_command_that_is_named_exists(command: list[str]) -> None:
    assert CliRunner().invoke(main, [*command, "--help"]).exit_code == 0
    assert f'"{command[0]}"' in DOCKERFILE + (ROOT / "compose.yaml").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_nothing_may_more_than_it_needs(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not any("PASSWORD" in key and not key.endswith("_FILE") for key in service["environment"])


def test_every_volume_secret_and_network_that_is_used_is_declared() -> None:
    for service in COMPOSE["services"].values():
        named = {volume.split(":")[0] for volume in service["volumes"]}
        assert {one for one in named if not one.startswith(".")} <= set(COMPOSE["volumes"])
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
        assert set(service["networks"]) <= set(COMPOSE["networks"])


def test_a_node_is_given_longer_to_end_than_it_takes() -> None:
    from app.server import GRACE  # noqa: PLC0415 - a web server, which nothing else here loads

    assert int(OURS["node-one"]["stop_grace_period"].removesuffix("s")) > GRACE


def test_the_proxy_knows_every_node() -> None:
    proxied = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    for name in ("node-one", "node-two"):
        assert f"{name}:8000" in proxied
        assert name in OURS["node-one"]["environment"]["ROCHDALE_ALLOWED_HOSTS"].split()


def test_the_image_runs_what_is_locked_as_nobody_in_particular() -> None:
    assert "--require-hashes" in DOCKERFILE
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "pip install" not in last
    assert "apt-get" not in last
