"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = id => document.getElementById(id);

  // colours: the system's unless the reader chose; storage may be refused, then the choice lasts for the page
  const remembered = value => {
    try {
      return value === undefined ? localStorage.getItem("theme") : localStorage.setItem("theme", value);
    } catch {
      return null;
    }
  };
  const button = one("theme");
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const label = () => {
    button.textContent = dark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `Use ${dark() ? "light" : "dark"} colours`);
  };
  if (["light", "dark"].includes(remembered())) root.dataset.theme = remembered();
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    remembered(root.dataset.theme);
    label();
  });
  label();

  const code = one("all-code");
  if (code) {
    let open = false;
    code.hidden = false;
    code.addEventListener("click", () => {
      open = !open;
      all("details.code").forEach(fold => { fold.open = open; });
      code.textContent = open ? "Hide all code" : "Show all code";
    });
  }

  // a link into a fold opens it, a link to a filtered claim shows it
  const reveal = () => {
    let target = null;
    try { target = one(decodeURIComponent(location.hash.slice(1))); } catch { /* not an address of ours */ }
    if (!target) return;
    if (target.closest("[hidden]")) one("filters")?.reset();
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    requestAnimationFrame(() => target.scrollIntoView());
  };
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", () => all("details.solution, details.params").forEach(fold => { fold.open = true; }));

  // contents: closed where it is not a column, and marking the section that is read
  const contents = document.querySelector(".toc details");
  if (contents && innerWidth < 1120) contents.open = false;
  const links = all(".toc a");
  if (links.length && "IntersectionObserver" in window) {
    const mark = id => links.forEach(a => a.hash === `#${id}` ? a.setAttribute("aria-current", "true") : a.removeAttribute("aria-current"));
    const watch = new IntersectionObserver(seen => seen.filter(x => x.isIntersecting).forEach(x => mark(x.target.id)), { rootMargin: "0px 0px -75% 0px" });
    links.map(a => one(a.hash.slice(1))).filter(Boolean).forEach(heading => watch.observe(heading));
  }

  // copy buttons: made here, so that a page without script has none that do nothing
  const said = document.createElement("p");
  said.className = "vh";
  said.setAttribute("role", "status");
  document.body.append(said);
  const copy = async pre => {
    try {
      await navigator.clipboard.writeText(pre.textContent);
    } catch { // not allowed here: the way of older browsers
      getSelection().selectAllChildren(pre);
      document.execCommand("copy");
      getSelection().removeAllRanges();
    }
  };
  all(".cell pre, .foot pre, .box pre").forEach(pre => {
    const name = pre.getAttribute("aria-label"), make = document.createElement("button");
    make.type = "button";
    make.className = "copy";
    const look = done => {
      const icon = done ? "M3 8.5l3.5 3.5 6.5-8" : "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3";
      const [drawn, line] = ["svg", "path"].map(tag => document.createElementNS("http://www.w3.org/2000/svg", tag));
      const word = document.createElement("span");
      drawn.setAttribute("class", "ico");
      drawn.setAttribute("viewBox", "0 0 16 16");
      drawn.setAttribute("aria-hidden", "true");
      line.setAttribute("class", "bare");
      line.setAttribute("d", icon);
      drawn.append(line);
      word.textContent = done ? "Copied" : "Copy";
      make.replaceChildren(drawn, word);
      said.textContent = done ? `${name}: copied` : "";
    };
    look(false);
    make.setAttribute("aria-label", `Copy: ${name}`);
    make.addEventListener("click", async () => {
      await copy(pre);
      look(true);
      setTimeout(look, 2000, false);
    });
    pre.after(make);
  });

  // a drawing as a file of its own, in the colours of the page
  const drawn = figure => {
    const svg = figure.querySelector(".wide svg").cloneNode(true);
    const style = getComputedStyle(root);
    const rules = [...document.styleSheets[0].cssRules].map(rule => rule.cssText).filter(text => /^\.[fs]-\w+ /.test(text)).join("");
    const named = rules.replace(/var\((--[\w]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
    const box = svg.getAttribute("viewBox").split(" ").map(Number);
    const text = (words, y, size, weight) => `<text x="4" y="${y}" text-anchor="start" font-size="${size}" font-weight="${weight}" class="f-ink">${words.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</text>`;
    const part = name => figure.querySelector(name).textContent;
    svg.removeAttribute("aria-hidden");
    svg.setAttribute("viewBox", `0 ${box[1] - 44} ${box[2]} ${box[3] + 64}`);
    svg.setAttribute("width", box[2] * 2);
    svg.insertAdjacentHTML("afterbegin", `<style>text{font-family:Helvetica,Arial,sans-serif;fill:${style.getPropertyValue("--muted").trim()}}${named}</style><rect class="f-page" y="${box[1] - 44}" width="100%" height="100%" fill="${style.getPropertyValue("--page").trim()}"/>`
      + text(part(".fig-t"), box[1] - 28, 12.5, 700) + text(part(".fig-s"), box[1] - 12, 9.5, 400) + text(part(".src"), box[1] + box[3] + 13, 8, 400));
    return new XMLSerializer().serializeToString(svg);
  };
  all("button.save").forEach(save => {
    save.hidden = false;
    save.addEventListener("click", () => {
      const figure = save.closest("figure"), link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([drawn(figure)], { type: "image/svg+xml" }));
      link.download = `${figure.id.slice(4)}.svg`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  });

  reveal();
})();
