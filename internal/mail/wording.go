package mail

import (
	"strings"

	"github.com/interpos/cabinet/internal/text"
)

// Pages of the SPA that letters lead to.
const (
	pathVerify = "verify-email"
	pathReset  = "reset-password"
	pathSignIn = "sign-in"
	pathForgot = "forgot-password"
)

// actions are the pages that a letter offers, by the letters there are. Their words,
// and the letter's, are the namespace mail of the catalogue.
var actions = map[Kind][]string{
	VerifyEmail:       {pathVerify},
	AlreadyRegistered: {pathSignIn, pathForgot},
	ResetPassword:     {pathReset},
	PasswordChanged:   {pathSignIn, pathForgot},
}

// actionLabel is what the button to a page says.
func actionLabel(words *text.Words, path string) string {
	return words.Text("mail:action." + strings.ReplaceAll(path, "-", "_"))
}
