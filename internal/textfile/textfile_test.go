package textfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/textfile"
)

func TestATextIsReadAsEditorsWriteIt(t *testing.T) {
	for editor, content := range map[string]string{
		"plain":              "Чай",
		"with a mark":        "\xef\xbb\xbfЧай",
		"Windows PowerShell": "\xff\xfe\x27\x04\x30\x04\x39\x04",
		"UTF-16, big-endian": "\xfe\xff\x04\x27\x04\x30\x04\x39",
	} {
		file := filepath.Join(t.TempDir(), "text")
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		text, err := textfile.Read(file)
		require.NoError(t, err, editor)
		require.Equal(t, "Чай", text, editor)
	}
	_, err := textfile.Decode([]byte("\xd7\xe0\xe9"))
	require.ErrorContains(t, err, "save it as UTF-8")
	_, err = textfile.Read("no such file")
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestAKeyIsTakenWithoutWhatIsCopiedAlong(t *testing.T) {
	for _, text := range []string{"isk_1", "\ufeffisk_1", "isk_1\r\n", " \tisk_1\u00a0", "\u200bisk_1\u200b"} {
		require.Equal(t, "isk_1", textfile.Trim(text), "%q", text)
	}
	require.Equal(t, "Ленина, 5", textfile.Trim("Ленина, 5\r\n"))
}
