package organization

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/license"
)

type organizationRow struct {
	ID                     uuid.UUID `gorm:"primaryKey;type:uuid"`
	Name                   string
	TimeZone               string
	Currency               string
	DefaultDeliveryMinutes int
	DayStartsAt            int
	LegalName              string
	TaxNumber              string
	Address                string
	Phone                  string
	CreatedAt              time.Time
	UpdatedAt              time.Time
	ArchivedAt             *time.Time
}

// TableName tells GORM the table.
func (organizationRow) TableName() string { return "organizations" }

type roleRow struct {
	OrganizationID uuid.UUID `gorm:"primaryKey;type:uuid"`
	ID             uuid.UUID `gorm:"primaryKey;type:uuid"`
	Code           string
	Name           string
	Permissions    permissions `gorm:"type:text[]"` // of an organization's own role; what a built-in one may is computed
	IsOwner        bool        `gorm:"->"`          // computed from Code by the database
	CreatedAt      time.Time
}

// TableName tells GORM the table.
func (roleRow) TableName() string { return "roles" }

type memberRow struct {
	OrganizationID uuid.UUID `gorm:"primaryKey;type:uuid"`
	UserID         uuid.UUID `gorm:"primaryKey;type:uuid"`
	RoleID         uuid.UUID `gorm:"type:uuid"`
	IsOwner        bool      // of the role, held equal to it by the database, which lets no organization have two owners
	CreatedAt      time.Time
}

// TableName tells GORM the table.
func (memberRow) TableName() string { return "members" }

type keyRow struct {
	OrganizationID uuid.UUID `gorm:"primaryKey;type:uuid"`
	ID             uuid.UUID `gorm:"primaryKey;type:uuid"`
	KeyHash        []byte
	KeyEncrypted   []byte
	CreatedAt      time.Time
	CreatedBy      uuid.UUID `gorm:"type:uuid"`
	ReplacedAt     *time.Time
}

// TableName tells GORM the table.
func (keyRow) TableName() string { return "sync_keys" }

// permissions is a text[] of words that need no quoting.
type permissions []access.Permission

// Value writes the array as PostgreSQL reads it.
func (p permissions) Value() (driver.Value, error) {
	words := make([]string, len(p))
	for i, permission := range p {
		words[i] = string(permission)
	}
	return "{" + strings.Join(words, ",") + "}", nil
}

// Scan reads the array as PostgreSQL writes it.
func (p *permissions) Scan(source any) error {
	text, ok := source.(string)
	if !ok {
		return fmt.Errorf("organization: permissions are %T", source)
	}
	*p = permissions{}
	for word := range strings.SplitSeq(strings.Trim(text, "{}"), ",") {
		if word != "" {
			*p = append(*p, access.Permission(word))
		}
	}
	return nil
}

// store is a transaction's view of the tables. Methods take what they need of
// the scope that the transaction was opened with.
type store struct {
	tx    *gorm.DB
	whole db.Tx // the same, for the rules of other features
}

func (o *Organizations) inScope(ctx context.Context, scope db.Scope, fn func(store) error) error {
	return o.db.Scoped(ctx, scope, func(tx db.Tx) error { return fn(store{tx.GORM(), tx}) })
}

// lockLimit reads how many organizations a user may own, and makes other
// transactions that ask wait until this one ends.
func (s store) lockLimit(user uuid.UUID) (limit int, err error) {
	err = s.readFirst(&limit, `SELECT organization_limit FROM users WHERE id = ? FOR UPDATE`, user)
	return limit, err
}

func (s store) readLimit(user uuid.UUID) (limit int, err error) {
	err = s.readFirst(&limit, `SELECT organization_limit FROM users WHERE id = ?`, user)
	return limit, err
}

func (s store) countOwned(user uuid.UUID) (count int, err error) {
	err = s.readFirst(&count, `
		SELECT count(*) FROM members m JOIN organizations o ON o.id = m.organization_id
		WHERE m.user_id = ? AND m.is_owner AND o.archived_at IS NULL`, user)
	return count, err
}

