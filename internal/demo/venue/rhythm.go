package venue

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/interpos/cabinet/internal/zonetime"
)

// seededRandom gives the random numbers of one thing on one day: the same whatever
// else is made, so that a history does not change when days are added to it.
func seededRandom(seed int64, what string, day time.Time) *rand.Rand {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(what + day.Format(time.DateOnly)))
	return rand.New(rand.NewPCG(uint64(seed), hash.Sum64()))
}

// guestsPerHour is how many receipts an outlet makes in each of its hours of a day.
func (o *outlet) guestsPerHour(seed int64, day time.Time) []int {
	weather := seededRandom(seed, "weather", day) // the same for all outlets
	rng := seededRandom(seed, "traffic"+strconv.Itoa(o.id), day)
	expected := o.perDay * o.week[day.Weekday()] * growthFactor(day) *
		math.Exp(weather.NormFloat64()*0.07) * math.Exp(rng.NormFloat64()*0.05)
	weights := o.hourlyTraffic(day)
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

// growthFactor is a few percent a quarter, with a wave through the year: less in
// summer, more before the New Year.
func growthFactor(day time.Time) float64 {
	years := day.Sub(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).Hours() / 24 / 365
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

// saleMoments are when the receipts of a day are closed, in order.
func (o *outlet) saleMoments(seed int64, day time.Time) []time.Time {
	rng := seededRandom(seed, "moments"+strconv.Itoa(o.id), day)
	var moments []time.Time
	for hour, count := range o.guestsPerHour(seed, day) {
		for range count {
			second := time.Duration(rng.IntN(3600)) * time.Second
			moments = append(moments, o.atHour(day, o.opens+hour).Add(second))
		}
	}
	slices.SortFunc(moments, time.Time.Compare)
	return moments
}

// atHour is an hour of a day.
func (o *outlet) atHour(day time.Time, hour int) time.Time {
	return zonetime.At(time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, time.UTC), day.Location())
}

func startOfDay(at time.Time) time.Time {
	return zonetime.StartOf(at, at.Location())
}

// weightedChoice draws an index in proportion to the weights.
func weightedChoice(rng *rand.Rand, weights []float64) int {
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

func parseNumbers(text string) []float64 {
	var list []float64
	for _, field := range strings.Fields(text) {
		number, _ := strconv.ParseFloat(field, 64) // literals of this package
		list = append(list, number)
	}
	return list
}
