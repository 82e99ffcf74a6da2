package main

import (
	"strings"
	"testing"
)

// A rename leaves no mutation behind: it is to be named anew with the code.
func TestEveryMutationApplies(t *testing.T) {
	for _, m := range mutations {
		files, err := m.brokenFiles(root)
		if err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
		if err == nil && len(files) == 0 {
			t.Errorf("%s changes nothing", m.name)
		}
	}
}

func TestWhatIsNotThereIsSaid(t *testing.T) {
	for says, c := range map[string]change{
		"there is no such symbol":          removeFrom(symbol{database, "DB.Nothing"}, "x"),
		"0 times instead of once: nothing": removeFrom(symbol{database, "Open"}, "nothing"),
		"0 such statements instead of one": removeWhole(statement{migrations, "CREATE TABLE nothing"}),
		"is no Go any more":                replaceIn(symbol{database, "Open"}, "config, err :=", "config, err :"),
	} {
		_, err := mutation{changes: []change{c}}.brokenFiles(root)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v instead of %q", err, says)
		}
	}
}

func TestAMutationTakesAnyWhiteSpaceForTheSame(t *testing.T) {
	source := "func f() {\n\treturn g(\n\t\t1, 2)\n}"
	changed, err := replaceIn(symbol{}, "return g( 1, 2)", "return 3").edit(source)
	if err != nil || changed != "func f() {\n\treturn 3\n}" {
		t.Error(changed, err)
	}
}
