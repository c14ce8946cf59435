// Goverify checks a published log with code nobody here wrote: the tree, tiles and notes of Go's own
// golang.org/x/mod/sumdb. Ours is only the glue that docs/spec/log.md asks for. It prints what it
// checked, or the first thing that does not hold, and then exits with status 1.
//
//	goverify -key VKEY [-witness VKEY]... [-older FILE]... [-receipts FOLDER] LOG-FOLDER
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const width = 256 // of a full tile

type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

// check ends the program at the first thing that does not hold.
func check(err error, where string, facts ...interface{}) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "FAIL %s: %v\n", fmt.Sprintf(where, facts...), err)
		os.Exit(1)
	}
}

func require(holds bool, why string, facts ...interface{}) {
	if !holds {
		check(fmt.Errorf(why, facts...), "log")
	}
}

func main() {
	var witnesses, older list
	key := flag.String("key", "", "the log's key")
	receipts := flag.String("receipts", "", "folder of .tlog-proof files")
	flag.Var(&witnesses, "witness", "key of a witness that must have cosigned (repeat)")
	flag.Var(&older, "older", "file of an older checkpoint (repeat)")
	flag.Parse()
	if flag.NArg() != 1 || *key == "" {
		flag.Usage()
		os.Exit(2)
	}
	log, err := openLog(flag.Arg(0), *key, witnesses)
	check(err, "checkpoint")
	fmt.Printf("checkpoint %d %v, %d cosignatures\n", log.tree.N, log.tree.Hash, len(witnesses))
	counts := log.readCounts()
	log.checkEntries(counts)
	fmt.Printf("%d entries have the root; counts recomputed for %d subjects\n", log.tree.N, len(counts.Subjects))
	log.checkPresent()
	files := log.checkFiles()
	fmt.Printf("%d files are what the tree holds there, none is missing\n", files)
	for _, path := range older {
		data, err := os.ReadFile(path)
		check(err, "older checkpoint")
		tree, err := log.open(data)
		check(err, "older checkpoint %s", path)
		log.checkGrowth(tree)
	}
	count := log.checkReceipts(*receipts)
	fmt.Printf("%d older checkpoints, %d receipts hold\n", len(older), count)
}

// Log is a folder as docs/spec/log.md describes it.
type Log struct {
	folder string
	origin string
	keys   note.Verifiers
	tree   tlog.Tree
	hashes stored
}

func openLog(folder, key string, witnesses list) (*Log, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return nil, err
	}
	known := []note.Verifier{verifier}
	for _, each := range witnesses {
		witness, err := newCosigner(each)
		if err != nil {
			return nil, err
		}
		known = append(known, witness)
	}
	log := &Log{folder: folder, origin: verifier.Name(), keys: note.VerifierList(known...)}
	data, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return nil, err
	}
	if log.tree, err = log.open(data); err != nil {
		return nil, err
	}
	opened, _ := note.Open(data, log.keys)
	if len(opened.Sigs) != len(known) {
		return nil, fmt.Errorf("%d of %d expected keys signed", len(opened.Sigs), len(known))
	}
	return log, nil
}

// open reads a signed checkpoint; the log itself must have signed it. ParseTree reads the same three
// lines, behind another first line.
func (log *Log) open(data []byte) (tlog.Tree, error) {
	opened, err := note.Open(data, log.keys)
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.SplitN(opened.Text, "\n", 2)
	if lines[0] != log.origin || strings.Count(opened.Text, "\n") != 3 {
		return tlog.Tree{}, fmt.Errorf("not three lines of %s", log.origin)
	}
	for _, sig := range opened.Sigs {
		if sig.Name == log.origin {
			return tlog.ParseTree([]byte("go.sum database tree\n" + lines[1]))
		}
	}
	return tlog.Tree{}, fmt.Errorf("%s itself did not sign", log.origin)
}

