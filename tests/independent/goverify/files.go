package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// tiles reads a folder's tiles. x/mod writes the height into a path; the height of c2sp.org/tlog-tiles is always 8.
type tiles struct{ folder string }

func (tiles) Height() int { return 8 }

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(t.folder, strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		found[i] = data
	}
	return found, nil
}

func bundlePath(number int64, w int) string {
	path := tlog.Tile{H: 8, L: -1, N: number, W: w}.Path()
	return strings.Replace(path, "tile/8/data/", "tile/entries/", 1)
}

// unbundle splits entries, each behind its length in two bytes.
func unbundle(data []byte) [][]byte {
	var entries [][]byte
	for len(data) > 0 {
		require(len(data) >= 2, "a bundle is cut short")
		end := 2 + int(binary.BigEndian.Uint16(data))
		require(len(data) >= end, "a bundle is cut short")
		entries, data = append(entries, data[2:end]), data[end:]
	}
	return entries
}

var textName = regexp.MustCompile(`^text/[0-9a-f]{64}$`)

// checkPresent asks for the tiles that a tree of this size has.
func (log *Log) checkPresent() {
	for level := 0; log.tree.N>>(8*uint(level)) > 0; level++ {
		hashes := log.tree.N >> (8 * uint(level))
		for n := int64(0); n*width < hashes; n++ {
			_, err := tiles{log.folder}.ReadTiles([]tlog.Tile{log.edge(level, n)})
			check(err, "tiles")
		}
	}
}

// edge is the n-th tile of a level, as wide as this tree has it.
func (log *Log) edge(level int, n int64) tlog.Tile {
	w := log.tree.N>>(8*uint(level)) - n*width
	if w > width {
		w = width
	}
	return tlog.Tile{H: 8, L: level, N: n, W: int(w)}
}

// checkFiles looks at every file: a text has the hash it is named by, and a tile or bundle is a tile of this
// tree, or the beginning of one (the partial forms of older sizes).
func (log *Log) checkFiles() int {
	count := 0
	check(filepath.Walk(log.folder, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		count++
		name, _ := filepath.Rel(log.folder, path)
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		switch {
		case textName.MatchString(name):
			if fmt.Sprintf("%x", sha256.Sum256(data)) != name[len("text/"):] {
				return fmt.Errorf("%s is another text", name)
			}
		case strings.HasPrefix(name, "tile/"):
			return log.checkTile(name, data)
		}
		return nil
	}), "files")
	return count
}

func (log *Log) checkTile(name string, data []byte) error {
	forXmod := "tile/8/" + strings.Replace(name[len("tile/"):], "entries/", "data/", 1)
	tile, err := tlog.ParseTilePath(forXmod)
	if err != nil {
		return fmt.Errorf("%s is the path of no tile", name)
	}
	level := tile.L
	if level < 0 {
		level = 0
	}
	whole := log.edge(level, tile.N)
	if tile.W > whole.W {
		return fmt.Errorf("%s reaches beyond the tree", name)
	}
	whole.L = tile.L
	expected, err := log.expected(whole, tile.W)
	if err != nil {
		return err
	}
	if string(data) != expected {
		return fmt.Errorf("%s is not what the tree holds there", name)
	}
	return nil
}

// expected is the first w parts of a tile or bundle of this tree.
func (log *Log) expected(whole tlog.Tile, w int) (string, error) {
	if whole.L >= 0 {
		data, err := tlog.ReadTileData(whole, log.hashes) // from the hashes that were built again
		return string(data[:w*tlog.HashSize]), err
	}
	data, err := os.ReadFile(filepath.Join(log.folder, bundlePath(whole.N, whole.W)))
	if err != nil {
		return "", err
	}
	end := 0
	for _, entry := range unbundle(data)[:w] {
		end += 2 + len(entry)
	}
	return string(data[:end]), nil
}

func parseHex32(text string) (uint32, error) {
	value, err := strconv.ParseUint(text, 16, 32)
	return uint32(value), err
}
