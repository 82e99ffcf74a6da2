package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
)

type userRow struct {
	ID                    uuid.UUID `gorm:"primaryKey;type:uuid"`
	Email                 string
	EmailVerifiedAt       *time.Time
	PasswordHash          string
	FullName              string
	Phone                 string
	Locale                string
	OrganizationLimit     int
	IsStaff               bool
	CurrentOrganizationID *uuid.UUID `gorm:"type:uuid"`
	CreatedAt             time.Time
	UpdatedAt             time.Time
}

// TableName tells GORM the table.
func (userRow) TableName() string { return "users" }

// purpose of a token in a letter.
type purpose string

const (
	verifyEmail   purpose = "verify_email"
	resetPassword purpose = "reset_password"
)

type emailTokenRow struct {
	TokenHash []byte    `gorm:"primaryKey"`
	UserID    uuid.UUID `gorm:"type:uuid"`
	Purpose   purpose
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// TableName tells GORM the table.
func (emailTokenRow) TableName() string { return "email_tokens" }

type sessionRow struct {
	ID         uuid.UUID `gorm:"primaryKey;type:uuid"`
	UserID     uuid.UUID `gorm:"type:uuid"`
	UserAgent  string
	IP         string
	CreatedAt  time.Time
	LastUsedAt time.Time
	ExpiresAt  time.Time
	EndedAt    *time.Time
}

// TableName tells GORM the table.
func (sessionRow) TableName() string { return "sessions" }

type refreshTokenRow struct {
	TokenHash []byte    `gorm:"primaryKey"`
	SessionID uuid.UUID `gorm:"type:uuid"`
	CreatedAt time.Time
	SpentAt   *time.Time
}

// TableName tells GORM the table.
func (refreshTokenRow) TableName() string { return "refresh_tokens" }

// newSecret makes a token of 256 random bits, in base64url.
func newSecret() string {
	bits := make([]byte, 32)
	rand.Read(bits)
	return base64.RawURLEncoding.EncodeToString(bits)
}

func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

func isNotFound(err error) bool {
	return errors.Is(err, gorm.ErrRecordNotFound) || fault.Is(err, fault.NotFound)
}

// store is a transaction's view of the tables.
type store struct {
	tx  *gorm.DB
	pgx pgx.Tx // the same, as the job queue takes it
}

func storeOf(tx db.Tx) store { return store{tx.GORM(), tx} }

func (a *Accounts) global(ctx context.Context, fn func(store) error) error {
	return a.db.Global(ctx, func(tx db.Tx) error { return fn(storeOf(tx)) })
}

func (a *Accounts) forUser(ctx context.Context, user uuid.UUID, fn func(store) error) error {
	return a.db.ForUser(ctx, user, func(tx db.Tx) error { return fn(storeOf(tx)) })
}

func (s store) locked() *gorm.DB {
	return s.tx.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
}

func (s store) user(id uuid.UUID) (row userRow, err error) {
	err = s.tx.Where("id = ?", id).Take(&row).Error
	return row, err
}

func (s store) lockUser(id uuid.UUID) (row userRow, err error) {
	err = s.locked().Where("id = ?", id).Take(&row).Error
	return row, err
}

func (s store) userByEmail(address string) (row userRow, err error) {
	err = s.tx.Where("lower(email) = lower(?)", address).Take(&row).Error
	return row, err
}

func (s store) lockUserByEmail(address string) (row userRow, err error) {
	err = s.locked().Where("lower(email) = lower(?)", address).Take(&row).Error
	return row, err
}

// insertOrLockUser adds the user, or gives the one that has the address already.
func (s store) insertOrLockUser(row userRow) (userRow, error) {
	if err := s.tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return userRow{}, err
	}
	return s.lockUserByEmail(row.Email)
}

func (s store) save(row userRow) error {
	return s.tx.Model(&row).Select("*").Omit("id", "created_at").Updates(&row).Error
}

func (s store) isMember(user, organization uuid.UUID) (member bool, err error) {
	err = s.tx.Raw(`SELECT EXISTS (SELECT FROM members m JOIN organizations o ON o.id = m.organization_id
		WHERE m.user_id = ? AND m.organization_id = ? AND o.archived_at IS NULL)`, user, organization).Scan(&member).Error
	return member, err
}

// addEmailToken keeps a token for a user; for one who does not exist it is the
// same statement and keeps nothing.
func (s store) addEmailToken(user uuid.UUID, purpose purpose, token string, now, expires time.Time) error {
	return s.tx.Exec(`INSERT INTO email_tokens (token_hash, user_id, purpose, created_at, expires_at)
		SELECT ?, id, ?, ?::timestamptz, ?::timestamptz FROM users WHERE id = ?`, hashOf(token), purpose, now, expires, user).Error
}

