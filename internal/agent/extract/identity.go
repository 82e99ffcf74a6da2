package extract

import (
	"github.com/google/uuid"
)

// ID is that of the record which a source knows by key: a UUIDv5 of the
// organization, so that a re-installed agent makes the same ids and another
// organization never does. It must not change: records would double.
func ID(organization uuid.UUID, kind, key string) uuid.UUID {
	return uuid.NewSHA1(organization, []byte(kind+"/"+key))
}

// itemID is that of an item with a key of its own in a record's list. The path
// is that of the list (receipt.lines); keys need to differ within one record.
func itemID(organization uuid.UUID, path, parent, key string) uuid.UUID {
	return ID(organization, path, parent+"/"+key)
}
