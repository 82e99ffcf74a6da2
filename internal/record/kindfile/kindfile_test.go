package kindfile_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/record/kindfile"
)

const root = "../../../"

func TestWhatIsMadeOfKindsIsFresh(t *testing.T) {
	model, err := os.ReadFile(root + "frontend/src/model/kinds.ts")
	require.NoError(t, err)
	require.Equal(t, string(kindfile.TypeScript(record.ForPeople())), string(model), "run make generate")
	protocol, err := os.ReadFile(root + "docs/protocol.md")
	require.NoError(t, err)
	fresh, err := kindfile.InProtocol(protocol, record.ForPeople())
	require.NoError(t, err)
	require.Equal(t, string(fresh), string(protocol), "run make generate")
}

func TestAProtocolWithoutMarksIsRefused(t *testing.T) {
	_, err := kindfile.InProtocol([]byte("no marks"), record.ForPeople())
	require.Error(t, err)
}

func TestADeclaredKindAppearsEverywhere(t *testing.T) {
	withdraw := record.Declare(record.Kind{Name: "allergen", Fields: []record.Field{
		{Name: "name", Type: record.Text, Required: true, Role: record.AsTitle},
		{Name: "outlet_id", Type: record.Reference, Kind: "outlet"},
		{Name: "traces", Type: record.List, Fields: []record.Field{{Name: "share", Type: record.Percent, Required: true}}},
	}})
	t.Cleanup(withdraw)
	model := string(kindfile.TypeScript(record.ForPeople()))
	require.Contains(t, model, `  allergen: {
    document: false,
    fields: [
      { name: 'name', type: 'text', required: true, list: 'title' },
      { name: 'outlet_id', type: 'reference', kind: 'outlet' },
      { name: 'traces', type: 'list', fields: [
        { name: 'share', type: 'percent', required: true },
      ] },
    ],
  },
`)
	require.Less(t, strings.Index(model, "| 'waste_reason'"), strings.Index(model, "| 'allergen'"), "a kind without a place stands last")
	protocol, err := os.ReadFile(root + "docs/protocol.md")
	require.NoError(t, err)
	protocol, err = kindfile.InProtocol(protocol, record.ForPeople())
	require.NoError(t, err)
	require.Contains(t, string(protocol), "| `allergen` | name\\*, outlet_id (→ outlet), traces[{share\\* (percent)}] |")
}
