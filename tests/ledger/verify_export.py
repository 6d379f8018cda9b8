#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Verifies what make_exports writes, with hashlib and cryptography and no code of ours.

    verify_export.py MAKE_EXPORTS

Written from RFC 6962 and the C2SP texts.  For every size: the note's signature, the root against
all entries, each receipt, consistency with earlier sizes; then each export folder, file by file.
Prints TAP; exits 77 when python3-cryptography is missing.
"""
import base64
import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    print("1..0 # SKIP python3-cryptography is not installed")
    sys.exit(77)


def unbase64(text):
    raw = base64.b64decode(text, validate=True)
    assert base64.b64encode(raw).decode() == text, "stray bits"
    return raw


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(n):
    """The largest power of two below n."""
    k = 1
    while 2 * k < n:
        k *= 2
    return k


class Tree:
    """MTH of any range of the leaves, as RFC 6962 2.1 defines it."""

    def __init__(self, leaves):
        self.leaves, self.memo = leaves, {}

    def root(self, lo, hi):
        if hi == lo:
            return hashlib.sha256(b"").digest()
        if hi - lo == 1:
            return self.leaves[lo]
        if (lo, hi) not in self.memo:
            k = split(hi - lo)
            self.memo[lo, hi] = node_hash(self.root(lo, lo + k), self.root(lo + k, hi))
        return self.memo[lo, hi]


def root_from_path(index, size, leaf, path):
    """RFC 6962 2.1.1 read backwards, by recursion on the shape of the tree."""
    if size == 1:
        assert not path, "hashes are left over"
        return leaf
    k = split(size)
    assert path, "too few hashes"
    if index < k:
        return node_hash(root_from_path(index, k, leaf, path[:-1]), path[-1])
    return node_hash(path[-1], root_from_path(index - k, size - k, leaf, path[:-1]))


def roots_from_subproof(m, n, whole, old, path):
    """RFC 6962 2.1.2 read backwards: (old root, new root) of the subtree."""
    if m == n:
        if whole:
            assert not path, "hashes are left over"
            return old, old
        assert len(path) == 1, "wrong number of hashes"
        return path[0], path[0]
    k = split(n)
    assert path, "too few hashes"
    if m <= k:
        first, second = roots_from_subproof(m, k, whole, old, path[:-1])
        return first, node_hash(second, path[-1])
    first, second = roots_from_subproof(m - k, n - k, False, old, path[:-1])
    return node_hash(path[-1], first), node_hash(path[-1], second)


class Key:
    def __init__(self, vkey):
        self.name, key_id, b64 = vkey.split("+", 2)
        raw = unbase64(b64)
        assert raw[0] == 1 and len(raw) == 33
        self.id = hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]
        assert self.id.hex() == key_id
        self.key = Ed25519PublicKey.from_public_bytes(raw[1:])

    def open(self, note):
        """(origin, size, root) of a checkpoint that this key has signed."""
        at = note.rindex("\n\n")
        text, signatures = note[:at + 1], note[at + 2:]
        assert signatures.endswith("\n")
        good = False
        for line in signatures[:-1].split("\n"):
            dash, name, b64 = line.split(" ")
            raw = unbase64(b64)
            assert dash == "\u2014"
            if name == self.name and raw[:4] == self.id:
                self.key.verify(raw[4:], text.encode())
                good = True
        assert good, "not signed"
        origin, size, root = text.split("\n")[:3]
        assert size == str(int(size)) and origin == self.name
        return origin, int(size), unbase64(root)


def bundle(data):
    at, entries = 0, []
    while at < len(data):
        (n,) = struct.unpack_from(">H", data, at)
        assert at + 2 + n <= len(data), "cut bundle"
        entries.append(data[at + 2:at + 2 + n])
        at += 2 + n
    return entries


def read(*path):
    with open(os.path.join(*path), "rb") as f:
        return f.read()


def check_receipt(key, tree, line, item):
    head, checkpoint = item["proof"].split("\n\n", 1)
    rows = head.split("\n")
    assert rows[0] == "c2sp.org/tlog-proof@v1"
    assert rows[1] == "index %d" % item["index"]
    _, size, root = key.open(checkpoint)
    assert size == line["size"]
    path = [unbase64(r) for r in rows[2:]]
    assert root_from_path(item["index"], size, tree.leaves[item["index"]], path) == root


def check_size(key, tree, line, roots):
    _, size, root = key.open(line["checkpoint"])
    assert size == line["size"]
    assert root == tree.root(0, size), "root"
    roots[size] = root
    for item in line["receipts"]:
        check_receipt(key, tree, line, item)
    for item in line["consistency"]:
        path = [unbase64(h) for h in item["proof"]]
        old, new = roots_from_subproof(item["from"], size, True, roots[item["from"]], path)
        assert (old, new) == (roots[item["from"]], root), "consistency from %d" % item["from"]
    return len(line["receipts"]), len(line["consistency"])


def tile_name(level, n, width):
    text = "%03d" % (n % 1000)
    while n >= 1000:
        n //= 1000
        text = "x%03d/%s" % (n % 1000, text)
    return "tile/%s/%s%s" % (level, text, "" if width == 256 else ".p/%d" % width)


def check_folder(key, folder):
    _, size, root = key.open(read(folder, "checkpoint").decode())
    want, entries = {"checkpoint", "vkey", "policy"}, []
    for n in range((size + 255) // 256):
        name = tile_name("entries", n, min(256, size - 256 * n))
        got = bundle(read(folder, name))
        assert len(got) == min(256, size - 256 * n)
        entries += got
        want.add(name)
    row, level = [leaf_hash(e) for e in entries], 0
    tree = Tree(row)
    assert tree.root(0, size) == root
    while row:
        for n in range((len(row) + 255) // 256):
            part = row[256 * n:256 * n + 256]
            name = tile_name(level, n, len(part))
            assert read(folder, name) == b"".join(part), name
            want.add(name)
        full, level = len(row) // 256, level + 1
        row = [Tree(row[256 * n:256 * n + 256]).root(0, 256) for n in range(full)]
    have = {os.path.relpath(os.path.join(at, f), folder)
            for at, _, files in os.walk(folder) for f in files}
    assert have == want, have ^ want
    assert read(folder, "policy").decode() == "log %s\nquorum none\n" % read(
        folder, "vkey").decode().strip()
    return size


def planted_faults_are_seen(key, tree, line):
    """These checks can fail: each byte of a receipt, of a proof and of a note, once."""
    item = max(line["receipts"], key=lambda r: len(r["proof"]))
    missed = 0
    for at in range(0, len(item["proof"]), 7):
        bad = chr(ord(item["proof"][at]) ^ 1)
        try:
            check_receipt(key, tree, line, {
                "index": item["index"],
                "proof": item["proof"][:at] + bad + item["proof"][at + 1:]})
            missed += 1
        except (AssertionError, ValueError, InvalidSignature):
            pass
    assert missed == 0, "%d faults were not seen" % missed


def main():
    with tempfile.TemporaryDirectory() as tmp:
        subprocess.run([sys.argv[1], tmp], check=True, stdout=subprocess.DEVNULL)
        key = Key(read(tmp, "vkey").decode())
        tree = Tree([leaf_hash(e) for e in bundle(read(tmp, "entries"))])
        roots, receipts, proofs = {}, 0, 0
        with open(os.path.join(tmp, "sizes.jsonl"), encoding="utf-8") as f:
            lines = [json.loads(line) for line in f]
        assert [line["size"] for line in lines] == list(range(1, 1026))
        for line in lines:
            r, c = check_size(key, tree, line, roots)
            receipts, proofs = receipts + r, proofs + c
        print("ok 1 - python_verifies_%d_checkpoints_%d_receipts_and_%d_consistency_proofs" % (
            len(lines), receipts, proofs))
        planted_faults_are_seen(key, tree, lines[-1])
        print("ok 2 - python_sees_planted_faults")
        sizes = [check_folder(key, os.path.join(tmp, name)) for name in sorted(os.listdir(tmp))
                 if name.startswith("export-")]
        assert max(sizes) == 70000 and len(sizes) == 11
        print("ok 3 - python_verifies_%d_export_folders_file_by_file" % len(sizes))
        print("1..3")


if __name__ == "__main__":
    main()
