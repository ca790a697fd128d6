"use strict";
// What every page needs: its data, elements made from text (never from markup), numbers, light and dark.

const PAGE = JSON.parse(document.getElementById("data").textContent);

const element = (tag, properties = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
};

// A 20 x 20 picture from one path.
const icon = (path) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  svg.firstChild.setAttribute("d", path);
  return svg;
};

const number = (value, digits = 0) =>
  Number(value).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replaceAll(",", "\u202f");
const percent = (share) => `${number(100 * share, share < 0.1 ? 1 : 0)}\u202f%`;
const plural = (count, word) => `${number(count)} ${word}${count === 1 ? "" : word.endsWith("s") ? "es" : "s"}`;

const Theme = {
  system: matchMedia("(prefers-color-scheme: dark)"),
  watchers: new Set(),

  get dark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : this.system.matches;
  },

  start() {
    this.choose(this.stored());
    this.system.addEventListener("change", () => this.tell());
  },

  // A browser may refuse storage to a page that is opened from a file. Then the choice is lost with the page.
  stored() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  },

  choose(theme) {
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    this.tell();
  },

  toggle() {
    const theme = this.dark ? "light" : "dark";
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // see stored()
    }
    this.choose(theme);
  },

  tell() {
    for (const watcher of this.watchers) watcher(this.dark);
  },

  button() {
    const half = "M10 2a8 8 0 1 0 0 16a8 8 0 1 0 0-16zm0 1.6a6.4 6.4 0 0 1 0 12.8z";
    return element("button", {
      class: "quiet", type: "button", title: "Light or dark (t)", "aria-label": "Light or dark",
      onclick: () => this.toggle(),
    }, icon(half));
  },
};
