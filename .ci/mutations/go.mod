module github.com/interpos/cabinet/.ci/mutations

go 1.26.0
