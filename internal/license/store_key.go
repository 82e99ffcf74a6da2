package license

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/interpos/cabinet/internal/db"
)

// keyRow is a row of the table license_keys, which belongs to no organization.
type keyRow struct {
	ID         string `gorm:"primaryKey"`
	PublicKey  []byte
	PrivateKey []byte // the seed (RFC 8032, 5.1.5), sealed
	CreatedAt  time.Time
	RetiredAt  *time.Time // nil: it signs
}

// TableName tells GORM the table.
func (keyRow) TableName() string { return "license_keys" }

// currentKey is the key that signs; the zero row where there is none.
func (i *Issuer) currentKey(ctx context.Context) (row keyRow, err error) {
	err = i.db.Global(ctx, func(tx db.Tx) error { return findSigning(tx.GORM(), &row) })
	return row, err
}

func findSigning(tx *gorm.DB, row *keyRow) error {
	return tx.Where("retired_at IS NULL").Limit(1).Find(row).Error
}

// replaceKey retires the signing key, "" for none, for a fresh one, and gives the
// key that signs now. Of processes that replace the same key at once, the first
// one's counts.
func (i *Issuer) replaceKey(ctx context.Context, old string, fresh keyRow) (row keyRow, err error) {
	err = i.db.Global(ctx, func(tx db.Tx) error {
		orm := tx.GORM()
		retired := orm.Model(&keyRow{}).Where("id = ? AND retired_at IS NULL", old).Update("retired_at", fresh.CreatedAt)
		if retired.Error != nil {
			return retired.Error
		}
		if err := orm.Clauses(clause.OnConflict{DoNothing: true}).Create(&fresh).Error; err != nil {
			return err
		}
		return findSigning(orm, &row)
	})
	return row, err
}

func (i *Issuer) allKeys(ctx context.Context) (rows []keyRow, err error) {
	err = i.db.Global(ctx, func(tx db.Tx) error {
		return tx.GORM().Order("retired_at DESC NULLS FIRST, id").Find(&rows).Error
	})
	return rows, err
}

func (i *Issuer) removeKeys(ctx context.Context, retiredBefore time.Time) error {
	return i.db.Global(ctx, func(tx db.Tx) error {
		return tx.GORM().Where("retired_at < ?", retiredBefore).Delete(&keyRow{}).Error
	})
}
