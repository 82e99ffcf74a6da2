package app

import (
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDefaultsHoldWhereTheEnvironmentSaysNothing(t *testing.T) {
	config, err := ReadConfig(nil)
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8080", config.Addr)
	require.Equal(t, ".data", config.DataDir)
	require.Equal(t, int32(12), config.DatabaseMaxConns)
	require.Empty(t, config.DatabaseURL)
}

func TestSecretsMayStandInFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte("\ufeffa secret of thirty-two characters\r\n"), 0o600)) // as Windows' editor writes it
	for _, name := range secrets {
		environ := []string{name + "_FILE=" + file}
		if name == "DATABASE_OWNER_URL" {
			environ = append(environ, "DATABASE_URL=postgres://server@localhost/cabinet")
		}
		config, err := ReadConfig(environ)
		require.NoError(t, err)
		require.Contains(t, []string{config.DatabaseURL, config.DatabaseOwnerURL, config.SMTPURL, config.SecretKey, config.SecretKeyPrevious}, "a secret of thirty-two characters")
		_, err = ReadConfig([]string{name + "_FILE=" + file, name + "=another secret of this very length"})
		require.ErrorContains(t, err, name+"_FILE")
		_, err = ReadConfig([]string{name + "_FILE=" + file + ".not-there"})
		require.ErrorContains(t, err, name+"_FILE")
	}
}

// A mark before the secret was part of it once; what was sealed then is still opened.
func TestASecretWithAByteOrderMarkIsReplacedAsAnyOther(t *testing.T) {
	const content = "\ufeffa secret of thirty-two characters"
	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	before, err := Config{SecretKey: content}.loadKeys(slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	sealed := before.sealer.Seal("of before", nil)

	config, err := ReadConfig([]string{"SECRET_KEY_FILE=" + file})
	require.NoError(t, err)
	now, err := config.loadKeys(slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	_, err = now.sealer.Open(sealed, nil)
	require.Error(t, err, "it is another key")
	config, err = ReadConfig([]string{"SECRET_KEY_FILE=" + file, "SECRET_KEY_PREVIOUS=" + content})
	require.NoError(t, err)
	now, err = config.loadKeys(slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	opened, err := now.sealer.Open(sealed, nil)
	require.NoError(t, err)
	require.EqualValues(t, "of before", opened)
}

func TestAWrongSettingIsSaidWithItsName(t *testing.T) {
	for variable, name := range map[string]string{
		"SECRET_KEY=short":                     "SECRET_KEY",
		"SECRET_KEY_PREVIOUS=short":            "SECRET_KEY_PREVIOUS",
		"PUBLIC_URL=cabinet.example":           "PUBLIC_URL",
		"PUBLIC_URL=ftp://cabinet.example":     "PUBLIC_URL",
		"PUBLIC_URL=https://a.example/cabinet": "PUBLIC_URL",
		"DATABASE_MAX_CONNS=0":                 "DATABASE_MAX_CONNS",
		"DATABASE_MAX_CONNS=-1":                "DATABASE_MAX_CONNS",
		"DEV_INBOX=yes":                        "DEV_INBOX",
		"DRAIN_DELAY=2h":                       "DRAIN_DELAY",
		"TRUSTED_PROXIES=10.0.0.0/8,nginx":     "TRUSTED_PROXIES",
		"LOG_LEVEL=loud":                       "LOG_LEVEL",
		"LOG_FORMAT=xml":                       "LOG_FORMAT",
		"DATABASE_MAX_CONNS=many":              "DatabaseMaxConns",
	} {
		_, err := ReadConfig([]string{variable})
		require.ErrorContains(t, err, name, variable)
	}
	for _, variable := range []string{"PUBLIC_URL=https://a.example/", "DEV_INBOX=on", "DRAIN_DELAY=5s", "LOG_LEVEL=debug", "TRUSTED_PROXIES=10.0.0.7, fd00::/8"} {
		_, err := ReadConfig([]string{variable})
		require.NoError(t, err, variable)
	}
}

func TestTheServerIsReachedWhereItListens(t *testing.T) {
	for address, want := range map[string]string{
		"127.0.0.1:8080": "http://127.0.0.1:8080", "0.0.0.0:80": "http://localhost:80", "[::]:8080": "http://localhost:8080",
		"[::1]:8080": "http://[::1]:8080",
	} {
		tcp, err := net.ResolveTCPAddr("tcp", address)
		require.NoError(t, err)
		require.Equal(t, want, listeningURL(tcp).String())
	}
}

func TestTheServersSecretIsMadeOnceForItsOwnerAlone(t *testing.T) {
	config := Config{DataDir: filepath.Join(t.TempDir(), "data")}
	first, err := config.secretKey()
	require.NoError(t, err)
	again, err := config.secretKey()
	require.NoError(t, err)
	require.Equal(t, first, again)
	path := filepath.Join(config.DataDir, "secret.key")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	left, err := os.ReadDir(config.DataDir)
	require.NoError(t, err)
	require.Len(t, left, 1)

	require.NoError(t, os.WriteFile(path, nil, 0o600))
	_, err = config.secretKey()
	require.ErrorContains(t, err, "backup", "a new secret would make the old data unreadable")
	config.SecretKey = "a secret of thirty-two characters"
	given, err := config.secretKey()
	require.NoError(t, err)
	require.Equal(t, config.SecretKey, string(given))
}
