package mail

import (
	"encoding/json"
	"io/fs"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/frontend/src/locales"
)

var site = &url.URL{Scheme: "https", Host: "cabinet.example"}

func TestEveryLetterIsWrittenInBothLanguages(t *testing.T) {
	links := map[Kind][]string{
		VerifyEmail:       {"https://cabinet.example/verify-email#token=a-b_c"},
		AlreadyRegistered: {"https://cabinet.example/sign-in", "https://cabinet.example/forgot-password"},
		ResetPassword:     {"https://cabinet.example/reset-password#token=a-b_c"},
		PasswordChanged:   {"https://cabinet.example/sign-in", "https://cabinet.example/forgot-password"},
	}
	for kind, want := range links {
		subjects := map[string]bool{}
		for _, locale := range []string{"ru", "en"} {
			message, err := Letter{Kind: kind, To: "anna@example.com", Locale: locale, Token: "a-b_c"}.Render(site)
			require.NoError(t, err)
			require.Equal(t, "anna@example.com", message.To)
			subjects[message.Subject] = true
			require.Equal(t, want, Delivered{Text: message.Text}.Links())
			require.Contains(t, message.HTML, `<html lang="`+locale+`">`)
			for _, link := range want {
				require.Contains(t, message.HTML, `href="`+link+`"`)
			}
			require.NotContains(t, message.Text+message.HTML, "<no value>")
			require.NotContains(t, message.Subject+message.Text+message.HTML, "mail:", "a text is missing")
			require.NotContains(t, message.HTML, "ZgotmplZ", "a template that html/template distrusts")
		}
		require.Len(t, subjects, 2, "%s is translated", kind)
	}
}

// What comes behind # is sent to no server and in no Referer.
func TestNoLetterCarriesItsTokenWhereServersSeeIt(t *testing.T) {
	const token = "a-b_c"
	for kind := range actions {
		message, err := Letter{Kind: kind, To: "anna@example.com", Locale: "en", Token: token}.Render(site)
		require.NoError(t, err)
		for _, link := range (Delivered{Text: message.Text}).Links() {
			parsed, err := url.Parse(link)
			require.NoError(t, err)
			parsed.Fragment = ""
			require.NotContains(t, parsed.String(), token, kind)
			require.Empty(t, parsed.RawQuery, kind)
		}
	}
}

func TestALetterInAnUnknownLanguageIsRussian(t *testing.T) {
	message, err := Letter{Kind: VerifyEmail, Locale: "de"}.Render(site)
	require.NoError(t, err)
	require.Equal(t, "Подтвердите электронную почту", message.Subject)
	_, err = Letter{Kind: "unknown", Locale: "ru"}.Render(site)
	require.Error(t, err)
}

func TestATokenCannotBreakOutOfItsLink(t *testing.T) {
	message, err := Letter{Kind: VerifyEmail, Locale: "en", Token: `"><script>&x=1`}.Render(site)
	require.NoError(t, err)
	require.NotContains(t, message.HTML, "<script>")
	require.Equal(t, 1, strings.Count(message.Text, "#token=%22%3E%3Cscript%3E%26x%3D1"))
}

func TestEveryWordOfTheCatalogueIsWritten(t *testing.T) {
	content, err := fs.ReadFile(locales.Files, "ru/mail.json")
	require.NoError(t, err)
	var words struct {
		Action map[string]string
		Letter map[Kind]any
	}
	require.NoError(t, json.Unmarshal(content, &words))
	offered := map[string]string{}
	for kind, pages := range actions {
		require.Contains(t, words.Letter, kind)
		for _, path := range pages {
			name := strings.ReplaceAll(path, "-", "_")
			offered[name] = words.Action[name]
		}
	}
	require.Equal(t, offered, words.Action)
	require.Len(t, words.Letter, len(actions))
}
