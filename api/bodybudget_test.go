package api

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
)

func budgeted(budget *bodyBudget, sender string, content io.Reader) *budgetedBody {
	return &budgetedBody{
		ReadCloser: io.NopCloser(content), budget: budget, sender: sender, began: time.Now(),
		control: http.NewResponseController(httptest.NewRecorder()),
	}
}

func TestABodyTakesOfTheBudgetWhatHasCome(t *testing.T) {
	budget := newBodyBudget(300<<10, 200<<10)
	one := budgeted(budget, "one", bytes.NewReader(make([]byte, 150<<10)))
	_, err := io.ReadAll(one)
	require.NoError(t, err)
	require.EqualValues(t, 150<<10, budget.taken)

	_, err = io.ReadAll(budgeted(budget, "one", bytes.NewReader(make([]byte, 51<<10))))
	require.True(t, fault.Is(err, fault.TooManyAtOnce), "its own part is used up: %v", err)
	require.Less(t, budget.taken, int64(200<<10)+1)

	two := newBodyBudget(300<<10, 200<<10)
	for _, sender := range []string{"one", "two"} {
		if _, err = io.ReadAll(budgeted(two, sender, bytes.NewReader(make([]byte, 160<<10)))); err != nil {
			break
		}
	}
	require.True(t, fault.Is(err, fault.Busy), "everybody's is: %v", err)

	budget.giveBack("one", budget.of["one"])
	require.Zero(t, budget.taken)
	require.Empty(t, budget.of)
}

func TestABodyMayComeAsSlowlyAsItsRate(t *testing.T) {
	body := budgeted(newBodyBudget(1<<40, 1<<40), "one", nil)
	require.Equal(t, bodyTime, body.deadline().Sub(body.began))
	body.held = 10 * bodyRate
	require.Equal(t, bodyTime+10*time.Second, body.deadline().Sub(body.began))
	body.held = 64 << 20
	require.Equal(t, bodyTimeInAll, body.deadline().Sub(body.began))
}
