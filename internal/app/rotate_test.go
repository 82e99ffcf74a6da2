package app_test

import (
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

const (
	oldSecret = "a secret of thirty-two characters"
	newSecret = "another secret of the same length"
)

// A database that was filled under one secret is used under another one: what was sealed
// opens, sessions live on, and after the rotation nobody needs the old secret.
func TestARotatedSecretLosesNothing(t *testing.T) {
	c := config(t)
	c.DatabaseURL, c.SecretKey = dbtest.DSN(t), oldSecret
	server := start(t, c)
	v := &visitor{T: t, url: server.URL(), dsn: c.DatabaseURL, email: "boris@example.com"}
	v.send("register", map[string]string{"email": v.email, "full_name": "Boris", "password": "correct horse battery"})
	_, token, _ := strings.Cut(letterTo(t, v.url, v.email, "/verify-email"), "#token=")
	v.send("verify-email", map[string]string{"token": token, "password": "correct horse battery"})
	key, organization, answer := v.organization()
	_, err := app.RotateLicenseKey(t.Context(), c, quiet)
	require.NoError(t, err)
	licenses := v.licenseKeys()
	stop(t, server)

	c.SMTPURL = "smtp://127.0.0.1:1" // nobody takes letters there: one waits
	server = start(t, c)
	v.url = server.URL()
	v.send("forgot-password", map[string]string{"email": v.email})
	stop(t, server)

	c.SecretKey, c.SecretKeyPrevious = newSecret, oldSecret
	server = start(t, c)
	v.url = server.URL()
	require.Equal(t, http.StatusOK, v.me(v.url), "the access token is still good")
	v.holdKey(organization, key)
	stop(t, server)

	wrong := c
	wrong.SecretKeyPrevious = "a secret that was never this one's"
	rotated, err := app.RotateSecret(t.Context(), wrong, quiet)
	require.NoError(t, err)
	require.Zero(t, rotated.Renewed)
	require.GreaterOrEqual(t, rotated.Lost, 4, "the sync key, the license key, the answer, the letter")
	lost := rotated.Lost
	rotated, err = app.RotateSecret(t.Context(), c, quiet)
	require.NoError(t, err)
	require.Equal(t, app.Rotated{Renewed: lost}, rotated)

	c.SecretKeyPrevious, c.SMTPURL = "", ""
	rotated, err = app.RotateSecret(t.Context(), c, quiet)
	require.NoError(t, err)
	require.Zero(t, rotated, "nothing is sealed with the old secret any more")
	v.exec(`UPDATE river_job SET scheduled_at = now() WHERE kind = 'letter' AND finalized_at IS NULL`)
	server = start(t, c)
	v.url = server.URL()
	v.send("refresh", nil)
	v.holdKey(organization, key)
	again, _, sameAnswer := v.organization()
	require.Equal(t, []any{key, answer}, []any{again, sameAnswer}, "the answer of the request's key")
	require.Equal(t, licenses, v.licenseKeys())
	letterTo(t, v.url, v.email, "/reset-password")
}

// organization makes one with a key of the request, as often as it is asked for.
func (v *visitor) organization() (key, id, answer string) {
	v.Helper()
	request, err := http.NewRequestWithContext(v.Context(), http.MethodPost, v.url+"/api/v1/organizations",
		strings.NewReader(`{"name":"Venue","time_zone":"Europe/Moscow","currency":"RUB","default_delivery_minutes":60}`))
	require.NoError(v, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", "the-only-venue")
	var created struct {
		ID      string `json:"id"`
		SyncKey string `json:"sync_key"`
	}
	answer = v.answer(request, http.StatusCreated, &created)
	return created.SyncKey, created.ID, answer
}

// holdKey holds that the organization's sync key is shown.
func (v *visitor) holdKey(organization, key string) {
	v.Helper()
	request, err := http.NewRequestWithContext(v.Context(), http.MethodGet, v.url+"/api/v1/organizations/"+organization, nil)
	require.NoError(v, err)
	var shown struct {
		SyncKey string `json:"sync_key"`
	}
	v.answer(request, http.StatusOK, &shown)
	require.Equal(v, key, shown.SyncKey)
}

// answer sends a request with the access token, and gives the body of its answer.
func (v *visitor) answer(request *http.Request, status int, into any) string {
	v.Helper()
	request.Header.Set("Authorization", "Bearer "+v.access)
	response, err := http.DefaultClient.Do(request)
	require.NoError(v, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(v, err)
	require.Equal(v, status, response.StatusCode, string(body))
	require.NoError(v, json.Unmarshal(body, into))
	return string(body)
}

// licenseKeys are the keys that sign licenses.
func (v *visitor) licenseKeys() (ids []string) {
	v.Helper()
	conn, err := pgx.Connect(v.Context(), v.dsn)
	require.NoError(v, err)
	defer conn.Close(context.Background())
	rows, err := conn.Query(v.Context(), `SELECT id FROM license_keys`)
	require.NoError(v, err)
	ids, err = pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(v, err)
	return ids
}

// Whoever derives a key of the secret, or seals something with it, is known to its rotation:
// what is sealed stands in sealedPlaces, and what derives has an answer to a new secret.
func TestEveryUseOfTheSecretIsKnownToItsRotation(t *testing.T) {
	known := map[string]int{
		"account/token.go":     3, // access tokens and cookies of devices: both secrets check; refresh tokens: the new one makes them
		"db/role.go":           1, // the server's password: renewed at the start
		"idempotency/keys.go":  1, // sealedPlaces
		"job/letter.go":        1, // sealedPlaces
		"license/issuer.go":    1, // sealedPlaces
		"organization/key.go":  1, // sealedKeys
		"security/security.go": 1, // networks in the log: the new one hashes them to something else
	}
	use, uses := regexp.MustCompile(`hkdf\.\w+\(|\bhmac\.New\(.*secret|sealer\.Seal\(`), map[string]int{}
	for _, root := range []string{"..", "../../api"} {
		require.NoError(t, filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "../seal/") {
				return err
			}
			content, err := os.ReadFile(path)
			if found := len(use.FindAll(content, -1)); found > 0 {
				uses[strings.TrimPrefix(path, "../")] = found
			}
			return err
		}))
	}
	require.Equal(t, known, uses, "say what a new secret is to it: sealed values belong in sealedPlaces")
}
