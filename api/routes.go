package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/access"
)

// What most routes ask of their callers.
var (
	public   = access.Needs{Caller: access.Anyone}
	signedIn = access.Needs{Caller: access.User}
	syncKey  = access.Needs{Caller: access.Device}
	owner    = access.Needs{Owner: true}
)

// may asks for a member of the organization in the path who holds the permission.
func may(permission access.Permission) access.Needs { return access.Needs{Permission: permission} }

// see asks for one who may see the section's records.
func see(section access.Section) access.Needs { return access.Needs{See: section} }

// seeHistory asks for one who may see the section's records, and what they were.
func seeHistory(section access.Section) access.Needs {
	return access.Needs{Permission: access.History.View(), See: section}
}

// Route is one line of the access matrix.
type Route struct {
	Method  string
	Path    string
	Needs   access.Needs
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
		{post, "/auth/register", public, s.registerAccount},
		{post, "/auth/letter", public, s.lookUpLetter},
		{post, "/auth/verify-email", public, s.verifyEmail},
		{post, "/auth/resend-verification", public, s.resendVerification},
		{post, "/auth/login", public, s.signIn},
		{post, "/auth/refresh", public, s.renewSession},
		{post, "/auth/logout", public, s.signOut},
		{post, "/auth/forgot-password", public, s.forgotPassword},
		{post, "/auth/reset-password", public, s.resetPassword},
		{get, "/me", signedIn, s.showMe},
		{patch, "/me", signedIn, s.updateMe},

		// Organizations
		{get, "/organizations", signedIn, s.listOrganizations},
		{post, "/organizations", signedIn, s.createOrganization},
		{get, org, may(access.Organization.View()), s.showOrganization},
		{put, org, may(access.Organization.Edit()), s.updateOrganization},
		{del, org, owner, s.archiveOrganization},
		{post, org + "/sync-key", may(access.Sync.Edit()), s.replaceSyncKey},
		{get, org + "/licenses", may(access.Licenses.View()), s.listLicenses},
		{get, org + "/licenses/:license_id/renewals", may(access.Licenses.View()), s.listRenewals},
		{post, org + "/licenses/:license_id/renewals", may(access.Licenses.Edit()), s.requestRenewal},
		{get, org + "/licenses/:license_id/renewals/:renewal_id", may(access.Licenses.View()), s.showRenewal},
		{del, org + "/licenses/:license_id/renewals/:renewal_id", may(access.Licenses.Edit()), s.withdrawRenewal},
		{post, org + "/licenses/:license_id/trial", may(access.Licenses.Edit()), s.takeTrial},

		// Who may do what in an organization
		{get, org + "/roles", may(access.Organization.View()), s.listRoles},
		{post, org + "/roles", may(access.Members.Edit()), s.createRole},
		{get, org + "/roles/:role_id", may(access.Organization.View()), s.showRole},
		{patch, org + "/roles/:role_id", may(access.Members.Edit()), s.updateRole},
		{del, org + "/roles/:role_id", may(access.Members.Edit()), s.deleteRole},
		{get, org + "/members", may(access.Members.View()), s.listMembers},
		{get, org + "/members/:user_id", may(access.Members.View()), s.showMember},
		{patch, org + "/members/:user_id", may(access.Members.Edit()), s.updateMember},
		{del, org + "/members/:user_id", access.Needs{Permission: access.Members.Edit(), Self: true}, s.removeMember},

		// What a venue has sent: directories, documents, reports
		{get, "/kinds", signedIn, s.kinds},
		{get, org + "/directories", may(access.Directories.View()), s.directories},
		{get, org + "/directories/:kind", see(access.Directories), s.directoryList},
		{get, org + "/directories/:kind/:id", see(access.Directories), s.directoryRecord},
		{get, org + "/directories/:kind/:id/history", seeHistory(access.Directories), s.directoryHistory},
		{get, org + "/documents", may(access.Documents.View()), s.documents},
		{get, org + "/documents/:kind", see(access.Documents), s.documentList},
		{get, org + "/documents/:kind/:id", see(access.Documents), s.documentRecord},
		{get, org + "/documents/:kind/:id/history", seeHistory(access.Documents), s.documentHistory},
		{get, org + "/reports/sales-by-day", may(access.Reports.View()), s.salesByDay},
		{get, org + "/reports/sales-by-hour", may(access.Reports.View()), s.salesByHour},
		{get, org + "/reports/sales-by-product", may(access.Reports.View()), s.salesByProduct},
		{get, org + "/reports/payments-by-type", may(access.Reports.View()), s.paymentsByType},
		{get, org + "/dashboard", may(access.Reports.View()), s.dashboard},

		// Synchronization, as the cabinet shows it
		{get, org + "/sync/status", may(access.Sync.View()), s.syncStatus},
		{get, org + "/sync/devices", may(access.Sync.View()), s.syncDevices},
		{get, org + "/sync/sources", may(access.Sync.View()), s.syncSources},
		{get, org + "/sync/remarks", may(access.Sync.View()), s.syncRemarks},
		{get, org + "/sync/rejections", may(access.Sync.View()), s.syncRejections},
		{del, org + "/sync/rejections/:kind/:id", may(access.Sync.Edit()), s.dismissRejection},

		// Synchronization, as local databases speak it
		{post, "/sync/hello", syncKey, s.hello},
		{get, "/sync/sources", syncKey, s.sources},
		{post, "/sync/sources", syncKey, s.registerSource},
		{put, "/sync/sources/:source_id", syncKey, s.claimSource},
		{post, "/sync/push", syncKey, s.push},
		{get, "/sync/changes", syncKey, s.changes},
		{get, "/sync/records", syncKey, s.recordsByID},
		{get, "/sync/rejections", syncKey, s.deviceRejections},
		{get, "/sync/licenses", syncKey, s.licenseTokens},
		{get, "/sync/digest", syncKey, s.digest},
		{get, "/sync/digest/records", syncKey, s.fingerprints},
	}
}
