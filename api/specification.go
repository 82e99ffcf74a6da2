package api

// The head of the specification; each handler carries its own part, and the
// types carry the rest.
//
//	@title			Interpos Cabinet API
//	@version		1
//	@description	The cloud side of the Interpos point of sale. A user signs in (`/auth/login`) and works with the access token, which lasts 15 minutes and is renewed by `/auth/refresh`. A local database speaks the `/sync` endpoints with its organization's sync key. Errors are RFC 9457 problems with a stable `code`. Money and quantities are exact decimal JSON numbers; times carry an offset; a day is the organization's business day.
//	@license.name	AGPL-3.0
//	@license.url	https://www.gnu.org/licenses/agpl-3.0.html
//	@BasePath		/api/v1
//
//	@tag.name			auth
//	@tag.description	Registration, sign-in, passwords.
//	@tag.name			account
//	@tag.description	The signed-in user.
//	@tag.name			organizations
//	@tag.description	Organizations, their sync key and licenses.
//	@tag.name			members
//	@tag.description	Who may do what in an organization: roles and members.
//	@tag.name			kinds
//	@tag.description	What can be synchronized: kinds of records and their fields
//	@tag.name			directories
//	@tag.description	Reference records that venues have synchronized.
//	@tag.name			documents
//	@tag.description	Receipts and other dated records that venues have synchronized.
//	@tag.name			reports
//	@tag.description	Figures over business days.
//	@tag.name			synchronization
//	@tag.description	How synchronization stands, for the cabinet's users.
//	@tag.name			sync
//	@tag.description	The synchronization protocol, for local databases.
//
//	@securityDefinitions.apikey	BearerAuth
//	@in							header
//	@name						Authorization
//	@description				Access token of `/auth/login`.
//
//	@securityDefinitions.apikey	SyncKey
//	@in							header
//	@name						Authorization
//	@description				Sync key of the organization (`isk_…`), from its form in the cabinet.
