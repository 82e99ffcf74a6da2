package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/zonetime"
)

// Defaults of a kind. The overlap outlasts the hour that a local clock repeats
// when summer time ends.
const (
	defaultOverlap  = 75 * time.Minute
	defaultFullScan = 24 * time.Hour
)

// compiler turns a decoded file into a Mapping and collects what is wrong.
type compiler struct {
	file     string
	zone     string
	encoding string
	uuids    map[string]bool // kinds whose keys are ids already
	shared   map[string]bool // kinds whose records are those of the organization's other sources too
	errors   Errors
}

func (c *compiler) addError(at Name, message string, args ...any) {
	c.errors = append(c.errors, at.At(c.file, fmt.Sprintf(message, args...)))
}

func (c *compiler) compileMapping(spec fileSpec, node ast.Node) *Mapping {
	top := Name{at: node.GetToken().Position}
	if !spec.Source.Driver.Given() || !spec.Source.DSN.Given() {
		c.addError(top, "source.driver and source.dsn must be given")
	}
	c.loadLocation(spec.TimeZone)
	if len(spec.Kinds)+len(spec.Receive) == 0 {
		c.addError(top, "kinds must be given: there is nothing to synchronize")
	}
	m := &Mapping{Driver: spec.Source.Driver.Text, DSN: c.resolveDSN(spec.Source.Driver, spec.Source.DSN)}
	m.Kinds, m.Receive = c.compileKinds(spec.Kinds), c.compileReceives(spec.Receive)
	m.Encoding = c.findEncoding(spec.Source.Encoding)
	for i := range m.Kinds {
		m.Kinds[i].Encoding = m.Encoding
	}
	return m
}

// resolveDSN is one that the driver can open from anywhere.
func (c *compiler) resolveDSN(driver, dsn Name) string {
	if !driver.Given() {
		return ""
	}
	found, err := source.Find(driver.Text)
	if err != nil {
		c.addError(driver, "%v", err)
		return ""
	}
	return found.Resolve(expandVariables(dsn.Text), filepath.Dir(c.file))
}

// compileKinds come in the order of the record package, whatever the file's.
func (c *compiler) compileKinds(list entries) []Kind {
	specs := map[string]tableSpec{}
	c.uuids, c.shared = map[string]bool{}, map[string]bool{}
	for _, e := range list {
		spec, err := decodeTable(e.node)
		if err != nil {
			c.addDecodingError(err)
			continue
		}
		specs[e.name.Text] = spec
		c.uuids[e.name.Text], c.shared[e.name.Text] = spec.ID.Given(), spec.Shared.on
	}
	var kinds []Kind
	for _, e := range list {
		known, ok := record.Find(e.name.Text)
		if !ok {
			c.addError(e.name, "there is no kind %q; the kinds are %s", e.name.Text, strings.Join(record.Names(), ", "))
			continue
		}
		if spec, ok := specs[e.name.Text]; ok {
			kinds = append(kinds, c.compileKind(e, known, spec))
		}
	}
	order := record.Names()
	slices.SortStableFunc(kinds, func(a, b Kind) int {
		return slices.Index(order, a.Record.Name) - slices.Index(order, b.Record.Name)
	})
	return kinds
}

func (c *compiler) compileKind(e entry, known *record.Kind, spec tableSpec) Kind {
	for _, name := range append(spec.Parent, spec.Order, spec.Column) {
		if name.Given() {
			c.addError(name, "belongs in a list, not in a kind")
		}
	}
	if !spec.Key.Given() && !spec.ID.Given() {
		c.addError(e.name, "key (or id, if it holds UUIDs) must name the column that identifies a row")
	}
	kind := Kind{
		Table: c.compileTable(e.name, known.Name, known.Fields, spec), Record: known,
		ModifiedAt: spec.ModifiedAt, Deleted: spec.Deleted, SharedIDs: spec.Shared.on,
		Detect:      c.detectsDeletions(spec, known),
		Zone:        c.loadLocation(spec.TimeZone),
		Overlap:     c.parseDuration(spec.Overlap, defaultOverlap),
		FullScan:    c.parseDuration(spec.FullScan, defaultFullScan),
		Fingerprint: c.kindFingerprint(e.node),
	}
	if spec.Shared.on && known.Document {
		c.addError(spec.Shared.Name, "only a directory can be shared: each document is one source's")
	}
	if kind.Zone == nil && c.zone != "" {
		kind.Zone, _ = time.LoadLocation(c.zone)
	}
	return kind
}

// detectsDeletions is on for directories unless the file says otherwise, and off for
// documents: a POS that clears out old receipts does not mean to delete them. What is shared, another source
// may have still.
func (c *compiler) detectsDeletions(spec tableSpec, known *record.Kind) bool {
	switch spec.Deletes.Text {
	case "detect":
		return true
	case "never":
		return false
	case "":
		return !known.Document && !spec.Shared.on
	}
	c.addError(spec.Deletes, "deletes must be detect or never")
	return false
}

func (c *compiler) loadLocation(name Name) *time.Location {
	if !name.Given() {
		return nil
	}
	zone, err := zonetime.Load(name.Text)
	if err != nil {
		c.addError(name, "%q is no time zone of the IANA list, such as Europe/Moscow", name.Text)
		return nil
	}
	return zone
}

func (c *compiler) kindFingerprint(node ast.Node) string {
	text := c.zone + c.encoding + "\n" + node.String()
	for _, kind := range record.Names() {
		if c.shared[kind] {
			text += "\n" + kind // references to it are others than before
		}
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

func (c *compiler) addDecodingError(err error) {
	if list, ok := locateError(c.file, err).(Errors); ok { //nolint:errorlint // made here, not wrapped
		c.errors = append(c.errors, list...)
		return
	}
	c.addError(Name{}, "%v", err)
}
