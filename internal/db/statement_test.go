package db_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
)

var (
	setsByFunction = regexp.MustCompile(`(?i)\bset_config\s*\(`)
	insertsArrays  = regexp.MustCompile(`(?is)\binsert\s+into\b.*\bselect\b.*\bunnest\s*\(`)
	besideFeed     = regexp.MustCompile(`(?is)\bselect\s+f\.organization_id\b.*\bfrom\s+feeds\s+f,\s*unnest\(.*\bf\.organization_id\s*=\s*\$1`)
	takesRecords   = regexp.MustCompile(`(?is)\bunnest\(.*\blateral\b.*\bfrom\s+records\s+where\s+organization_id\s*=\s*\$1`)
	relationNamed  = regexp.MustCompile(`(?i)\b(?:from|join|into|update|using)\s+([a-z_]+)`)
)

// faultOf says what an engine that distributes tables would refuse in a statement; "" is nothing.
func faultOf(statement string) string {
	if setsByFunction.MatchString(statement) {
		return "it sets by set_config() and not by SET LOCAL"
	}
	if insertsArrays.MatchString(statement) && !besideFeed.MatchString(statement) && !takesRecords.MatchString(statement) {
		return "it inserts arrays, and not beside their feed"
	}
	classes, named := dbtest.Tables(), map[dbtest.Class]string{}
	for _, found := range relationNamed.FindAllStringSubmatch(statement, -1) {
		named[classes[found[1]]] = found[1]
	}
	if named[dbtest.Account] != "" && named[dbtest.Data] != "" {
		return "it reads " + named[dbtest.Account] + " and " + named[dbtest.Data] + " together"
	}
	return ""
}

// textsIn are the constant texts of a file: those that are put together with + as one.
func textsIn(t *testing.T, path string) (texts []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	ast.Inspect(file, func(node ast.Node) bool {
		expression, ok := node.(ast.Expr)
		if !ok {
			return true
		}
		text := textOf(expression)
		if text != "" {
			texts = append(texts, text)
		}
		return text == ""
	})
	return texts
}

func textOf(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, _ := strconv.Unquote(e.Value)
			return text
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return textOf(e.X) + textOf(e.Y)
		}
	}
	return ""
}

// The statements as the sources of the server have them. Where a part of one is in a variable,
// it is looked at by itself.
func TestStatementsKeepToWhatCanBeDistributed(t *testing.T) {
	statements := 0
	for _, folder := range []string{"..", "../../api"} {
		require.NoError(t, filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "test/") {
				return err
			}
			for _, text := range textsIn(t, path) {
				if relationNamed.MatchString(text) {
					statements++
				}
				if fault := faultOf(text); fault != "" {
					t.Errorf("%s: %s: %s", path, fault, text)
				}
			}
			return nil
		}))
	}
	require.Greater(t, statements, 100)
}

func TestAStatementThatCannotBeDistributedIsNoticed(t *testing.T) {
	for _, statement := range []string{
		`SELECT set_config('app.user_id', $1, true)`,
		`INSERT INTO sales (organization_id, receipt_id) SELECT $1, u.* FROM unnest($2::uuid[]) AS u`,
		`INSERT INTO sales (organization_id, receipt_id) SELECT f.organization_id, u.* FROM feeds f, unnest($2::uuid[]) AS u`,
		`SELECT f.head, o.currency FROM organizations o LEFT JOIN feeds f ON f.organization_id = o.id WHERE o.id = $1`,
		`SELECT currency, EXISTS (SELECT FROM rejections WHERE organization_id = $1) FROM organizations WHERE id = $1`,
		`UPDATE feeds SET head = 0 FROM members`,
	} {
		require.NotEmpty(t, faultOf(statement), statement)
	}
}
