package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
)

// TestTheCommandsOfTheManualWork runs each command that docs/operating.md tells the host to
// give beside a running server, as it stands there; ID is an organization's.
func TestTheCommandsOfTheManualWork(t *testing.T) {
	dsn := dbtest.DSN(t)
	organization := dbtest.Organization(t, dbtest.Open(t, dsn, 2)).String()
	for _, email := range []string{"anna@example.com", "ivan@example.com"} {
		dbtest.Exec(t, dsn, "INSERT INTO users (id, email, password_hash, full_name, locale, email_verified_at) VALUES (gen_random_uuid(), $1, '', 'A', 'en', now())", email)
	}
	manual, err := os.ReadFile("../../../docs/operating.md")
	require.NoError(t, err)
	environ := []string{"DATABASE_URL=" + dsn, "DATA_DIR=" + t.TempDir()}
	tried := 0
	for _, block := range regexp.MustCompile("(?ms)^ *```sh\n(.*?)^ *```\n").FindAllStringSubmatch(string(manual), -1) {
		for line := range strings.Lines(block[1]) {
			command, _, _ := strings.Cut(line, "#")
			words := strings.Fields(command)
			if len(words) == 0 || words[0] != "cabinet" {
				continue
			}
			for i, word := range words {
				if word == "ID" {
					words[i] = organization
				}
			}
			code, out, errs := execute(t, environ, words[1:]...)
			require.Zero(t, code, "%s\n%s%s", line, out, errs)
			tried++
		}
	}
	require.GreaterOrEqual(t, tried, 8, "the manual has lost its commands, or the test does not find them")
}
