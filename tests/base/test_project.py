"""Where results are kept between two calls."""

import os

import pytest

from analysis.base import project


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(project, "ROOT", tmp_path / "project")
    monkeypatch.delenv(project.CACHE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "users"))
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def test_results_are_kept_in_the_project_or_where_they_are_told_to_be(root, monkeypatch):
    assert project.kept() == root / ".cache"
    (root / ".cache").mkdir()
    assert project.kept() == root / ".cache"
    monkeypatch.setenv(project.CACHE, "elsewhere")
    assert project.kept() == root.cwd() / "elsewhere"


def test_where_the_project_may_only_be_read_it_is_a_folder_of_the_users(root, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    found = project.kept()
    assert found.parent == root.with_name("users")
    assert found.name.startswith("module-12-report-")
    monkeypatch.setattr(project, "ROOT", root.with_name("another"))
    assert project.kept() != found
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(root))
    assert project.kept().parent == root / ".cache"