// emailToken finds a token that works.
func (s store) emailToken(token string, purpose purpose, now time.Time) (row emailTokenRow, err error) {
	err = s.tx.Where("token_hash = ? AND purpose = ? AND used_at IS NULL AND expires_at > ?", hashOf(token), purpose, now).
		Take(&row).Error
	return row, err
}

// anyEmailToken finds a token that works or has worked.
func (s store) anyEmailToken(token string) (row emailTokenRow, err error) {
	err = s.tx.Where("token_hash = ?", hashOf(token)).Take(&row).Error
	return row, err
}

// useEmailToken spends a token and gives its user, locked. The user is locked
// before the token, as everywhere: two who want both do not wait for each other.
func (s store) useEmailToken(token string, purpose purpose, now time.Time) (userRow, error) {
	found, err := s.emailToken(token, purpose, now)
	if err != nil {
		return userRow{}, err
	}
	user, err := s.lockUser(found.UserID)
	if err != nil {
		return userRow{}, err
	}
	row, err := store{tx: s.locked()}.emailToken(token, purpose, now)
	if err != nil {
		return userRow{}, err
	}
	return user, s.tx.Model(&row).Update("used_at", now).Error
}

// endEmailTokens makes all letters to the user useless.
func (s store) endEmailTokens(user uuid.UUID, now time.Time) error {
	return s.tx.Model(&emailTokenRow{}).Where("user_id = ? AND used_at IS NULL", user).Update("used_at", now).Error
}

// endTokensFor makes the letters to the user for one purpose useless.
func (s store) endTokensFor(purpose purpose, user uuid.UUID, now time.Time) error {
	return s.tx.Model(&emailTokenRow{}).Where("user_id = ? AND purpose = ? AND used_at IS NULL", user, purpose).
		Update("used_at", now).Error
}

func (s store) addSession(row sessionRow) error { return s.tx.Create(&row).Error }

// addRefreshToken keeps a token of a session; one that is kept already stays as it is.
func (s store) addRefreshToken(session uuid.UUID, token string, now time.Time) error {
	return s.tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&refreshTokenRow{TokenHash: hashOf(token), SessionID: session, CreatedAt: now}).Error
}

// lockSession finds a refresh token's session, and makes other users of the
// session's tokens wait.
func (s store) lockSession(refresh string) (session sessionRow, token refreshTokenRow, err error) {
	hash := hashOf(refresh)
	err = s.locked().Where("id = (SELECT session_id FROM refresh_tokens WHERE token_hash = ?)", hash).Take(&session).Error
	if err != nil {
		return session, token, err
	}
	err = s.tx.Where("token_hash = ?", hash).Take(&token).Error
	return session, token, err
}

// spendToken marks the token as spent; the first time counts.
func (s store) spendToken(token refreshTokenRow, now time.Time) error {
	return s.tx.Model(&token).Where("spent_at IS NULL").Update("spent_at", now).Error
}

func (s store) extendSession(row sessionRow) error {
	return s.tx.Model(&row).Select("last_used_at", "expires_at").Updates(&row).Error
}

func (s store) endSession(id uuid.UUID, now time.Time) error {
	return s.tx.Model(&sessionRow{}).Where("id = ? AND ended_at IS NULL", id).Update("ended_at", now).Error
}

// endSessions ends those of a user that go on, and says how many they were.
func (s store) endSessions(user uuid.UUID, now time.Time) (ended int, err error) {
	done := s.tx.Model(&sessionRow{}).Where("user_id = ? AND ended_at IS NULL AND expires_at > ?", user, now).Update("ended_at", now)
	return int(done.RowsAffected), done.Error
}

func (s store) removeExpired(now time.Time) error {
	if err := s.tx.Where("expires_at < ?", now).Delete(&emailTokenRow{}).Error; err != nil {
		return err
	}
	// An ended session stays a day, for its reused tokens to be recognized.
	if err := s.tx.Where("expires_at < ? OR ended_at < ?", now, now.Add(-24*time.Hour)).Delete(&sessionRow{}).Error; err != nil {
		return err
	}
	// A session that is refreshed every few minutes leaves thousands of spent
	// tokens; one that comes back after a week only ever fails.
	return s.tx.Where("spent_at < ?", now.Add(-7*24*time.Hour)).Delete(&refreshTokenRow{}).Error
}

func (r userRow) toAccount() Account {
	return Account{
		ID: r.ID, Email: r.Email, FullName: r.FullName, Phone: r.Phone, Locale: r.Locale,
		OrganizationLimit: r.OrganizationLimit, CurrentOrganizationID: r.CurrentOrganizationID, CreatedAt: r.CreatedAt,
	}
}

func (r *userRow) apply(changes Changes) {
	if changes.FullName != nil {
		r.FullName = *changes.FullName
	}
	if changes.Phone != nil {
		r.Phone = *changes.Phone
	}
	if changes.Locale != nil {
		r.Locale = *changes.Locale
	}
}
