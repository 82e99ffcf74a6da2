package organization

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/seal"
)

func TestAKeyHas256RandomBitsAndAChecksum(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		key := newKey()
		require.Regexp(t, regexp.MustCompile(`^isk_[0-9A-Za-z]{49}$`), key)
		require.True(t, wellFormed(key))
		require.False(t, seen[key])
		seen[key] = true
	}
}

func TestAMistypedKeyIsNotWellFormed(t *testing.T) {
	key := newKey()
	for i := range key {
		typo := "x"
		if key[i] == 'x' {
			typo = "y"
		}
		require.False(t, wellFormed(key[:i]+typo+key[i+1:]), "digit %d", i)
	}
	for _, bad := range []string{"", "isk_", key[:len(key)-1], key + "0", strings.ToUpper(key), " " + key[1:], strings.Repeat("\x00", keyLength)} {
		require.False(t, wellFormed(bad), "%q", bad)
	}
}

func TestASyncKeyOpensItsOrganizationUntilItIsReplaced(t *testing.T) {
	w := newWorld(t)
	actor, details := w.create(w.user(1))
	w.create(w.user(1))
	found, err := w.BySyncKey(w.ctx, details.SyncKey.Key)
	require.NoError(t, err)
	require.Equal(t, details.ID, found)

	replaced, err := w.ReplaceSyncKey(w.ctx, actor)
	require.NoError(t, err)
	require.NotEqual(t, details.SyncKey.Key, replaced.Key)
	_, err = w.BySyncKey(w.ctx, details.SyncKey.Key)
	require.True(t, fault.Is(err, fault.SyncKeyInvalid))
	found, err = w.BySyncKey(w.ctx, replaced.Key)
	require.NoError(t, err)
	require.Equal(t, details.ID, found)

	for _, key := range []string{"", "isk_guess", newKey()} {
		_, err = w.BySyncKey(w.ctx, key)
		require.True(t, fault.Is(err, fault.SyncKeyInvalid), "%q", key)
	}
}

func TestAKeyIsStoredSealedForItsOrganization(t *testing.T) {
	w := newWorld(t)
	actor, _ := w.create(w.user(1))
	row := w.newKeyRow(actor.OrganizationID, actor.UserID, w.now)
	require.NotContains(t, string(row.KeyEncrypted), keyPrefix)
	row.OrganizationID = uuid.New()
	_, err := w.openKey(row)
	require.Error(t, err, "a sealed key cannot be moved to another organization")
}

func TestAKeyOutlivesTheServersSecretAndCanBeReplaced(t *testing.T) {
	w := newWorld(t)
	actor, details := w.create(w.user(1))
	other, err := seal.NewSealer([]byte("another secret of the same length"))
	require.NoError(t, err)
	w.sealer = other
	seen, err := w.Get(w.ctx, actor)
	require.NoError(t, err)
	require.Empty(t, seen.SyncKey.Key)
	_, err = w.BySyncKey(w.ctx, details.SyncKey.Key)
	require.NoError(t, err)
	_, err = w.ReplaceSyncKey(w.ctx, actor)
	require.NoError(t, err)
	seen, err = w.Get(w.ctx, actor)
	require.NoError(t, err)
	require.NotEmpty(t, seen.SyncKey.Key)
}

func TestAProfileIsReadWithTheOrganizationsOwnScope(t *testing.T) {
	w := newWorld(t)
	_, details := w.create(w.user(1))
	profile, err := w.Profile(w.ctx, details.ID)
	require.NoError(t, err)
	require.Equal(t, details.Profile, profile)
	_, err = w.Profile(w.ctx, uuid.New())
	require.True(t, fault.Is(err, fault.NotFound))
	other := dbtest.Organization(t, w.db)
	profile, err = w.Profile(w.ctx, other)
	require.NoError(t, err)
	require.Equal(t, other, profile.ID)
}
