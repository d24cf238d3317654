"""What the Django service answers, taken apart."""

import msgspec


def receipt_lines(body: bytes) -> tuple[bytes, int, list[str], int, str]:
    """The entry, its index and proof, and the size and root of the checkpoint."""
    answer = msgspec.json.decode(body)
    proof, checkpoint = answer["receipt"].split("\n\n")[:2]
    _, index, *hashes = proof.split("\n")
    _, size, root = checkpoint.split("\n")
    return answer["entry"].encode(), int(index.removeprefix("index ")), hashes, int(size), root
