package api

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"path"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	cabinet "github.com/interpos/cabinet"
)

//go:embed docs/page.html
var docPageText string

//go:embed docs/page.css
var docPageStyle []byte

var docPage = template.Must(template.New("page").Parse(docPageText))

// docPages are the documents that are shown, by their names: docs/NAME.md at /docs/NAME.
var docPages = []string{"protocol", "errors", "api", "agent", "agent.ru"}

// mountDocPages serves documents of the repository as pages.
func (s *Server) mountDocPages() {
	for _, name := range docPages {
		page := renderDoc(name)
		s.read("/docs/"+name, func(c echo.Context) error { return c.HTMLBlob(http.StatusOK, page) }, withCompression)
	}
	s.read("/docs/page.css", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "text/css; charset=utf-8", docPageStyle)
	})
}

func renderDoc(name string) []byte {
	source, err := cabinet.Docs.ReadFile("docs/" + name + ".md")
	if err != nil {
		panic(err) // it is embedded
	}
	markdown := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(parser.WithAutoHeadingID(),
		parser.WithASTTransformers(util.Prioritized(docLinks{}, 100))))
	var body, page bytes.Buffer
	if err := markdown.Convert(source, &body, parser.WithContext(parser.NewContext(parser.WithIDs(headingIDs{})))); err != nil {
		panic(err) // a buffer takes everything
	}
	title, _, _ := strings.Cut(strings.TrimPrefix(string(source), "# "), "\n")
	language := "en"
	if path.Ext(name) == ".ru" {
		language = "ru"
	}
	content := struct {
		Language, Title string
		Body            template.HTML
	}{language, title, template.HTML(body.String())} //nolint:gosec // made of our own document
	if err := docPage.Execute(&page, content); err != nil {
		panic(err)
	}
	return page.Bytes()
}

// headingIDs names headings as GitHub does, where the same documents are read: no two of
// a document are called the same.
type headingIDs struct{}

// Generate names a heading by its words.
func (headingIDs) Generate(words []byte, _ ast.NodeKind) []byte {
	return bytes.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return '-'
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, bytes.TrimSpace(words))
}

// Put takes note of a name that a document gives.
func (headingIDs) Put([]byte) {}

// docLinks points links to other documents at their pages, and takes those away whose
// documents are not shown.
type docLinks struct{}

// Transform changes the links of a document.
func (docLinks) Transform(document *ast.Document, _ text.Reader, _ parser.Context) {
	var elsewhere []*ast.Link
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if link, ok := node.(*ast.Link); ok && entering && !pointAtPage(link) {
			elsewhere = append(elsewhere, link)
		}
		return ast.WalkContinue, nil
	})
	for _, link := range elsewhere {
		for child := link.FirstChild(); child != nil; child = link.FirstChild() {
			link.Parent().InsertBefore(link.Parent(), link, child)
		}
		link.Parent().RemoveChild(link.Parent(), link)
	}
}

// pointAtPage makes a link to a document one to its page. false: it has none.
func pointAtPage(link *ast.Link) bool {
	target := string(link.Destination)
	if strings.HasPrefix(target, "#") || strings.Contains(target, "://") {
		return true
	}
	for _, name := range docPages {
		if file, fragment, _ := strings.Cut(target, "#"); path.Base(file) == name+".md" {
			link.Destination = []byte("/docs/" + name)
			if fragment != "" {
				link.Destination = append(link.Destination, "#"+fragment...)
			}
			return true
		}
	}
	return false
}
