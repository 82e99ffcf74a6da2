package record

import (
	"slices"
	"strings"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/fault"
)

// Remark says where a record does not add up, or lacks what it should have. The record
// is accepted and counted all the same: a remark is made of it, and no part of it.
type Remark struct {
	Code     string `json:"code" enums:"line_total_mismatch,total_mismatch,payments_mismatch,quantity_rounded,name_missing,number_missing,unknown_word" example:"payments_mismatch"` // What does not add up
	Path     string `json:"path" example:"payments"`                                                                                                                                 // The field, such as lines[2].total; items count from 0
	Expected string `json:"expected" example:"103.5"`                                                                                                                                // What it should be: an exact decimal, or the words that are known
	Given    string `json:"given" example:"100"`                                                                                                                                     // What was sent; empty: nothing
}

// The codes of remarks.
const (
	LineTotalMismatch = "line_total_mismatch" // a line's total is not quantity × price + modifiers − discount (+ tax on top)
	TotalMismatch     = "total_mismatch"      // the total is not what the document's parts add up to
	PaymentsMismatch  = "payments_mismatch"   // the payments do not add up to the total
	QuantityRounded   = "quantity_rounded"    // a quantity of more than 6 digits, rounded for figures
	NameMissing       = "name_missing"
	NumberMissing     = "number_missing"
	UnknownWord       = "unknown_word" // a word that is none of the field's choices: a newer local system may know more
)

// RemarkCodes are the codes of all remarks.
func RemarkCodes() []string {
	return []string{LineTotalMismatch, TotalMismatch, PaymentsMismatch, QuantityRounded, NameMissing, NumberMissing, UnknownWord}
}

// maxRemarks is how many remarks a record bears; those of its lists are left out first.
const maxRemarks = 20

// Examine holds a record's data against its kind, once for both: the faults for which it
// is refused, at most 20, and what is remarked of a record that has none.
// minorDigits are the fraction digits of the organization's currency (ISO 4217).
func (k *Kind) Examine(data canonical.Value, minorDigits int) ([]fault.Field, []Remark) {
	var e examination
	if !data.IsObject() {
		return []fault.Field{{Field: "data", Code: "invalid", Message: "must be an object"}}, nil
	}
	e.checkFields(nil, data, k.rules)
	if len(e.faults) == 0 && k.consistency != nil {
		k.consistency(data, e.addFault)
	}
	if len(e.faults) > 0 {
		return e.faults, nil
	}
	if k.arithmetic != nil {
		k.arithmetic(data, minorDigits, &e)
	}
	return nil, e.sortedRemarks()
}

// Check is what is wrong with a record so that it is refused; nil means that it is taken.
func (k *Kind) Check(data canonical.Value) []fault.Field {
	faults, _ := k.Examine(data, 0)
	return faults
}

// Remarks is what does not add up in a record that is taken, as Examine has it.
func (k *Kind) Remarks(data canonical.Value, minorDigits int) []Remark {
	_, remarks := k.Examine(data, minorDigits)
	return remarks
}

// examination collects what is found in one record.
type examination struct {
	faults  []fault.Field
	remarks []Remark
}

func (e *examination) addFault(path, code, message string) {
	if len(e.faults) < maxFaults {
		e.faults = append(e.faults, fault.Field{Field: path, Code: code, Message: message})
	}
}

func (e *examination) addRemark(code, path, expected, given string) {
	if len(e.remarks) < maxRemarks || !isInList(path) {
		e.remarks = append(e.remarks, Remark{code, path, expected, given})
	}
}

func isInList(path string) bool { return strings.ContainsRune(path, '[') }

// sortedRemarks are those of the record itself, and then those of its lists.
func (e *examination) sortedRemarks() []Remark {
	slices.SortStableFunc(e.remarks, func(a, b Remark) int {
		switch inA, inB := isInList(a.Path), isInList(b.Path); {
		case inA == inB:
			return 0
		case inA:
			return 1
		}
		return -1
	})
	return e.remarks[:min(len(e.remarks), maxRemarks)]
}
