package record

import "iter"

// Elements yields the elements of an array; of any other value, nothing.
func (v Value) Elements() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		for _, item := range v.items() {
			if !yield(item.value) {
				return
			}
		}
	}
}

// Fields yields the names and values of an object; of any other value, nothing.
func (v Value) Fields() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.kind != isObject {
			return
		}
		for _, member := range v.members {
			if !yield(string(member.name), member.value) {
				return
			}
		}
	}
}
