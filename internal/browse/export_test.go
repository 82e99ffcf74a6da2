package browse

// LimitExport lowers the bound of exported lists, so that a test need not make a million rows.
func (r *Records) LimitExport(most int) { r.maxExport = most }
