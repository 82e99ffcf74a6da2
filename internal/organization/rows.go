package organization

import (
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/license"
)

// toRow is the organization's row with these values, as new.
func (c checked) toRow(id uuid.UUID, now time.Time) organizationRow {
	return organizationRow{
		ID: id, Name: c.name, TimeZone: c.timeZone, Currency: c.currency,
		DefaultDeliveryMinutes: c.deliveryMinutes, DayStartsAt: c.dayStartsAt,
		LegalName: c.legalName, TaxNumber: c.taxNumber, Address: c.address, Phone: c.phone,
		CreatedAt: now, UpdatedAt: now,
	}
}

func (r organizationRow) toProfile() Profile {
	return Profile{
		ID: r.ID, Name: r.Name, TimeZone: r.TimeZone, Currency: r.Currency,
		DefaultDeliveryMinutes: r.DefaultDeliveryMinutes, DayStartsAt: r.DayStartsAt,
	}
}

func (r membershipRow) toRole() Role { return newRole(r.RoleID, r.RoleCode, r.RoleName, r.Permissions) }

func (r membershipRow) toMembership(modules []license.Module) Membership {
	return Membership{Profile: r.Organization.toProfile(), Role: r.toRole(), Modules: modules, CreatedAt: r.Organization.CreatedAt}
}

func idsOf(rows []membershipRow) []uuid.UUID {
	ids := make([]uuid.UUID, len(rows))
	for i := range rows {
		ids[i] = rows[i].Organization.ID
	}
	return ids
}

func (r membershipRow) toDetails() Details {
	o := r.Organization
	return Details{
		Profile: o.toProfile(), LegalName: o.LegalName, TaxNumber: o.TaxNumber, Address: o.Address, Phone: o.Phone,
		Role: r.toRole(), CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt,
	}
}

// newRole is a role as its row says it; what a built-in one is called and may do is
// nowhere but in the code.
func newRole(id uuid.UUID, code, name string, permissions []access.Permission) Role {
	if code != "" {
		name = builtinNames[code]
	}
	return Role{ID: id, Code: code, Name: name, Permissions: access.PermissionsOf(code, permissions)}
}
