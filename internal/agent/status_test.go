//go:build linux

package agent_test

import (
	"bytes"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent"
)

// status is what `agent status` prints.
func (v *outlet) status() string {
	v.Helper()
	config, err := agent.LoadConfig(v.config)
	require.NoError(v, err)
	var out bytes.Buffer
	require.NoError(v, agent.Report(ctx, &out, config, 10))
	return out.String()
}
