package venue

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// chance gives the random numbers of one thing on one day: the same whatever
// else is made, so that a history does not change when days are added to it.
func chance(seed int64, what string, day time.Time) *rand.Rand {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(what + day.Format(time.DateOnly)))
	return rand.New(rand.NewPCG(uint64(seed), hash.Sum64()))
}

// traffic is how many receipts an outlet makes in each of its hours of a day.
func (o *outlet) traffic(seed int64, day time.Time) []int {
	weather := chance(seed, "weather", day) // the same for all outlets
	rng := chance(seed, "traffic"+strconv.Itoa(o.id), day)
	expected := o.perDay * o.week[day.Weekday()] * growth(day) *
		math.Exp(weather.NormFloat64()*0.07) * math.Exp(rng.NormFloat64()*0.05)
	weights := o.hours(day)
	sum := 0.0
	for _, weight := range weights {
		sum += weight
	}
	counts := make([]int, len(weights))
	for i, weight := range weights {
		counts[i] = poisson(rng, expected*weight/sum)
	}
	return counts
}

// growth is a few percent a quarter, with a wave through the year: less in
// summer, more before the New Year.
func growth(day time.Time) float64 {
	years := day.Sub(time.Date(2026, 1, 1, 0, 0, 0, 0, day.Location())).Hours() / 24 / 365
	season := 1 + 0.07*math.Cos(2*math.Pi*(float64(day.YearDay())-350)/365)
	return season * math.Pow(1.12, max(-5, min(5, years)))
}

// poisson draws a count with this mean (Knuth).
func poisson(rng *rand.Rand, mean float64) int {
	limit, product := math.Exp(-mean), 1.0
	for count := 0; ; count++ {
		if product *= rng.Float64(); product <= limit {
			return count
		}
	}
}

// moments are when the receipts of a day are closed, in order.
func (o *outlet) moments(seed int64, day time.Time) []time.Time {
	rng := chance(seed, "moments"+strconv.Itoa(o.id), day)
	var moments []time.Time
	for hour, count := range o.traffic(seed, day) {
		for range count {
			second := time.Duration(rng.IntN(3600)) * time.Second
			moments = append(moments, o.at(day, o.opens+hour).Add(second))
		}
	}
	slices.SortFunc(moments, time.Time.Compare)
	return moments
}

// at is an hour of a day.
func (o *outlet) at(day time.Time, hour int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, day.Location())
}

func midnight(at time.Time) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
}

// weighted draws an index in proportion to the weights.
func weighted(rng *rand.Rand, weights []float64) int {
	sum := 0.0
	for _, weight := range weights {
		sum += weight
	}
	at := rng.Float64() * sum
	for i, weight := range weights {
		if at -= weight; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

func numbers(text string) []float64 {
	var list []float64
	for _, field := range strings.Fields(text) {
		number, _ := strconv.ParseFloat(field, 64) // literals of this package
		list = append(list, number)
	}
	return list
}
