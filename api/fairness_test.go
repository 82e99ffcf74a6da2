package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/organization"
)

const (
	fairRounds    = 5                      // of quiet and of noise, by turns
	fairPushes    = 50                     // of the small organization, in one round
	fairInterval  = 25 * time.Millisecond  // between them
	noisyClients  = 4                      // of the organization at full speed
	noisyLead     = 100 * time.Millisecond // for the noise to begin
	noisyBodies   = 200                    // more than a series can take
	smallReceipts = 100
)

// BenchmarkFairness measures the 99th percentile of one organization's pushes,
// alone and while another pushes at full speed.
func BenchmarkFairness(b *testing.B) {
	noisy := newPushBench(b)
	small := &smallVenue{pushBench: noisy, key: noisy.anotherKey()}
	for b.Loop() {
		var alone, beside []time.Duration
		for round := range fairRounds {
			quiet := small.series()
			stop := noisy.makeNoise()
			loaded := small.series()
			stop()
			if round > 0 { // the first one warms up
				alone, beside = append(alone, quiet...), append(beside, loaded...)
			}
		}
		quiet, loaded := percentile(alone, 99), percentile(beside, 99)
		b.ReportMetric(quiet.Seconds()*1000, "ms-p99-alone")
		b.ReportMetric(loaded.Seconds()*1000, "ms-p99-beside")
		b.ReportMetric(float64(loaded)/float64(quiet), "×-of-alone")
	}
}

// smallVenue pushes a little now and then.
type smallVenue struct {
	*pushBench
	key string
}

// anotherKey is the sync key of one more organization.
func (p *pushBench) anotherKey() string {
	ctx, owner, minutes := context.Background(), uuid.New(), 60
	_, err := p.conn.Exec(ctx, `INSERT INTO users (id, email, password_hash, full_name) VALUES ($1, 'small@example.com', '', 'Owner')`, owner)
	require.NoError(p, err)
	created, err := p.app.API().Organizations.Create(ctx, owner, organization.Fields{
		Name: "Small venue", TimeZone: "Europe/Moscow", Currency: "RUB", DefaultDeliveryMinutes: &minutes,
	})
	require.NoError(p, err)
	return created.SyncKey.Key
}

func (v *smallVenue) body() []byte {
	changes := make([]object, smallReceipts)
	for i := range changes {
		changes[i] = object{"kind": "receipt", "id": uuid.New(), "modified_at": "2026-05-25T20:03:14.123+03:00", "data": v.receipt()}
	}
	body, err := json.Marshal(object{"device_id": v.device, "changes": changes})
	require.NoError(v, err)
	return body
}

func (v *smallVenue) push(body []byte) {
	request, err := http.NewRequest(http.MethodPost, v.app.URL()+"/api/v1/sync/push", bytes.NewReader(body))
	require.NoError(v, err)
	request.Header.Set("Authorization", "Bearer "+v.key)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(v, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(v, err)
	require.Equal(v, smallReceipts, bytes.Count(answer, []byte(`"applied"`)), "%d: %.300s", response.StatusCode, answer)
}

// series times pushes one after another, with pauses between.
func (v *smallVenue) series() (durations []time.Duration) {
	bodies := make([][]byte, fairPushes)
	for i := range bodies {
		bodies[i] = v.body()
	}
	for _, body := range bodies {
		began := time.Now()
		v.push(body)
		durations = append(durations, time.Since(began))
		time.Sleep(fairInterval)
	}
	return durations
}

// makeNoise pushes at full speed until stop, with bodies made before.
func (p *pushBench) makeNoise() (stop func()) {
	done := make(chan struct{})
	var clients sync.WaitGroup
	bodies := make(chan []byte, noisyBodies)
	for range noisyBodies {
		body, _ := p.batch()
		bodies <- body
	}
	for range noisyClients {
		clients.Go(func() {
			for {
				select {
				case <-done:
					return
				case body := <-bodies:
					p.push(body)
				}
			}
		})
	}
	time.Sleep(noisyLead)
	return func() {
		if len(bodies) == 0 {
			p.Fatal("the noise ended before the series")
		}
		close(done)
		clients.Wait()
	}
}

func percentile(durations []time.Duration, n int) time.Duration {
	slices.Sort(durations)
	return durations[(len(durations)*n-1)/100]
}
