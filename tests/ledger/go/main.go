// SPDX-License-Identifier: Apache-2.0

// Verifies what make_exports writes with golang.org/x/mod/sumdb/note and sumdb/tlog: notes, roots,
// receipts, consistency, and the tiles of export folders as a client of a tiled log reads them.
// Usage: main DIR.  Prints TAP.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type line struct {
	Size        int64
	Checkpoint  string
	Consistency []struct {
		From  int64
		Proof []string
	}
	Receipts []struct {
		Index int64
		Proof string
	}
}

func check(err error, what string, args ...interface{}) {
	if err != nil {
		log.Fatalf("not ok - %s: %v", fmt.Sprintf(what, args...), err)
	}
}

func read(path ...string) []byte {
	data, err := os.ReadFile(filepath.Join(path...))
	check(err, "reading")
	return data
}

func hash(text string) tlog.Hash {
	h, err := tlog.ParseHash(text)
	check(err, "hash %q", text)
	return h
}

func bundle(data []byte) (entries [][]byte) {
	for len(data) > 0 {
		n := 2 + int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:n])
		data = data[n:]
	}
	return entries
}

// open gives size and root of a checkpoint that the log has signed.
func open(text []byte, keys note.Verifiers, origin string) tlog.Tree {
	n, err := note.Open(text, keys)
	check(err, "note")
	rows := strings.Split(n.Text, "\n")
	if len(rows) != 4 || rows[0] != origin {
		log.Fatalf("not ok - checkpoint %q", n.Text)
	}
	var size int64
	if _, err := fmt.Sscan(rows[1], &size); err != nil || fmt.Sprint(size) != rows[1] {
		log.Fatalf("not ok - size %q", rows[1])
	}
	return tlog.Tree{N: size, Hash: hash(rows[2])}
}

// stored is a tree of our own, kept as sumdb keeps it.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = s[x]
	}
	return out, nil
}

func checkReceipt(keys note.Verifiers, origin, text string, index int64, tree tlog.Tree,
	leaf tlog.Hash) {
	parts := strings.SplitN(text, "\n\n", 2)
	rows := strings.Split(parts[0], "\n")
	if rows[0] != "c2sp.org/tlog-proof@v1" || rows[1] != fmt.Sprintf("index %d", index) {
		log.Fatalf("not ok - receipt %q", text)
	}
	if got := open([]byte(parts[1]), keys, origin); got != tree {
		log.Fatalf("not ok - a receipt of %d under another checkpoint", index)
	}
	var proof tlog.RecordProof
	for _, row := range rows[2:] {
		proof = append(proof, hash(row))
	}
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf), "receipt of %d at %d",
		index, tree.N)
}

func checkSizes(dir string, keys note.Verifiers, origin string) {
	entries := bundle(read(dir, "entries"))
	var hashes stored
	var receipts, proofs, size int64
	roots := map[int64]tlog.Hash{}
	f, err := os.Open(filepath.Join(dir, "sizes.jsonl"))
	check(err, "sizes")
	scan := bufio.NewScanner(f)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		var l line
		check(json.Unmarshal(scan.Bytes(), &l), "line")
		more, err := tlog.StoredHashes(size, entries[size], hashes)
		check(err, "hashes")
		hashes = append(hashes, more...)
		size++
		tree := open([]byte(l.Checkpoint), keys, origin)
		root, err := tlog.TreeHash(size, hashes)
		check(err, "root")
		if tree.N != size || l.Size != size || tree.Hash != root {
			log.Fatalf("not ok - checkpoint of %d", size)
		}
		roots[size] = root
		for _, r := range l.Receipts {
			leaf := tlog.RecordHash(entries[r.Index])
			checkReceipt(keys, origin, r.Proof, r.Index, tree, leaf)
			receipts++
		}
		for _, c := range l.Consistency {
			var proof tlog.TreeProof
			for _, h := range c.Proof {
				proof = append(proof, hash(h))
			}
			check(tlog.CheckTree(proof, size, root, c.From, roots[c.From]),
				"consistency from %d to %d", c.From, size)
			proofs++
		}
	}
	if size != 1025 {
		log.Fatalf("not ok - %d sizes", size)
	}
	fmt.Printf("ok 1 - go_verifies_%d_checkpoints_%d_receipts_and_%d_consistency_proofs\n",
		size, receipts, proofs)
}

// tiles reads a C2SP folder; sumdb's own paths begin with the height.
type tiles string

func (t tiles) Height() int { return 8 }

func (t tiles) ReadTiles(want []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, w := range want {
		path := strings.Replace(w.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(t), path))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func checkFolder(folder string, keys note.Verifiers, origin string) int64 {
	tree := open(read(folder, "checkpoint"), keys, origin)
	reader := tlog.TileHashReader(tree, tiles(folder))
	var index int64
	for n := int64(0); n*256 < tree.N; n++ {
		w := int64(256)
		if tree.N-n*256 < w {
			w = tree.N - n*256
		}
		path := tlog.Tile{H: 8, L: -1, N: n, W: int(w)}.Path()
		path = strings.Replace(path, "tile/8/data/", "tile/entries/", 1)
		entries := bundle(read(folder, path))
		if int64(len(entries)) != w {
			log.Fatalf("not ok - %s of %s", path, folder)
		}
		var where []int64
		for i := range entries {
			where = append(where, tlog.StoredHashIndex(0, index+int64(i)))
		}
		leaves, err := reader.ReadHashes(where) // authenticated by the root
		check(err, "tiles of %s", folder)
		for i, e := range entries {
			if leaves[i] != tlog.RecordHash(e) {
				log.Fatalf("not ok - entry %d of %s", index+int64(i), folder)
			}
		}
		index += w
	}
	return tree.N
}

func main() {
	log.SetFlags(0)
	dir := os.Args[1]
	verifier, err := note.NewVerifier(string(bytes.TrimSpace(read(dir, "vkey"))))
	check(err, "vkey")
	keys := note.VerifierList(verifier)
	checkSizes(dir, keys, verifier.Name())
	folders, err := filepath.Glob(filepath.Join(dir, "export-*"))
	check(err, "folders")
	var largest int64
	for _, folder := range folders {
		if n := checkFolder(folder, keys, verifier.Name()); n > largest {
			largest = n
		}
	}
	if len(folders) != 11 || largest != 70000 {
		log.Fatalf("not ok - %d folders", len(folders))
	}
	fmt.Printf("ok 2 - go_verifies_%d_export_folders_as_a_tiled_log\n", len(folders))
	fmt.Println("1..2")
}
