package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/account"
	"github.com/interpos/cabinet/internal/check"
)

// RegisterRequest is what a person types into the registration form.
type RegisterRequest struct {
	Email    string `json:"email" format:"email" example:"owner@example.com"`
	Password string `json:"password" format:"password" example:"correct horse battery"`
	FullName string `json:"full_name" example:"Anna Petrova"`
	Phone    string `json:"phone" validate:"optional" example:"+7 900 000-00-00"`
	Locale   string `json:"locale" validate:"optional" example:"ru"` // Language of letters; ru if left out
}

// EmailRequest names the address that a letter is asked for.
type EmailRequest struct {
	Email string `json:"email" format:"email" example:"owner@example.com"`
}

// LetterRequest carries the token of a letter's link.
type LetterRequest struct {
	Token string `json:"token" example:"Zr3gZ6m0mXg4rj1w9m1l3Qv6kq8T0cQm5n8jV2bXw0E"` // As it stands in the link, after `#token=`
}

// LetterResponse is what the page behind a letter's link has to know.
type LetterResponse struct {
	Email         string `json:"email" example:"owner@example.com"` // Whom the letter was sent to
	EmailVerified bool   `json:"email_verified" example:"false"`    // The address is confirmed
	Usable        bool   `json:"usable" example:"true"`             // The link still sets a password
}

// VerifyEmailRequest confirms an address by the token of a letter's link.
type VerifyEmailRequest struct {
	Token    string `json:"token" example:"Zr3gZ6m0mXg4rj1w9m1l3Qv6kq8T0cQm5n8jV2bXw0E"` // As it stands in the link, after `#token=`
	Password string `json:"password" format:"password" example:"correct horse battery"`  // The account's from now on, whatever was typed at the registration
	Locale   string `json:"locale" validate:"optional" example:"ru"`                     // Language of letters; that of the registration if left out
}

// ResetPasswordRequest sets a new password by the token of a letter's link.
type ResetPasswordRequest struct {
	Token    string `json:"token" example:"Zr3gZ6m0mXg4rj1w9m1l3Qv6kq8T0cQm5n8jV2bXw0E"` // As it stands in the link, after `#token=`
	Password string `json:"password" format:"password" example:"correct horse battery"`
}

// ResetGrant is the right to act for the user, and what the reset has ended.
type ResetGrant struct {
	TokenResponse
	SessionsEnded int `json:"sessions_ended" example:"2"`
}

// LoginRequest signs a user in.
type LoginRequest struct {
	Email    string `json:"email" example:"owner@example.com"`
	Password string `json:"password" format:"password" example:"correct horse battery"`
}

// TokenResponse is the right to act for a user for a while.
type TokenResponse struct {
	AccessToken string `json:"access_token" example:"eyJhbGciOiJIUzI1NiIsImtpZCI6IjRlMmYxYTAwIn0.e30.c2lnbmF0dXJl"` // For the header `Authorization: Bearer …`
	TokenType   string `json:"token_type" enums:"Bearer" example:"Bearer"`
	ExpiresIn   int    `json:"expires_in" example:"900"` // Seconds until the access token ends
}

// Accepted says that a request was taken, and nothing else: the same for
// addresses that are registered and for those that are not.
type Accepted struct{}

// refreshCookie holds the refresh token where scripts cannot read it.
const refreshCookie = "refresh_token"

// deviceCookie names a browser to the accounts that it has been signed in to from, so that
// nobody else's wrong passwords lock it out. It opens nothing.
const deviceCookie = "device"

// deviceLifetime is how long a browser is known after its last sign-in.
const deviceLifetime = 365 * 24 * time.Hour

