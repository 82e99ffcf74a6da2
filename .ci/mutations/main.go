// Command mutations breaks the product on purpose, one promise after another, and holds
// that a test notices. Go's overlays stand in for the broken files: the tree is left alone.
// The table in docs/protocol.md is made of what this prints.
//
//	MUTATION=lock     only those whose name has this in it
package main

import (
	"fmt"
	"os"
	"strings"
)

const root = "../.." // of the repository, from this folder

func main() {
	failed := 0
	for _, m := range chosenMutations(os.Getenv("MUTATION")) {
		if !reportOutcome(m) {
			failed++
		}
	}
	if failed > 0 {
		fmt.Fprintf(os.Stderr, "%d mutations are not noticed\n", failed)
		os.Exit(1)
	}
}

// chosenMutations are the mutations whose name has the text in it.
func chosenMutations(text string) (list []mutation) {
	for _, m := range mutations {
		if strings.Contains(m.name, text) {
			list = append(list, m)
		}
	}
	return list
}

// reportOutcome prints what became of a mutation. Good is one that a test notices.
func reportOutcome(m mutation) (good bool) {
	failed, err := m.failedTests(root)
	switch {
	case err != nil:
		fmt.Printf("FAILED          %s: %v\n", m.name, err)
	case len(failed) == 0:
		fmt.Printf("UNNOTICED       %s\n", m.name)
	default:
		fmt.Printf("noticed         %s: %s\n", m.name, strings.Join(failed, " "))
		return true
	}
	return false
}
