package problem

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/record"
)

func TestEveryCodeOfAProblemIsInTheCatalogue(t *testing.T) {
	declared := map[string]bool{}
	file, err := parser.ParseFile(token.NewFileSet(), "../fault/fault.go", nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(node ast.Node) bool {
		if spec, ok := node.(*ast.ValueSpec); ok && isNamed(spec.Type, "Code") {
			for _, value := range spec.Values {
				declared[textOf(value)] = true
			}
		}
		return true
	})
	require.Greater(t, len(declared), 15, "the constants are not found where they were")
	for _, entry := range Entries {
		require.True(t, declared[string(entry.Code)], "%s is no code, or stands twice", entry.Code)
		delete(declared, string(entry.Code))
		require.True(t, entry.Status >= 400 && entry.Status < 600, entry.Code)
		require.NotEmpty(t, entry.Meaning, entry.Code)
		require.NotEmpty(t, entry.Advice, entry.Code)
	}
	require.Empty(t, declared, "codes without an entry")
}

// TestEveryReasonIsInTheCatalogue reads the code of the house for the words that it gives
// as codes of fields, records and remarks.
func TestEveryReasonIsInTheCatalogue(t *testing.T) {
	given := map[string]string{}
	for _, root := range []string{"..", "../../api"} {
		require.NoError(t, filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
				strings.Contains(path, "/agent/") || strings.Contains(path, "/conformance/") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err == nil {
				collectReasons(file, path, given)
			}
			return err
		}))
	}
	require.Greater(t, len(given), 20, "%v", given)
	var known []string
	for _, reason := range slices.Concat(FieldReasons, RecordReasons, Remarks) {
		require.NotContains(t, known, reason.Code, "it stands twice")
		require.NotEmpty(t, reason.Meaning, reason.Code)
		known = append(known, reason.Code)
	}
	for code, path := range given {
		require.Contains(t, known, code, "%s gives this code, which internal/problem does not tell", path)
	}
	var remarks []string
	for _, remark := range Remarks {
		remarks = append(remarks, remark.Code)
	}
	require.ElementsMatch(t, record.RemarkCodes(), remarks)
}

// collectReasons finds codes in `Field{Code: "…"}`, in calls such as Add(field, "code", message),
// and in what functions with the results (code, message) return.
func collectReasons(file *ast.File, path string, given map[string]string) {
	add := func(value ast.Expr) {
		if code := textOf(value); code != "" {
			given[code] = path
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.CompositeLit:
			if isNamed(node.Type, "Field") {
				for _, element := range node.Elts {
					if pair, ok := element.(*ast.KeyValueExpr); ok && isNamed(pair.Key, "Code") {
						add(pair.Value)
					}
				}
			}
		case *ast.CallExpr:
			if isNamed(node.Fun, "noteFlaw") {
				add(node.Args[0])
			}
			if len(node.Args) == 3 && slices.ContainsFunc([]string{"Add", "wrong", "report", "addFault"}, func(name string) bool { return isNamed(node.Fun, name) }) {
				add(node.Args[1])
			}
		case *ast.FuncDecl:
			if results := node.Type.Results; results != nil && len(results.List) > 0 && len(results.List[0].Names) > 0 && results.List[0].Names[0].Name == "code" {
				ast.Inspect(node, func(inner ast.Node) bool {
					if answer, ok := inner.(*ast.ReturnStmt); ok && len(answer.Results) > 0 {
						add(answer.Results[0])
					}
					return true
				})
			}
		}
		return true
	})
}

// isNamed says whether an expression is a name, or a package's or a value's name.
func isNamed(expression ast.Expr, name string) bool {
	switch expression := expression.(type) {
	case *ast.Ident:
		return expression.Name == name
	case *ast.SelectorExpr:
		return expression.Sel.Name == name
	}
	return false
}

// textOf is the text of a literal, or "".
func textOf(expression ast.Expr) string {
	literal, ok := expression.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return ""
	}
	text, _ := strconv.Unquote(literal.Value)
	return text
}
