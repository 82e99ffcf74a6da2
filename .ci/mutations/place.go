package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// tree is the repository, and the files that are changed in it.
type tree struct {
	root    string
	changed map[string]string
}

func (t tree) readFile(path string) (string, error) {
	if text, ok := t.changed[path]; ok {
		return text, nil
	}
	text, err := os.ReadFile(filepath.Join(t.root, path))
	return string(text), err
}

// sourceFiles are those of a folder whose names match, by their paths from the root.
func (t tree) sourceFiles(folder, pattern string) (paths []string, err error) {
	found, err := filepath.Glob(filepath.Join(t.root, folder, pattern))
	for _, path := range found {
		if !strings.HasSuffix(path, "_test.go") {
			paths = append(paths, filepath.Join(folder, filepath.Base(path)))
		}
	}
	return paths, err
}

// section is a part of a file.
type section struct {
	path     string
	from, to int
}

// place names what is to be changed.
type place interface {
	find(t tree) (section, error)
	fmt.Stringer
}

// symbol is a function, a method (Type.Method), a type, a constant or a variable of the
// package in a folder.
type symbol struct {
	folder, name string
}

func (s symbol) String() string { return s.folder + "." + s.name }

func (s symbol) find(t tree) (section, error) {
	paths, err := t.sourceFiles(s.folder, "*.go")
	if err != nil {
		return section{}, err
	}
	for _, path := range paths {
		text, err := t.readFile(path)
		if err != nil {
			return section{}, err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, text, parser.SkipObjectResolution)
		if err != nil {
			return section{}, err
		}
		for _, node := range declaredNodes(file) {
			if nameOf(node) == s.name {
				return section{path, set.Position(node.Pos()).Offset, set.Position(node.End()).Offset}, nil
			}
		}
	}
	return section{}, fmt.Errorf("there is no such symbol")
}

// declaredNodes are all that a file declares: a declaration by itself, or what stands in a group.
func declaredNodes(file *ast.File) (nodes []ast.Node) {
	for _, declaration := range file.Decls {
		group, ok := declaration.(*ast.GenDecl)
		switch {
		case !ok:
			nodes = append(nodes, declaration)
		case group.Tok != token.IMPORT:
			for _, spec := range group.Specs {
				nodes = append(nodes, spec)
			}
		}
	}
	return nodes
}

func nameOf(node ast.Node) string {
	switch n := node.(type) {
	case *ast.FuncDecl:
		if n.Recv == nil {
			return n.Name.Name
		}
		return receiverName(n.Recv.List[0].Type) + "." + n.Name.Name
	case *ast.TypeSpec:
		return n.Name.Name
	case *ast.ValueSpec:
		return n.Names[0].Name
	}
	return ""
}

func receiverName(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.StarExpr:
		return receiverName(e.X)
	case *ast.IndexExpr:
		return receiverName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// statement is one of SQL's in the files of a folder, named by how it begins.
type statement struct {
	folder, beginning string
}

func (s statement) String() string { return s.folder + ": " + s.beginning }

func (s statement) find(t tree) (found section, err error) {
	paths, err := t.sourceFiles(s.folder, "*.sql")
	if err != nil {
		return found, err
	}
	whole := regexp.MustCompile(`(?ms)^` + wordPattern(s.beginning) + `\b.*?;$`)
	count := 0
	for _, path := range paths {
		text, err := t.readFile(path)
		if err != nil {
			return found, err
		}
		for _, at := range whole.FindAllStringIndex(text, -1) {
			count, found = count+1, section{path, at[0], at[1]}
		}
	}
	if count != 1 {
		return found, fmt.Errorf("%d such statements instead of one", count)
	}
	return found, nil
}
