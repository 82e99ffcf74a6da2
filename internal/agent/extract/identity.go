package extract

import (
	"github.com/google/uuid"
)

// Namespaces are what ids are made in, so that the same key of another database is another record.
type Namespaces struct {
	Source uuid.UUID // of what is this database's own
	Shared uuid.UUID // of what all sources of the organization share: its id
}

func (n Namespaces) of(shared bool) uuid.UUID {
	if shared {
		return n.Shared
	}
	return n.Source
}

// ID is that of the record which a source knows by key: a UUIDv5, so that a re-installed agent makes the same
// ids and another source never does. It must not change: records would double.
func ID(namespace uuid.UUID, kind, key string) uuid.UUID {
	return uuid.NewSHA1(namespace, []byte(kind+"/"+key))
}

// itemID is that of an item with a key of its own in a record's list. The path
// is that of the list (receipt.lines); keys need to differ within one record.
func itemID(namespace uuid.UUID, path, parent, key string) uuid.UUID {
	return ID(namespace, path, parent+"/"+key)
}

// Reading differs where the same row may become another record: by another mapping, or another time zone.
func (x *Extractor) Reading() string { return x.kind.Fingerprint + " " + x.writer.zone.String() }
