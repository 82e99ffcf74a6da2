package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/push"
)

// metrics are what the API counts for the host. No label names a tenant, and none is
// chosen by a client.
type metrics struct {
	answers, streams                       *prometheus.HistogramVec
	refusals, changes, rejections, remarks *prometheus.CounterVec
}

func newMetrics(registry *prometheus.Registry) metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		vec := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
		registry.MustRegister(vec)
		return vec
	}
	histogram := func(name, help string, buckets ...float64) *prometheus.HistogramVec {
		vec := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, []string{"method", "route", "status"})
		registry.MustRegister(vec)
		return vec
	}
	m := metrics{
		answers: histogram("http_request_duration_seconds", "Time to answer a request, without pulls, streams and files.",
			.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30),
		streams: histogram("http_stream_duration_seconds", "Time from the request to the end of a pull, a stream or a file.",
			.01, .1, 1, 5, 10, 31, 60, 300),
		refusals:   counter("http_refusals_total", "Requests that were answered 429 or 503, by the code of their problem.", "route", "status", "code"),
		changes:    counter("push_changes_total", "Changes that were pushed, by what became of them.", "status"),
		rejections: counter("push_rejections_total", "Changes that were rejected as they came, by the reason.", "code"),
		remarks:    counter("push_remarks_total", "Remarks on records that were taken, as they came.", "code"),
	}
	for _, status := range push.Statuses {
		m.changes.WithLabelValues(string(status))
	}
	return m
}

// streamKey stands in the context of a request whose answer takes as long as its reader,
// or the next change, lets it.
const streamKey = "streams"

// markStream keeps a request out of the latencies: it is slow on purpose.
func markStream(c echo.Context) { c.Set(streamKey, true) }

// measureRequests counts requests and times them, by route and status.
func (s *Server) measureRequests(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start, status := time.Now(), "aborted"
		defer func() { s.metrics.observe(c, status, time.Since(start)) }() // also where the connection is broken off on purpose
		if err := next(c); err != nil {
			c.Error(err)
		}
		status = statusClass(c.Response().Status)
		return nil
	}
}

func (m metrics) observe(c echo.Context, status string, took time.Duration) {
	times := m.answers
	if c.Get(streamKey) != nil {
		times = m.streams
	}
	times.WithLabelValues(method(c.Request().Method), routeOf(c), status).Observe(took.Seconds())
	switch answered := c.Response().Status; answered {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		code, _ := c.Get(problemKey).(fault.Code)
		m.refusals.WithLabelValues(routeOf(c), strconv.Itoa(answered), string(code)).Inc()
	}
}

// countPush counts what became of the changes of a push.
func (m metrics) countPush(results []push.Result) {
	for i := range results {
		result := &results[i]
		m.changes.WithLabelValues(string(result.Status)).Inc()
		if result.Status == push.Rejected {
			m.rejections.WithLabelValues(result.Code).Inc()
		}
		for _, remark := range result.Remarks {
			m.remarks.WithLabelValues(remark.Code).Inc()
		}
	}
}

// method bounds the label: a client may send any word as a method.
func method(name string) string {
	switch name {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions:
		return name
	}
	return "other"
}

func statusClass(status int) string {
	return []string{"0xx", "1xx", "2xx", "3xx", "4xx", "5xx"}[min(status/100, 5)]
}