// checkEntries builds the tree again from the entries, by x/mod's own rules, and compares its root.
//
// Not by tlog.TileHashReader alone: in x/mod 0.7 it leaves a tile unread against its parent where two subtrees
// of the right edge stand in one tile, so that a changed tile of an upper level can pass.
func (log *Log) checkEntries(counts *Counts) {
	recount := newRecount()
	counts.compareAt(0, recount)
	for first := int64(0); first < log.tree.N; first += width {
		w := log.tree.N - first
		if w > width {
			w = width
		}
		path := bundlePath(first/width, int(w))
		data, err := os.ReadFile(filepath.Join(log.folder, path))
		check(err, "entries")
		entries := unbundle(data)
		require(int64(len(entries)) == w, "%s holds %d entries", path, len(entries))
		for i, entry := range entries {
			n := first + int64(i)
			more, err := tlog.StoredHashes(n, entry, log.hashes)
			check(err, "entry %d", n)
			log.hashes = append(log.hashes, more...)
			recount.add(entry)
			counts.compareAt(n+1, recount)
		}
	}
	root, err := tlog.TreeHash(log.tree.N, log.hashes)
	check(err, "tree")
	require(root == log.tree.Hash, "the entries have another root, %v", root)
	require(counts.compared, "counts.json speaks of size %d", counts.Size)
}

// stored holds the tree's hashes in the order of tlog.StoredHashIndex.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(s)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found[i] = s[index]
	}
	return found, nil
}

// checkGrowth proves that the published tree begins with an older one.
func (log *Log) checkGrowth(old tlog.Tree) {
	require(old.N <= log.tree.N, "an older checkpoint of size %d is ahead", old.N)
	if old.N == log.tree.N || old.N == 0 {
		require(old.N == 0 || old.Hash == log.tree.Hash, "two roots at size %d", old.N)
		return
	}
	reader := tlog.TileHashReader(log.tree, tiles{log.folder})
	proof, err := tlog.ProveTree(log.tree.N, old.N, reader)
	check(err, "proof of growth from %d", old.N)
	check(tlog.CheckTree(proof, log.tree.N, log.tree.Hash, old.N, old.Hash), "growth from %d", old.N)
}

func (log *Log) checkReceipts(folder string) int {
	names, _ := filepath.Glob(filepath.Join(folder, "*.tlog-proof"))
	for _, name := range names {
		data, err := os.ReadFile(name)
		check(err, "receipt")
		log.checkReceipt(name, data)
	}
	return len(names)
}

// checkReceipt reads c2sp.org/tlog-proof, with the entry in its extra line.
func (log *Log) checkReceipt(name string, data []byte) {
	cut := bytes.Index(data, []byte("\n\n"))
	require(cut > 0, "%s holds no checkpoint", name)
	lines := strings.Split(string(data[:cut]), "\n")
	require(len(lines) >= 3 && lines[0] == "c2sp.org/tlog-proof@v1", "%s is no receipt", name)
	require(strings.HasPrefix(lines[1], "extra ") && strings.HasPrefix(lines[2], "index "), "%s lacks a line", name)
	entry, err := base64.StdEncoding.Strict().DecodeString(lines[1][len("extra "):])
	check(err, "%s", name)
	var index int64
	_, err = fmt.Sscanf(lines[2], "index %d", &index)
	check(err, "%s", name)
	require(lines[2] == fmt.Sprintf("index %d", index), "%s writes its index strangely", name)
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		check(err, "%s", name)
		proof = append(proof, hash)
	}
	tree, err := log.open(data[cut+2:])
	check(err, "%s", name)
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)), "%s", name)
	log.checkGrowth(tree)
}

func (log *Log) readCounts() *Counts {
	data, err := os.ReadFile(filepath.Join(log.folder, "counts.json"))
	check(err, "counts")
	counts := &Counts{}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	check(decoder.Decode(counts), "counts.json")
	return counts
}

// Counts is counts.json: signatures by subject and tier at a size.
type Counts struct {
	Size            int64
	Subjects, Final totals
	compared        bool
}

func (counts *Counts) compareAt(size int64, recount *recount) {
	if size == counts.Size {
		subjects, final := recount.standing(), recount.final()
		require(reflect.DeepEqual(subjects, counts.Subjects), "counts.json: recounted %v", subjects)
		require(reflect.DeepEqual(final, counts.Final), "counts.json: recounted final %v", final)
		counts.compared = true
	}
}
