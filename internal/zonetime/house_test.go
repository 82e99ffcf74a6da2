package zonetime_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// Product code reads wall clocks by this package alone: no time.ParseInLocation,
// and time.Date in UTC only. What clients send as a moment is read by record.Instant alone:
// time.Parse takes more than RFC 3339 has, and less.
func TestNoOtherWayFromAWallClockToAMoment(t *testing.T) {
	files, calls := 0, 0
	for _, root := range []string{"../../api", "../../internal", "../../bench"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/zonetime/") {
				return err
			}
			files++
			calls += checkFile(t, path)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 200 || calls < 5 {
		t.Errorf("only %d files with %d calls were looked at", files, calls)
	}
}

func checkFile(t *testing.T, path string) (calls int) {
	t.Helper()
	positions := token.NewFileSet()
	file, err := parser.ParseFile(positions, filepath.Clean(path), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch {
		case isTime(call.Fun, "Parse") && filepath.Dir(path) == "../../api" && !isTime(call.Args[0], "DateOnly"):
			t.Errorf("%s: record.Instant reads a moment", positions.Position(call.Pos()))
		case isTime(call.Fun, "ParseInLocation"):
			t.Errorf("%s: zonetime.Parse reads a local time", positions.Position(call.Pos()))
		case isTime(call.Fun, "Date"):
			calls++
			if !isTime(call.Args[len(call.Args)-1], "UTC") {
				t.Errorf("%s: zonetime.At makes a moment of a local time", positions.Position(call.Pos()))
			}
		}
		return true
	})
	return calls
}

// isTime says whether an expression is a name of the package time.
func isTime(expression ast.Expr, name string) bool {
	selector, ok := expression.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := selector.X.(*ast.Ident)
	return ok && pkg.Name == "time" && selector.Sel.Name == name
}
