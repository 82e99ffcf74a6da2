package mail

// Pages of the SPA that letters lead to.
const (
	pathVerify = "verify-email"
	pathReset  = "reset-password"
	pathSignIn = "sign-in"
	pathForgot = "forgot-password"
)

// wording is one letter in one language.
type wording struct {
	subject, title string
	lead           []string
	actions        []action
	notes          []string
}

type action struct{ label, path string }

type language struct {
	locale, plainLink, signature string
	letters                      map[Kind]wording
}

// wordings are the letters by locale.
var wordings = map[string]language{"ru": russian, "en": english}

var russian = language{
	locale:    "ru",
	plainLink: "Если кнопка не работает, скопируйте адрес в браузер:",
	signature: "Личный кабинет Interpos",
	letters: map[Kind]wording{
		VerifyEmail: {
			subject: "Подтвердите электронную почту",
			title:   "Подтвердите электронную почту",
			lead: []string{
				"Этот адрес указан при регистрации в личном кабинете Interpos. Подтвердите его, и учетная запись заработает.",
			},
			actions: []action{{"Подтвердить адрес", pathVerify}},
			notes: []string{
				"Ссылка действует 48 часов и срабатывает один раз.",
				"Если Вы не регистрировались, ничего не делайте: без подтверждения учетная запись не заработает.",
			},
		},
		AlreadyRegistered: {
			subject: "Вы уже зарегистрированы",
			title:   "Вы уже зарегистрированы",
			lead: []string{
				"Кто-то, возможно Вы, снова зарегистрировался в личном кабинете Interpos с этим адресом. Учетная запись с ним уже есть: она не изменилась, новая не создана.",
			},
			actions: []action{{"Войти", pathSignIn}, {"Сбросить пароль", pathForgot}},
			notes:   []string{"Если это были не Вы, ничего не делайте."},
		},
		ResetPassword: {
			subject: "Сброс пароля",
			title:   "Сброс пароля",
			lead: []string{
				"Кто-то, возможно Вы, попросил сбросить пароль учетной записи в личном кабинете Interpos.",
			},
			actions: []action{{"Задать новый пароль", pathReset}},
			notes: []string{
				"Ссылка действует 1 час и срабатывает один раз.",
				"Если это были не Вы, ничего не делайте: пароль останется прежним.",
			},
		},
		PasswordChanged: {
			subject: "Пароль изменён",
			title:   "Пароль изменён",
			lead: []string{
				"Пароль Вашей учетной записи в личном кабинете Interpos изменён, все сеансы завершены. Войдите с новым паролем.",
			},
			actions: []action{{"Войти", pathSignIn}, {"Сбросить пароль", pathForgot}},
			notes:   []string{"Если пароль изменили не Вы, сбросьте его сейчас же и проверьте, кто ещё читает эту почту."},
		},
	},
}

var english = language{
	locale:    "en",
	plainLink: "If the button does not work, copy the address into your browser:",
	signature: "Interpos Cabinet",
	letters: map[Kind]wording{
		VerifyEmail: {
			subject: "Confirm your e-mail address",
			title:   "Confirm your e-mail address",
			lead: []string{
				"This address was given when registering with Interpos Cabinet. Confirm it, and the account starts working.",
			},
			actions: []action{{"Confirm the address", pathVerify}},
			notes: []string{
				"The link is valid for 48 hours and works once.",
				"If you did not register, do nothing: the account will not work unless it is confirmed.",
			},
		},
		AlreadyRegistered: {
			subject: "You are registered already",
			title:   "You are registered already",
			lead: []string{
				"Somebody, perhaps you, registered with Interpos Cabinet with this address again. There is an account with it already: it has not changed, and no new one was made.",
			},
			actions: []action{{"Sign in", pathSignIn}, {"Reset the password", pathForgot}},
			notes:   []string{"If this was not you, do nothing."},
		},
		ResetPassword: {
			subject: "Reset your password",
			title:   "Reset your password",
			lead: []string{
				"Somebody, perhaps you, asked to reset the password of your Interpos Cabinet account.",
			},
			actions: []action{{"Set a new password", pathReset}},
			notes: []string{
				"The link is valid for 1 hour and works once.",
				"If this was not you, do nothing: the password stays as it is.",
			},
		},
		PasswordChanged: {
			subject: "Your password was changed",
			title:   "Your password was changed",
			lead: []string{
				"The password of your Interpos Cabinet account was changed, and all sessions were ended. Sign in with the new password.",
			},
			actions: []action{{"Sign in", pathSignIn}, {"Reset the password", pathForgot}},
			notes:   []string{"If it was not you who changed it, reset it at once, and check who else reads this mailbox."},
		},
	},
}
