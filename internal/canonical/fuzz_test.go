package canonical

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gowebpki/jcs"
)

// FuzzCanonical holds the parser against encoding/json, and the canonical form
// against another implementation of RFC 8785.
func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{
		`{"b":[1,2.50,{"c":null}],"a":"\u00e9\n"}`, `[1e30,-0,0.1e-6,"\ud83d\ude00"]`, `{"😀":1,"\ufb33":2,"z":3}`, `"\/\b\f"`,
		`{"a":1,"a":1}`, `[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]`, `{"":{},"1":[],"10":[[]],"A":true}`, ` "A\u030a" `,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		value, err := Parse(text)
		want, mustTake := otherCanonical(text)
		switch {
		case err == nil && !json.Valid(text):
			t.Fatalf("%q is accepted, but is no JSON", text)
		case err != nil && mustTake:
			t.Fatalf("%q is refused: %v", text, err)
		case err != nil:
			return
		}
		out, exact := Append(nil, value)
		again, err := Parse(out)
		if err != nil {
			t.Fatalf("the canonical form %q cannot be read: %v", out, err)
		}
		if twice, _ := Append(nil, again); !bytes.Equal(twice, out) {
			t.Fatalf("%q is not its own canonical form: %q", out, twice)
		}
		if exact && want != nil && !bytes.Equal(want, out) {
			t.Fatalf("%q: %q, but jcs has %q", text, out, want)
		}
	})
}

// otherCanonical is the canonical form that the other implementation makes, nil
// where it makes none. mustTake: so must this one. What is refused here on purpose,
// and not there, is a NUL character and depth.
func otherCanonical(text []byte) (canonical []byte, mustTake bool) {
	if !json.Valid(text) || !utf8.Valid(text) {
		return nil, false
	}
	listed, err := jcs.Transform([]byte("[" + string(text) + "]")) // it takes no bare string or number
	if err != nil {
		return nil, false
	}
	nested := bytes.Count(text, []byte("[")) + bytes.Count(text, []byte("{"))
	return listed[1 : len(listed)-1], nested <= maxDepth && !bytes.Contains(text, []byte(`\u0000`))
}

// FuzzNumber holds the reading of numbers against math/big: the canonical form
// denotes the number that was sent, or says that it does not; money is exact.
func FuzzNumber(f *testing.F) {
	for _, seed := range []string{
		"0", "-0", "-0.0", "12.50", "1e2", "1E+2", "99999999999.9999", "0.000001", "0.0000001", "5e-324", "1.7976931348623157e308", "1e400",
		"9007199254740993", "295147905179352830000", "-15.2500e-3", "333333333.33333329", "0.1e1000000000", "1e-1001", "123456789012345e-4",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, literal string) {
		value, err := Parse([]byte(literal))
		if err != nil || value.kind != Number || strings.TrimSpace(literal) != literal {
			return
		}
		sent, ok := exactly(literal)
		if !ok {
			return
		}
		out, exact := appendNumber(nil, []byte(literal))
		stored, ok := exactly(string(out))
		if !ok || exact != (stored.Cmp(sent) == 0) {
			t.Fatalf("%s becomes %s, exact: %v", literal, out, exact)
		}
		holdFixed(t, literal, sent)
	})
}

// exactly is the number without a float. An exponent that would fill the memory
// is not tried.
func exactly(literal string) (*big.Rat, bool) {
	if _, exponent, found := strings.Cut(strings.ToLower(literal), "e"); found && len(strings.TrimLeft(exponent, "+-0")) > 3 {
		return nil, false
	}
	return new(big.Rat).SetString(literal)
}

// holdFixed reads the literal as money.
func holdFixed(t *testing.T, literal string, sent *big.Rat) {
	t.Helper()
	const digits, most = 4, 1e15
	unit := big.NewRat(1, 1e4)
	value, code := Fixed([]byte(literal), digits, most)
	whole := new(big.Rat).Quo(sent, unit)
	beyond := new(big.Rat).Abs(whole).Cmp(new(big.Rat).SetInt64(most)) >= 0
	switch code {
	case "":
		if !whole.IsInt() || whole.Num().Cmp(big.NewInt(value)) != 0 || beyond && value > -most {
			t.Fatalf("%s is taken for %d ten-thousandths", literal, value)
		}
	case "too_precise":
		if whole.IsInt() {
			t.Fatalf("%s is said to be too precise", literal)
		}
	case "too_large":
		if !beyond {
			t.Fatalf("%s is said to be too large", literal)
		}
	default:
		t.Fatalf("%s: unknown code %q", literal, code)
	}
}

// FuzzDouble holds the writing of doubles against the other implementation.
func FuzzDouble(f *testing.F) {
	for _, seed := range []uint64{0, 1, 0x8000000000000000, 0x7fefffffffffffff, 0x44b52d02c7e14af6, 0x444b1ae4d6e2ef50, 0x3eb0c6f7a0b5ed8c, 0x43143ff3c1cb0959} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, bits uint64) {
		double := math.Float64frombits(bits)
		want, err := jcs.NumberToJSON(double)
		if err != nil {
			return // NaN and the infinities are no JSON
		}
		if got := string(appendDouble(nil, double)); got != want {
			t.Fatalf("%x: %s, but jcs has %s", bits, got, want)
		}
	})
}
