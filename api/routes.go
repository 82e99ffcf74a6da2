package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/auth"
)

// Access says who may call a route: one of the words below, or a permission,
// which a member of the organization in the path must hold.
type Access string

// Accesses that are no permissions.
const (
	Public   Access = "public"    // anybody
	SignedIn Access = "signed-in" // a user with an access token
	SyncKey  Access = "sync-key"  // a local database with its organization's sync key
	Owner    Access = "owner"     // the owner of the organization in the path
)

func may(permission auth.Permission) Access { return Access(permission) }

// Route is one line of the access matrix.
type Route struct {
	Method  string
	Path    string
	Access  Access
	Handler echo.HandlerFunc
}

// Routes is the whole API: method, path, who may, and what answers. Paths are
// below /api/v1.
func (s *Server) Routes() []Route {
	const (
		get, post, put = http.MethodGet, http.MethodPost, http.MethodPut
		patch, del     = http.MethodPatch, http.MethodDelete
		org            = "/organizations/:organization_id"
	)
	return []Route{
		// Accounts
		{post, "/auth/register", Public, s.register},
		{post, "/auth/verify-email", Public, s.verifyEmail},
		{post, "/auth/resend-verification", Public, s.resendVerification},
		{post, "/auth/login", Public, s.login},
		{post, "/auth/refresh", Public, s.refresh},
		{post, "/auth/logout", Public, s.logout},
		{post, "/auth/forgot-password", Public, s.forgotPassword},
		{post, "/auth/reset-password", Public, s.resetPassword},
		{get, "/me", SignedIn, s.me},
		{patch, "/me", SignedIn, s.updateMe},

		// Organizations
		{get, "/organizations", SignedIn, s.organizations},
		{post, "/organizations", SignedIn, s.createOrganization},
		{get, org, may(auth.OrganizationView), s.organization},
		{put, org, may(auth.OrganizationEdit), s.updateOrganization},
		{del, org, Owner, s.archiveOrganization},
		{post, org + "/sync-key", may(auth.SyncEdit), s.replaceSyncKey},
		{get, org + "/licenses", may(auth.LicensesView), s.licenses},
		{get, org + "/roles", may(auth.OrganizationView), s.roles},

		// What a venue has sent: directories, documents, reports
		{get, org + "/directories", may(auth.DirectoriesView), s.directories},
		{get, org + "/directories/:kind", may(auth.DirectoriesView), s.directoryList},
		{get, org + "/directories/:kind/:id", may(auth.DirectoriesView), s.directoryRecord},
		{get, org + "/directories/:kind/:id/history", may(auth.HistoryView), s.directoryHistory},
		{get, org + "/documents", may(auth.DocumentsView), s.documents},
		{get, org + "/documents/:kind", may(auth.DocumentsView), s.documentList},
		{get, org + "/documents/:kind/:id", may(auth.DocumentsView), s.documentRecord},
		{get, org + "/documents/:kind/:id/history", may(auth.HistoryView), s.documentHistory},
		{get, org + "/reports/sales-by-day", may(auth.ReportsView), s.salesByDay},
		{get, org + "/reports/sales-by-hour", may(auth.ReportsView), s.salesByHour},
		{get, org + "/reports/sales-by-product", may(auth.ReportsView), s.salesByProduct},
		{get, org + "/dashboard", may(auth.ReportsView), s.dashboard},

		// Synchronization, as the cabinet shows it
		{get, org + "/sync/status", may(auth.SyncView), s.syncStatus},
		{get, org + "/sync/devices", may(auth.SyncView), s.syncDevices},
		{get, org + "/sync/rejections", may(auth.SyncView), s.syncRejections},
		{del, org + "/sync/rejections/:kind/:id", may(auth.SyncEdit), s.dismissRejection},

		// Synchronization, as local databases speak it
		{post, "/sync/hello", SyncKey, s.hello},
		{post, "/sync/push", SyncKey, s.push},
		{get, "/sync/changes", SyncKey, withCompression(s.changes)},
		{get, "/sync/rejections", SyncKey, s.deviceRejections},
		{get, "/sync/licenses", SyncKey, s.licenseTokens},
		{get, "/sync/digest", SyncKey, withCompression(s.digest)},
		{get, "/sync/digest/records", SyncKey, withCompression(s.fingerprints)},
	}
}
