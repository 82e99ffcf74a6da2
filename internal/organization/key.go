package organization

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/security"
)

// ReplaceSyncKey makes a new sync key; the one before stops working at once.
func (o *Organizations) ReplaceSyncKey(ctx context.Context, actor access.Actor) (key *SyncKey, err error) {
	err = o.inScope(ctx, scopeOf(actor), func(s store) error {
		if _, err := s.findOrganization(actor.OrganizationID, true); err != nil {
			return err
		}
		now := o.now()
		if err := s.endKeys(actor.OrganizationID, now); err != nil {
			return err
		}
		row := o.newKeyRow(actor.OrganizationID, actor.UserID, now)
		if err := s.addKey(row); err != nil {
			return err
		}
		key, err = o.openKey(row)
		return err
	})
	if err == nil {
		o.events.Write(ctx, security.SyncKeyReplaced, subjectOf(actor))
	}
	return key, err
}

func subjectOf(actor access.Actor) security.Subject {
	return security.Subject{User: actor.UserID, Organization: actor.OrganizationID}
}

func (o *Organizations) newKeyRow(organization, user uuid.UUID, now time.Time) keyRow {
	key := newKey()
	return keyRow{
		OrganizationID: organization, ID: uuid.New(), KeyHash: hashOf(key),
		KeyEncrypted: o.sealer.Seal(key, organization[:]), CreatedAt: now, CreatedBy: user,
	}
}

func (o *Organizations) openKey(row keyRow) (*SyncKey, error) {
	key, err := o.sealer.Open(row.KeyEncrypted, row.OrganizationID[:])
	return &SyncKey{Key: key, CreatedAt: row.CreatedAt}, err
}
