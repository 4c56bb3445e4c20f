"""Files of a project that are known by what is in them."""

from pathlib import Path

from clearway.doctor_facts.papers import papers

BLOCK = '{"PublicAccessBlockConfiguration": {}}'


def names(root: Path) -> list[str]:
    left: list[str] = []
    return sorted(papers(root, left.append).texts)


def write(root: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def test_they_are_known_by_their_content(tmp_path: Path) -> None:
    kept = {
        "block.json": BLOCK,
        "infra/s3.tf": 'rule { object_ownership = "BucketOwnerEnforced" }',
        "k8s/shop.yaml": "apiVersion: v1\nkind: Service\n",
        "logs/audit.log": "avc:  denied  { read }",
        "logs/error.log.1": "x (13: Permission denied)",
        "bucket.sh": "--ownership-controls Rules=[{ObjectOwnership=BucketOwnerEnforced}]",
    }
    others = {
        "package.json": "{}",
        "kinds.yaml": "kinds: [a]\n",
        "notes.md": BLOCK,
        "node_modules/x/block.json": BLOCK,
        ".git/block.json": BLOCK,
        "static/block.json": BLOCK,
        "a/b/c/d/e/f/block.json": BLOCK,
        "binary.json": BLOCK.encode() + b"\0",
        "huge.json": BLOCK.encode() + b" " * (1 << 20),
    }
    write(tmp_path, kept | others)
    assert names(tmp_path) == sorted(kept)


def test_of_a_long_log_the_end_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"logs/audit.log": b"x" * (1 << 21) + b"\navc:  denied  { read }\n"})
    assert names(tmp_path) == ["logs/audit.log"]


def test_too_many_are_told(tmp_path: Path) -> None:
    write(tmp_path, {f"{number}.json": BLOCK for number in range(120)})
    left: list[str] = []
    assert len(papers(tmp_path, left.append).texts) == 100
    assert left == ["only the first 100 of the files about buckets, clusters and refusals were read"]
