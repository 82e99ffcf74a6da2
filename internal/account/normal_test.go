package account

import (
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/interpos/cabinet/internal/fault"
)

// Keyboards and systems spell the same letters differently: macOS in two characters, others
// in one. A password is the same, however it was spelled when it was set.
func TestAPasswordIsTheSameHoweverItIsSpelled(t *testing.T) {
	const typed = "ёжик\u00a0й Ärger é"
	composed, decomposed := norm.NFC.String(typed), norm.NFD.String(typed)
	require.NotEqual(t, composed, decomposed)
	for name, set := range map[string]string{"composed": composed, "decomposed": decomposed} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			require.NoError(t, w.Register(w.ctx, here, registration()))
			_, err := w.VerifyEmail(w.ctx, here, tokenOf(w.letter()), set, "")
			require.NoError(t, err)
			for _, signIn := range []string{composed, decomposed, "ёжик й Ärger é"} {
				_, err := w.Login(w.ctx, here, address, signIn)
				require.NoError(t, err, "typed as %q", signIn)
			}
			_, err = w.Login(w.ctx, here, address, "ежик й Arger e")
			w.requireCode(fault.InvalidCredentials, err)
		})
	}
}

// Hashes from before were made of what was typed.
func TestAHashOfBeforeIsStillAccepted(t *testing.T) {
	const typed = "ёжик\u00a0й"
	for _, hashed := range []string{norm.NFC.String(typed), norm.NFD.String(typed)} {
		hash, err := argon2id.CreateHash(hashed, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
		require.NoError(t, err)
		for _, signIn := range []string{norm.NFC.String(typed), norm.NFD.String(typed)} {
			is, err := isPassword(signIn, hash)
			require.NoError(t, err)
			require.True(t, is, "hashed as %q, typed as %q", hashed, signIn)
		}
	}
	require.Len(t, spellings("correct horse battery"), 1, "a usual password is compared once")
}
