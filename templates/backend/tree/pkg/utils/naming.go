package utils

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	mathrand "math/rand/v2"
)

var (
	predicates = []string{"able", "bold", "calm", "eager", "fair", "keen", "merry", "nimble", "sunny", "wise"}
	nouns      = []string{"ant", "bear", "crane", "deer", "finch", "goat", "heron", "lynx", "otter", "wren"}
)

const randomNumbers = 1000

// GenerateRandomName makes a name for a run that was given none.
func GenerateRandomName() string {
	predicate := predicates[mathrand.IntN(len(predicates))]
	noun := nouns[mathrand.IntN(len(nouns))]

	return fmt.Sprintf("%s-%s-%d", predicate, noun, mathrand.IntN(randomNumbers))
}

// NewRunID makes 32 lower case hexadecimal digits, as Python does.
func NewRunID() string {
	var id [16]byte

	_, _ = rand.Read(id[:]) // never fails on a system that can run a server

	return hex.EncodeToString(id[:])
}