// registerAccount makes an account that works once its address is confirmed.
//
//	@Summary	Register
//	@ID			register
//	@Description	Mails a link that confirms the address. The answer is the same for an address that is taken; whoever reads its mail is told by letter.
//	@Tags		auth
//	@Param		Idempotency-Key	header	string	false	"A new UUID, say: the same request with it, within 24 hours, gets the same answer and makes nothing twice"
//	@Param		body	body		RegisterRequest	true	"The person"
//	@Success	202		{object}	Accepted
//	@Failure	403	{object}	Problem	"forbidden"
//	@Failure	429	{object}	Problem	"rate_limited"
//	@Router		/auth/register [post]
func (s *Server) registerAccount(c echo.Context) error {
	var request RegisterRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	err := s.Accounts.Register(c.Request().Context(), clientOf(c), account.Registration{
		Email: request.Email, Password: request.Password, FullName: request.FullName,
		Phone: request.Phone, Locale: request.Locale,
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, Accepted{})
}

// lookUpLetter says whose letter a link is of.
//
//	@Summary	Look up a letter by its token
//	@ID			lookUpLetter
//	@Description	Knows links that have been used or have expired too, for a few days. Changes nothing.
//	@Tags		auth
//	@Param		body	body	LetterRequest	true	"The token"
//	@Success	200		{object}	LetterResponse
//	@Failure	403	{object}	Problem	"forbidden"
//	@Failure	410	{object}	Problem	"token_invalid"
//	@Failure	429	{object}	Problem	"rate_limited"
//	@Router		/auth/letter [post]
func (s *Server) lookUpLetter(c echo.Context) error {
	var request LetterRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	letter, err := s.Accounts.LookUpLetter(c.Request().Context(), clientOf(c), request.Token)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, LetterResponse{Email: letter.Email, EmailVerified: letter.Verified, Usable: letter.Usable})
}

// verifyEmail confirms an address by the token of a letter.
//
//	@Summary	Confirm the e-mail address
//	@ID			verifyEmail
//	@Description	Whoever holds the letter sets the password, in place of that of the registration, and is signed in. Sets the cookie `refresh_token` too.
//	@Tags		auth
//	@Param		body	body	VerifyEmailRequest	true	"Token and password"
//	@Success	200		{object}	TokenResponse
//	@Failure	403	{object}	Problem	"forbidden"
//	@Failure	410	{object}	Problem	"token_invalid"
//	@Failure	429	{object}	Problem	"rate_limited"
//	@Router		/auth/verify-email [post]
func (s *Server) verifyEmail(c echo.Context) error {
	var request VerifyEmailRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	session, err := s.Accounts.VerifyEmail(c.Request().Context(), clientOf(c), request.Token, request.Password, request.Locale)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, s.handOver(c, session))
}

// resendVerification mails the confirmation letter again.
//
//	@Summary	Send the confirmation letter again
//	@ID			resendVerification
//	@Description	The answer is the same for every address, also for one that asks too often and gets no letter.
//	@Tags		auth
//	@Param		Idempotency-Key	header	string	false	"A new UUID, say: the same request with it, within 24 hours, gets the same answer and makes nothing twice"
//	@Param		body	body		EmailRequest	true	"The address"
//	@Success	202		{object}	Accepted
//	@Failure	403	{object}	Problem	"forbidden"
//	@Failure	429	{object}	Problem	"rate_limited"
//	@Router		/auth/resend-verification [post]
func (s *Server) resendVerification(c echo.Context) error {
	var request EmailRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	if err := s.Accounts.ResendVerification(c.Request().Context(), clientOf(c), request.Email); err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, Accepted{})
}

// signIn begins a session.
//
//	@Summary	Sign in
//	@ID			signIn
//	@Description	Sets the cookie `refresh_token` too, which `/auth/refresh` takes, and `device`: sent along with the next sign-in, it keeps other people's wrong passwords from counting against it. `email_not_verified` comes for the right password alone.
//	@Tags		auth
//	@Param		body	body		LoginRequest	true	"Address and password"
//	@Success	200		{object}	TokenResponse
//	@Failure	401	{object}	Problem	"invalid_credentials"
//	@Failure	403	{object}	Problem	"email_not_verified, forbidden"
//	@Failure	429	{object}	Problem	"rate_limited"
//	@Router		/auth/login [post]
func (s *Server) signIn(c echo.Context) error {
	var request LoginRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	var fields check.Fields
	fields.Required("email", request.Email)
	fields.Required("password", request.Password)
	if err := fields.Err(); err != nil {
		return err
	}
	session, err := s.Accounts.Login(c.Request().Context(), clientOf(c), request.Email, request.Password)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, s.handOver(c, session))
}

