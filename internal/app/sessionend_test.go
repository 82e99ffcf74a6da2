package app_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
)

// visitor is a browser that is signed in.
type visitor struct {
	*testing.T
	url, dsn, email string
	access          string
	cookie          *http.Cookie
}

// ends are the ways in which a session ends, by the function of internal/account that ends
// it; those that begin with "its" are ended by the clock alone.
var ends = map[string]func(v *visitor){
	"Logout": func(v *visitor) { v.send("logout", nil) },
	"Refresh": func(v *visitor) { // a spent token comes again: it has leaked
		leaked := v.cookie
		v.send("refresh", nil)
		v.exec(`UPDATE refresh_tokens SET spent_at = spent_at - interval '1 minute'`)
		v.cookie = leaked
		v.send("refresh", nil)
	},
	"ResetPassword": func(v *visitor) {
		v.send("forgot-password", map[string]string{"email": v.email})
		_, token, _ := strings.Cut(letterTo(v.T, v.url, v.email, "/reset-password"), "#token=")
		before := v.access
		v.send("reset-password", map[string]string{"token": token, "password": "another battery staple"})
		v.access = before
	},
	"Sweep": func(v *visitor) {
		v.exec(`DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE email = $1)`, v.email)
	},
	"its idle time": func(v *visitor) { v.exec(`UPDATE sessions SET expires_at = now()`) },
	"its longest time": func(v *visitor) {
		v.exec(`UPDATE sessions SET created_at = now() - interval '90 days'`)
		v.send("refresh", nil)
	},
	"its account's end": func(v *visitor) { v.exec(`DELETE FROM users WHERE email = $1`, v.email) },
}

// What a browser may do ends with its session in every process: the next request to the
// other one is refused, however the session ended.
func TestASessionEndsInEveryProcess(t *testing.T) {
	dsn := dbtest.DSN(t)
	var urls [2]string
	for i := range urls {
		c := config(t)
		c.DatabaseURL, c.SecretKey = dsn, "a secret of thirty-two characters"
		urls[i] = start(t, c).URL()
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			v := &visitor{T: t, url: urls[0], dsn: dsn, email: strings.NewReplacer(" ", "-", "'", "").Replace(name) + "@example.com"}
			v.send("register", map[string]string{"email": v.email, "password": "correct horse battery", "full_name": "Anna"})
			_, token, _ := strings.Cut(letterTo(t, v.url, v.email, "/verify-email"), "#token=")
			v.send("verify-email", map[string]string{"token": token, "password": "correct horse battery"})
			for _, url := range urls {
				require.Equal(t, http.StatusOK, v.me(url))
			}
			end(v)
			for _, url := range urls {
				require.Equal(t, http.StatusUnauthorized, v.me(url))
			}
		})
	}
}

// send calls a route of sessions as the browser does: with its cookie, keeping what it is given.
func (v *visitor) send(path string, body any) {
	v.Helper()
	content, err := json.Marshal(body)
	require.NoError(v, err)
	request, err := http.NewRequestWithContext(v.Context(), http.MethodPost, v.url+"/api/v1/auth/"+path, bytes.NewReader(content))
	require.NoError(v, err)
	request.Header.Set("Content-Type", "application/json")
	if v.cookie != nil {
		request.AddCookie(v.cookie)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(v, err)
	defer response.Body.Close()
	var granted struct {
		AccessToken string `json:"access_token"`
	}
	_ = json.NewDecoder(response.Body).Decode(&granted) // some answers have no body
	if granted.AccessToken != "" {
		v.access, v.cookie = granted.AccessToken, response.Cookies()[0]
	}
}

// me is the status that a process answers the access token with.
func (v *visitor) me(url string) int {
	v.Helper()
	request, err := http.NewRequestWithContext(v.Context(), http.MethodGet, url+"/api/v1/me", nil)
	require.NoError(v, err)
	request.Header.Set("Authorization", "Bearer "+v.access)
	response, err := http.DefaultClient.Do(request)
	require.NoError(v, err)
	defer response.Body.Close()
	return response.StatusCode
}

func (v *visitor) exec(statement string, args ...any) {
	v.Helper()
	dbtest.Exec(v, v.dsn, statement, args...)
}

// letterTo waits for a letter to an address with a link to a page, and gives the link.
func letterTo(t *testing.T, url, email, page string) (link string) {
	t.Helper()
	require.Eventually(t, func() bool {
		var letters []struct {
			To    string
			Links []string
		}
		_, body := get(t, url+"/dev/mail.json")
		require.NoError(t, json.Unmarshal([]byte(body), &letters))
		for _, letter := range letters {
			if letter.To == email && strings.Contains(letter.Links[0], page) {
				link = letter.Links[0]
			}
		}
		return link != ""
	}, time.Minute, 20*time.Millisecond)
	return link
}

// A new way of ending a session gets a case above.
func TestEveryWayOfEndingASessionIsTried(t *testing.T) {
	writers, callers := map[string]bool{}, map[string]bool{}
	for _, function := range functionsOf(t, "../account") {
		ast.Inspect(function.Body, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.CompositeLit:
				if kind, ok := node.Type.(*ast.Ident); ok && kind.Name == "sessionRow" {
					writers[function.Name.Name] = true
				}
			case *ast.SelectorExpr:
				if slices.Contains([]string{"endSession", "endSessions", "removeExpired"}, node.Sel.Name) {
					callers[function.Name.Name] = true
				}
			}
			return true
		})
	}
	require.ElementsMatch(t, []string{"beginSession", "endSession", "endSessions", "removeExpired"}, slices.Collect(maps.Keys(writers)),
		"who else writes sessions? Name its callers above")
	var tried []string
	for name := range ends {
		if !strings.HasPrefix(name, "its ") {
			tried = append(tried, name)
		}
	}
	require.ElementsMatch(t, tried, slices.Collect(maps.Keys(callers)))

	ending := regexp.MustCompile(`(?i)((UPDATE|DELETE FROM|TRUNCATE)\s+sessions|(DELETE FROM|TRUNCATE)\s+users)\b`)
	for _, root := range []string{"..", "../../api"} {
		require.NoError(t, filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			content, err := os.ReadFile(path)
			require.False(t, ending.Match(content), path)
			return err
		}))
	}
}

// functionsOf are the functions of a package, without its tests.
func functionsOf(t *testing.T, folder string) (functions []*ast.FuncDecl) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		for _, declaration := range file.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok {
				functions = append(functions, function)
			}
		}
	}
	return functions
}
