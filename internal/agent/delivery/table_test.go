package delivery

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"github.com/interpos/cabinet/internal/agent/source"
)

func TestTextsAreWrittenInTheEncodingOfTheSource(t *testing.T) {
	row := func() source.Put {
		return source.Put{Values: []source.Value{
			{Type: source.Text, Text: "Чай ☕"}, {Type: source.Number, Text: "5"}, {Type: source.Text, Text: `{"name":"Чай 🍕"}`}, {},
		}}
	}
	utf8 := row()
	encodeTexts(&utf8, nil)
	require.Equal(t, row(), utf8)
	encoded := row()
	encodeTexts(&encoded, charmap.Windows1251)
	require.Equal(t, []source.Value{
		{Type: source.Text, Text: "\xd7\xe0\xe9 \x1a"}, {Type: source.Number, Text: "5"}, {Type: source.Text, Text: `{"name":"\u0427\u0430\u0439 \ud83c\udf55"}`}, {},
	}, encoded.Values)
}
