package record

// Rules is the number of the rules that records are checked by: kinds, fields and
// checks, of this package and of the envelope around a record. It is raised by one
// with every change that takes what was refused before, or refuses it for another
// reason: what is kept as rejected is then tried again, and agents send again what
// was rejected.
const Rules = 2