// renewSession spends the refresh token for a new pair.
//
//	@Summary	Renew the access token
//	@ID			refreshSession
//	@Description	Takes the cookie `refresh_token` and replaces it. A token that was spent before ends its session.
//	@Tags		auth
//	@Success	200		{object}	TokenResponse
//	@Failure	401	{object}	Problem	"unauthorized"
//	@Failure	403	{object}	Problem	"forbidden"
//	@Router		/auth/refresh [post]
func (s *Server) renewSession(c echo.Context) error {
	session, err := s.Accounts.Refresh(c.Request().Context(), refreshToken(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, s.handOver(c, session))
}

// signOut ends the session.
//
//	@Summary	Sign out
//	@ID			signOut
//	@Tags		auth
//	@Success	204
//	@Failure	403	{object}	Problem	"forbidden"
//	@Router		/auth/logout [post]
func (s *Server) signOut(c echo.Context) error {
	if err := s.Accounts.Logout(c.Request().Context(), refreshToken(c)); err != nil {
		return err
	}
	c.SetCookie(s.authCookie(refreshCookie, "", -1))
	return c.NoContent(http.StatusNoContent)
}

// forgotPassword mails a link to set a new password.
//
//	@Summary	Ask for a letter to reset the password
//	@ID			requestPasswordReset
//	@Description	The answer is the same for every address.
//	@Tags		auth
//	@Param		Idempotency-Key	header	string	false	"A new UUID, say: the same request with it, within 24 hours, gets the same answer and makes nothing twice"
//	@Param		body	body		EmailRequest	true	"The address"
//	@Success	202		{object}	Accepted
//	@Failure	403	{object}	Problem	"forbidden"
//	@Failure	429	{object}	Problem	"rate_limited"
//	@Router		/auth/forgot-password [post]
func (s *Server) forgotPassword(c echo.Context) error {
	var request EmailRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	if err := s.Accounts.ForgotPassword(c.Request().Context(), clientOf(c), request.Email); err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, Accepted{})
}

// resetPassword sets a new password by the token of a letter.
//
//	@Summary	Set a new password
//	@ID			resetPassword
//	@Description	Ends all sessions of the user, confirms the address, and signs in. Sets the cookie `refresh_token` too. Sync keys work on: who may have learned one replaces it.
//	@Tags		auth
//	@Param		body	body	ResetPasswordRequest	true	"Token and new password"
//	@Success	200		{object}	ResetGrant
//	@Failure	403	{object}	Problem	"forbidden"
//	@Failure	410	{object}	Problem	"token_invalid"
//	@Failure	429	{object}	Problem	"rate_limited"
//	@Router		/auth/reset-password [post]
func (s *Server) resetPassword(c echo.Context) error {
	var request ResetPasswordRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	session, ended, err := s.Accounts.ResetPassword(c.Request().Context(), clientOf(c), request.Token, request.Password)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, ResetGrant{TokenResponse: s.handOver(c, session), SessionsEnded: ended})
}

// handOver gives a session to whoever asked: its refresh token as a cookie, the rest for the answer's body.
func (s *Server) handOver(c echo.Context, session account.Session) TokenResponse {
	c.SetCookie(s.authCookie(refreshCookie, session.RefreshToken, session.RefreshExpiresIn))
	if session.Device != "" {
		c.SetCookie(s.authCookie(deviceCookie, session.Device, deviceLifetime))
	}
	return TokenResponse{
		AccessToken: session.AccessToken, TokenType: "Bearer", ExpiresIn: int(session.AccessExpiresIn.Seconds()),
	}
}

// authCookie is a cookie for the auth endpoints of this site alone. A negative lifetime
// removes it.
func (s *Server) authCookie(name, value string, lifetime time.Duration) *http.Cookie {
	age := int(lifetime.Seconds())
	if lifetime < 0 {
		age = -1
	}
	return &http.Cookie{
		Name: name, Value: value, Path: "/api/v1/auth", MaxAge: age,
		HttpOnly: true, Secure: s.PublicURL.Scheme == "https", SameSite: http.SameSiteStrictMode,
	}
}

func refreshToken(c echo.Context) string { return cookieOf(c, refreshCookie) }

func cookieOf(c echo.Context, name string) string {
	cookie, err := c.Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

func clientOf(c echo.Context) account.Client {
	return account.Client{IP: c.RealIP(), UserAgent: c.Request().UserAgent(), Device: cookieOf(c, deviceCookie)}
}
