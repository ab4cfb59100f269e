"""The small checkout on disk: a git repository with MLflow beside it, and stand-ins for the tools.

The stand-ins answer their version, and `mage generate` writes what the real one would write for
an endpoint as far as porter's inspections look at it; with MAGE_NOISE set, other things too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import small

ROUTES = {name: (verb, path) for name, verb, path in small.SERVICES["MlflowService"]}
GIT = ("git", "-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false")
IGNORED = ".mlflow.repo/\n__pycache__/\n"
TOOLS = {
    "go": "print('go1.23.9') if 'GOVERSION' in sys.argv else None",
    "gofmt": "",
    "protoc": "print('libprotoc 26.0')",
    "protoc-gen-go": "print('protoc-gen-go v1.33.0')",
    "mockery": "print('v2.43.2')",
    "mage": """
import pathlib, re, time
if '-version' in sys.argv:
    print('Mage Build Tool v1.15.0')
elif 'test:unit' in sys.argv:
    print('{"Action": "pass", "Package": "garden", "Test": "TestWater"}')
elif os.environ.get('MAGE_FAILS'):
    sys.exit('cannot generate: the garden is closed')
elif os.environ.get('MAGE_HANGS'):
    print('generating', flush=True)
    time.sleep(600)
else:
    places = {
        'pkg/contract/service/tracking.g.go': '}\\n',
        'pkg/server/routes/tracking.g.go': '}\\n',
        'pkg/lib/tracking.g.go': '',
    }
    texts = [
        '\\t{0}(ctx context.Context, input *protos.{0}) (*protos.{0}_Response, error)\\n',
        '\\tapp.{1}("{2}", func() {{ service.{0}(ctx, input) }})\\n',
        '\\n//export TrackingService{0}\\n'
        'func TrackingService{0}(serviceID int64) {{\\n\\treturn\\n}}\\n',
    ]
    routes = ROUTES
    names = pathlib.Path('magefiles/generate/endpoints.go').read_text()
    for (path, end), text in zip(places.items(), texts):
        file = pathlib.Path(path)
        for name in re.findall(r'^\\t*"(\\w+)",$', names, re.M):
            method = name[0].upper() + name[1:]
            if name in routes and not re.search(rf'\\b(\\w*Service)?{method}\\(', file.read_text()):
                verb, route = routes[name]
                body = file.read_text().removesuffix(end)
                file.write_text(body + text.format(method, verb.title(), route) + end)
    file = pathlib.Path('pkg/contract/service/tracking.g.go')
    if os.environ.get('MAGE_NOISE') and 'Weeds' not in file.read_text():
        text = 'package service\\n\\ntype Weeds struct{}\\n'
        file.write_text(file.read_text().replace('package service\\n', text, 1))
""",
}


def make(root: Path, *changes: Mapping[str, str | bytes | None]) -> Path:
    """The garden at `root`, committed, with files put in, changed or (None) taken out."""
    module = small.TREE["go.mod"] + "\nrequire github.com/magefile/mage v1.15.0\n"
    write(root, small.view({".gitignore": IGNORED, "go.mod": module}, *changes).contents)
    repo = root / ".mlflow.repo"
    write(repo, small.mlflow().contents)
    commit(repo)
    git(repo, "remote", "add", "origin", "https://example.com/mlflow.git")
    head = git(repo, "rev-parse", "HEAD")
    (root / ".mlflow.ref").write_text(f"https://example.com/mlflow.git#{head}")
    commit(root)
    return root


def tools(folder: Path, **replaced: str | None) -> str:
    """A folder of stand-ins as a PATH; None leaves one out."""
    folder.mkdir()
    for name, body in {**TOOLS, **{k.replace("_", "-"): v for k, v in replaced.items()}}.items():
        if body is not None:
            file = folder / name
            text = body.replace("ROUTES", repr(ROUTES))
            file.write_text(f"#!{sys.executable}\nimport os, sys\n{text}\n")
            file.chmod(0o755)
    return f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin"


def write(root: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def commit(root: Path) -> None:
    if not (root / ".git").exists():
        git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "a garden")


def git(root: Path, *args: str) -> str:
    done = subprocess.run([*GIT, *args], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def contents(root: Path) -> dict[str, bytes]:
    """Every file of the work tree and of the git directory that porter could have touched."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".mlflow.repo" not in path.parts
    }
