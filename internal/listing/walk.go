package listing

// Walk reads a whole list page by page, up to MaxExport rows. read reads the page
// after the cursor, and gives its rows' number and the next cursor, "" at the end.
func Walk(pageSize int, read func(cursor string, limit int) (count int, next string, err error)) error {
	cursor := ""
	for left := MaxExport; left > 0; {
		count, next, err := read(cursor, min(pageSize, left))
		if err != nil || next == "" {
			return err
		}
		cursor, left = next, left-count
	}
	return nil
}
