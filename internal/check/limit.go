// Package check holds the fields of requests against their rules. Each limit is
// declared here once: openapi.yaml and the SPA's forms are made of the same table.
package check

// Limit bounds a field of a request. What is zero bounds nothing.
type Limit struct {
	MinLength int      `json:"minLength,omitempty"` // characters
	MaxLength int      `json:"maxLength,omitempty"` // characters; of an e-mail address, bytes
	Minimum   *int     `json:"minimum,omitempty"`
	Maximum   *int     `json:"maximum,omitempty"`
	Words     []string `json:"enum,omitempty"` // the only values
}

// Limits are those of the fields of requests' bodies, by their names on the wire: a
// name means the same in each of them.
var Limits = map[string]Limit{
	// A person
	"email":     upTo(254), // RFC 5321, as corrected by erratum 1690
	"password":  {MinLength: 8, MaxLength: 128},
	"full_name": {MinLength: 1, MaxLength: 200},
	"phone":     upTo(40),
	"locale":    {Words: []string{"ru", "en"}},

	// An organization
	"name":                     {MinLength: 1, MaxLength: 200},
	"currency":                 {MinLength: 3, MaxLength: 3}, // ISO 4217
	"default_delivery_minutes": withinRange(1, 24*60),
	"legal_name":               upTo(200),
	"tax_number":               upTo(30),
	"address":                  upTo(500),

	// A renewal
	"months": withinRange(1, 12),

	// A device
	"device_name":   upTo(200),
	"agent":         upTo(100),
	"agent_version": upTo(100),
	"local_time":    upTo(40),
	"cursor":        upTo(100),
	"evidence":      upTo(20_000),
}

func upTo(characters int) Limit { return Limit{MaxLength: characters} }

func withinRange(least, greatest int) Limit { return Limit{Minimum: &least, Maximum: &greatest} }