// isNotFound says whether nothing was read, before or after that became an error of the API.
func isNotFound(err error) bool {
	return errors.Is(err, gorm.ErrRecordNotFound) || fault.Is(err, fault.NotFound)
}

// readFirst reads one row; none is gorm.ErrRecordNotFound, which becomes NotFound.
func (s store) readFirst(into any, query string, args ...any) error {
	result := s.tx.Raw(query, args...).Scan(into)
	if result.Error == nil && result.RowsAffected == 0 {
		return gorm.ErrRecordNotFound
	}
	return result.Error
}

// insertAll writes a new organization with all that belongs to it from its first moment.
func (s store) insertAll(o organizationRow, roles []roleRow, owner memberRow, key keyRow) error {
	if err := s.tx.Create(&o).Error; err != nil {
		return err
	}
	if err := s.tx.Exec(`INSERT INTO feeds (organization_id, epoch) VALUES (?, ?)`, o.ID, uuid.New()).Error; err != nil {
		return err
	}
	if err := s.tx.Create(&roles).Error; err != nil {
		return err
	}
	if err := s.tx.Create(&owner).Error; err != nil {
		return err
	}
	if err := s.tx.Create(&key).Error; err != nil {
		return err
	}
	return license.Create(s.whole, o.ID, license.Delivery, o.CreatedAt)
}

// findOrganization reads an organization that is not archived. forUpdate holds it until the
// transaction's end.
func (s store) findOrganization(id uuid.UUID, forUpdate bool) (row organizationRow, err error) {
	query := s.tx.Where("id = ? AND archived_at IS NULL", id)
	if forUpdate {
		query = query.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
	}
	err = query.Take(&row).Error
	return row, err
}

func (s store) save(row organizationRow) error {
	return s.tx.Model(&row).Select("*").Omit("id", "created_at").Updates(&row).Error
}

func (s store) listRoles(organization uuid.UUID) (rows []roleRow, err error) {
	err = s.tx.Where("organization_id = ?", organization).Order("created_at, id").Find(&rows).Error
	return rows, err
}

// membershipRow is a member's row joined with the role and the organization.
type membershipRow struct {
	Organization organizationRow `gorm:"embedded"`

	RoleID      uuid.UUID
	RoleCode    string
	RoleName    string
	Permissions permissions
}

const selectMemberships = `
SELECT o.*, r.id AS role_id, r.code AS role_code, r.name AS role_name, r.permissions
FROM members m
JOIN organizations o ON o.id = m.organization_id
JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
WHERE m.user_id = ? AND o.archived_at IS NULL`

func (s store) listMemberships(user uuid.UUID) (rows []membershipRow, err error) {
	err = s.tx.Raw(selectMemberships+` ORDER BY lower(o.name), o.id LIMIT 1000`, user).Scan(&rows).Error
	return rows, err
}

func (s store) findMembership(user, organization uuid.UUID) (row membershipRow, err error) {
	err = s.readFirst(&row, selectMemberships+` AND o.id = ?`, user, organization)
	return row, err
}

func (s store) currentKey(organization uuid.UUID) (row keyRow, err error) {
	err = s.tx.Where("organization_id = ? AND replaced_at IS NULL", organization).Take(&row).Error
	return row, err
}

// endKeys stops every key of the organization.
func (s store) endKeys(organization uuid.UUID, now time.Time) error {
	return s.tx.Model(&keyRow{}).Where("organization_id = ? AND replaced_at IS NULL", organization).
		Update("replaced_at", now).Error
}

func (s store) addKey(row keyRow) error { return s.tx.Create(&row).Error }

// leaveByAll makes nobody work in the organization any more.
func (s store) leaveByAll(organization uuid.UUID) error {
	return s.tx.Exec(`UPDATE users SET current_organization_id = NULL WHERE current_organization_id = ?`, organization).Error
}
