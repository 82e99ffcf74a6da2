package extract

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNumbersAreWrittenDigitByDigit(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "-0.0": "0", "0.0": "0", "00": "0", "007": "7", "-007.50": "-7.5", "12": "12", "-12": "-12", "10": "10",
		"1.5": "1.5", "1.50": "1.5", "-0.5": "-0.5", "0.05": "0.05", ".5": "0.5", "5.": "5", "+2": "2", " 7 ": "7", "1e3": "1e3", "-1.50E-2": "-1.5E-2",
		"123456789012345678901234567890.123456789": "123456789012345678901234567890.123456789",
	} {
		literal, ok := numberLiteral(text)
		require.True(t, ok, text)
		require.Equal(t, want, literal, text)
	}
	for _, text := range []string{"", "-", ".", "-.", "1.2.3", "1,5", "--1", "1-", "٣", "0x10", "NaN", "1 2"} {
		_, ok := numberLiteral(text)
		require.False(t, ok, text)
	}
}
