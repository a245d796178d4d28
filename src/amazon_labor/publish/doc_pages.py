"""The pages of `docs/` as part of the site: the same Markdown that is read on a forge, through the same allowlist."""

import re
from collections.abc import Mapping
from html import escape

from amazon_labor.publish import page, prose

INDEX = "README"  # its page is index.html
TITLE = re.compile(r"\A# +(.+?)\s*$\n?", re.MULTILINE)
LINK = re.compile(r"(?<!!)\[(?P<text>(?:[^\[\]]|`[^`]*`)+)\]\((?P<target>[^()\s]+)\)")
PICTURE = re.compile(r"^!\[(?P<alt>[^\]]*)\]\((?P<file>[\w-]+\.svg)\)[ \t]*$", re.MULTILINE)
DOCUMENT = re.compile(r"(?P<name>[\w-]+)\.md(?P<anchor>#[\w-]+)?\Z")
HELD = "https://held.invalid/"  # a link passes the allowlist under this address and gets its own back


def file_name(name: str) -> str:
    """File of the page of a document: `running` is in `running.html`, the index in `index.html`."""
    return "index.html" if name == INDEX else f"{name}.html"


def title(text: str) -> str:
    """Heading of a document."""
    found = TITLE.match(text)
    return found[1].replace("`", "") if found else ""


def render(name: str, texts: Mapping[str, str], pictures: Mapping[str, str]) -> str:
    """Return the page of one document.

    Parameters
    ----------
    name : str
        Its name without ending.
    texts : mapping of name to Markdown
        All documents, so that links between them lead to pages.
    pictures : mapping of file name to SVG
        Drawings of our own beside the documents.

    Returns
    -------
    str
        HTML without any request to elsewhere; a link to a file that is no page becomes its words.
    """
    shared = prose.Page(base="../", ids={"content", "theme", "documents"})
    text = TITLE.sub("", texts[name], count=1)
    held: list[str] = []
    drawn = [(m["file"], m["alt"]) for m in PICTURE.finditer(text)]
    numbers = iter(range(len(drawn)))
    text = PICTURE.sub(lambda _: f"held picture {next(numbers)}", text)
    body = prose.markdown(_held_links(text, texts, held), shared)
    body = re.sub(rf'href="{HELD}(\d+)"[^>]*', lambda m: f'href="{held[int(m[1])]}"', body)
    body = re.sub(r"<p>held picture (\d+)</p>", lambda m: _drawn(*drawn[int(m[1])], pictures, shared), body)
    body = re.sub(r"<pre>", lambda _: _region(shared), body)
    contents = [(slug, heading) for level, slug, heading in shared.headings if level == 2]
    pages = [(file_name(n), title(t)) for n, t in sorted(texts.items(), key=lambda item: title(item[1]).lower())]
    return page.render(
        "doc.html.j2",
        title=title(texts[name]),
        body=page.safe(body),
        contents=contents,
        pages=pages,
        here=file_name(name),
        source=f"docs/{name}.md",
    )


def _held_links(text: str, texts: Mapping[str, str], held: list[str]) -> str:
    def hold(match: re.Match[str]) -> str:
        target = match["target"]
        document = DOCUMENT.match(target)
        if target.startswith(("https://", "http://", "#")):
            return match[0]
        if document and document["name"] in texts:
            held.append(f"{file_name(document['name'])}{document['anchor'] or ''}")
            return f"[{match['text']}]({HELD}{len(held) - 1})"
        return match["text"]

    return LINK.sub(hold, text)


def _drawn(file: str, alt: str, pictures: Mapping[str, str], shared: prose.Page) -> str:
    if file not in pictures:
        return f"<p>{escape(alt)}</p>"
    name = escape(shared.region("Drawing"))
    svg = re.sub(r"\A<\?xml.*?\?>\s*", "", pictures[file])
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(alt)}" ', 1)
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">{svg}</div>'


def _region(shared: prose.Page) -> str:
    return f'<pre class="out" tabindex="0" role="region" aria-label="{escape(shared.region("Code"))}">'
