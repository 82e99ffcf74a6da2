package canonical

import (
	"math"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func canonical(t *testing.T, text string) string {
	t.Helper()
	value, err := Parse([]byte(text))
	require.NoError(t, err)
	out, _ := Append(nil, value)
	return string(out)
}

// The example of RFC 8785, section 3.2.2.
func TestCanonicalFormOfTheRFCsExample(t *testing.T) {
	const sample = `{
  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}`
	const want = `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`
	require.Equal(t, want, canonical(t, sample))
}

// The example of RFC 8785, section 3.2.3: names are ordered by UTF-16 code units.
func TestCanonicalOrderOfNames(t *testing.T) {
	const sample = `{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`
	const want = `{"\r":"Carriage Return","1":"One","` + "\u0080" + `":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","` + "\ufb33" + `":"Hebrew Letter Dalet With Dagesh"}`
	require.Equal(t, want, canonical(t, sample))
}

// The published test data beside RFC 8785, by the names of its files.
func TestCanonicalFormOfThePublishedSamples(t *testing.T) {
	for name, sample := range map[string]struct{ sent, want string }{
		"arrays":     {`[ 56, { "d": true, "10": null, "1": [ ] } ]`, `[56,{"1":[],"10":null,"d":true}]`},
		"structures": {`{"1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { }, "111": [ {"e": "yes","E": "no" } ], "A": { }}`, `{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}`},
		"french":     {`{"sin": "ignore locale", "pêche": "but canonicalization MUST", "péché": "is wrong according to French", "peach": "This sorting order"}`, `{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ignore locale"}`},
		"unicode":    {`{"Unnormalized Unicode":"A\u030a"}`, "{\"Unnormalized Unicode\":\"A\u030a\"}"},
		"weird":      {`{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\u000a": "Newline", "1": "One", "\u0080": "Control\u007f", "\ud83d\ude02": "Smiley", "\u00f6": "Latin Small Letter O With Diaeresis", "\ufb33": "Hebrew Letter Dalet With Dagesh", "</script>": "Browser Challenge"}`, `{"\n":"Newline","\r":"Carriage Return","1":"One","</script>":"Browser Challenge","` + "\u0080\":\"Control\u007f" + `","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😂":"Smiley","` + "\ufb33" + `":"Hebrew Letter Dalet With Dagesh"}`},
		"string":     {`    "this is a test string 1235"`, `"this is a test string 1235"`},
		"null":       {` null `, `null`},
	} {
		require.Equal(t, sample.want, canonical(t, sample.sent), name)
	}
}

// The table of RFC 8785, appendix B.
func TestCanonicalNumbersOfTheRFC(t *testing.T) {
	for bits, want := range map[uint64]string{
		0x0000000000000000: "0", 0x8000000000000000: "0",
		0x0000000000000001: "5e-324", 0x8000000000000001: "-5e-324",
		0x7fefffffffffffff: "1.7976931348623157e+308", 0xffefffffffffffff: "-1.7976931348623157e+308",
		0x4340000000000000: "9007199254740992", 0xc340000000000000: "-9007199254740992",
		0x4430000000000000: "295147905179352830000",
		0x44b52d02c7e14af5: "9.999999999999997e+22", 0x44b52d02c7e14af6: "1e+23", 0x44b52d02c7e14af7: "1.0000000000000001e+23",
		0x444b1ae4d6e2ef4e: "999999999999999700000", 0x444b1ae4d6e2ef4f: "999999999999999900000", 0x444b1ae4d6e2ef50: "1e+21",
		0x3eb0c6f7a0b5ed8c: "9.999999999999997e-7", 0x3eb0c6f7a0b5ed8d: "0.000001",
		0x41b3de4355555553: "333333333.3333332", 0x41b3de4355555554: "333333333.33333325",
		0x41b3de4355555555: "333333333.3333333", 0x41b3de4355555556: "333333333.3333334", 0x41b3de4355555557: "333333333.33333343",
		0xbecbf647612f3696: "-0.0000033333333333333333", 0x43143ff3c1cb0959: "1424953923781206.2",
	} {
		require.Equal(t, want, string(appendDouble(nil, math.Float64frombits(bits))))
	}
}

func TestPlainDecimalsKeepTheirValueAndLoseTheirZeros(t *testing.T) {
	for literal, want := range map[string]string{
		"0": "0", "-0": "0", "-0.0": "0", "12.50": "12.5", "100": "100", "1.000000": "1", "0.000001": "0.000001",
		"99999999999.9999": "99999999999.9999", "0.10": "0.1", "1e2": "100", "-15.2500": "-15.25", "0.0000001": "1e-7",
	} {
		got, exact := appendNumber(nil, []byte(literal))
		require.Equal(t, want, string(got), literal)
		require.True(t, exact, literal)
	}
}

func TestNumbersThatADoubleCannotHoldAreNoticed(t *testing.T) {
	for _, literal := range []string{"12345678901234567890", "0.12345678901234567891", "1e400", "333333333.33333329", "1e-400"} {
		_, exact := appendNumber(nil, []byte(literal))
		require.False(t, exact, literal)
	}
}

func TestFlawsAndSyntaxAreTold(t *testing.T) {
	for _, text := range []string{
		``, `{`, `{"a":1,}`, `[1,]`, `01`, `1.`, `.5`, `+1`, `nul`, `"\x"`, `"\ud800"`, `"\ud800\u0041"`, "\"\x01\"",
		"\"\xff\"", `{"a":1,"a":2}`, `"\u0000"`, `{} {}`, `"a`, `{"a"}`, `1e`, `NaN`,
	} {
		_, err := Parse([]byte(text))
		require.ErrorIs(t, err, ErrSyntax, "%q", text)
	}
}

func TestHashCoversIDDeletionAndData(t *testing.T) {
	id := uuid.MustParse("5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40")
	one := Hash(id, false, []byte(`{"name":"kg"}`))
	require.Equal(t, one, Hash(id, false, []byte(canonical(t, ` { "name" : "\u006bg" } `))))
	require.NotEqual(t, one, Hash(id, true, []byte(`{"name":"kg"}`)))
	require.NotEqual(t, one, Hash(uuid.New(), false, []byte(`{"name":"kg"}`)))
	require.NotEqual(t, one, Hash(id, false, []byte(`{"name":"l"}`)))
}

func TestPlainDecimalsAgreeWithDoubles(t *testing.T) {
	for whole := range 200 {
		for fraction := range 100 {
			literal := strconv.Itoa(whole*7919) + "." + strconv.Itoa(fraction)
			double, err := strconv.ParseFloat(literal, 64)
			require.NoError(t, err)
			got, _ := appendNumber(nil, []byte(literal))
			require.Equal(t, string(appendDouble(nil, double)), string(got))
		}
	}
}
