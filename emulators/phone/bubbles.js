// What is seen on the phone: bubbles, their buttons, quick replies. Texts become text nodes, never HTML.

const LINK = /https?:\/\/[^\s<>"'“”«»]+/g;
const SPEAKERS = { citizen: "Người dân", oa: "Trợ lý", officer: "Cán bộ" };
const GAP_SECONDS = 300;
const NEAR_PIXELS = 80;

export class Bubbles {
  // `on.tap(bubble, index)` and `on.outside(button)`: what the phone itself would do with a button.
  constructor(on) {
    this.on = on;
    this.log = document.getElementById("log");
    this.quick = document.getElementById("quick");
    this.newer = document.getElementById("newer");
    this.clear();
    this.newer.addEventListener("click", () => this.toEnd());
    this.log.addEventListener("scroll", () => this.atEnd() && (this.newer.hidden = true), { passive: true });
    new ResizeObserver(() => this.stick && this.toEnd()).observe(this.log);
  }

  // Another citizen's phone: what it shows already is not read aloud.
  clear() {
    this.rows = new Map();
    this.stick = true;
    this.log.setAttribute("aria-live", "off");
    this.log.setAttribute("aria-busy", "true");
    this.log.replaceChildren();
    this.offer(null);
  }

  show(bubbles) {
    const stick = this.atEnd();
    const rows = new Map();
    let before = null;
    let fresh = false;
    for (const bubble of bubbles) {
      let key = bubble.id;
      while (rows.has(key)) key += "~";
      const when = pause(bubble, before);
      const drawn = JSON.stringify([{ ...bubble, at: when }, before?.side]);
      const known = this.rows.get(key);
      if (known?.drawn === drawn) rows.set(key, known);
      else {
        rows.set(key, { drawn, row: this.draw(bubble, before, when) });
        if (known) this.swap(known.row, rows.get(key).row);
        else if (bubble.side !== "citizen") fresh = true;
        else this.stick = true;
      }
      before = bubble;
    }
    this.place([...rows.values()].map((one) => one.row));
    this.rows = rows;
    this.offer(bubbles.at(-1));
    if (stick || this.stick) this.toEnd();
    else if (fresh) this.newer.hidden = false;
    this.log.setAttribute("aria-busy", "false");
    this.log.setAttribute("aria-live", "polite");
  }

  place(rows) {
    for (const one of [...this.log.children]) if (!rows.includes(one)) one.remove();
    rows.forEach((row, at) => {
      if (this.log.children[at] !== row) this.log.insertBefore(row, this.log.children[at] ?? null);
    });
  }

  swap(old, row) {
    const at = [...old.querySelectorAll("button, a")].indexOf(document.activeElement);
    old.replaceWith(row);
    if (at >= 0) row.querySelectorAll("button, a")[at]?.focus({ preventScroll: true });
  }

  draw(bubble, before, when) {
    const row = element("div", "row " + bubble.side);
    if (when) row.append(element("p", "when", when));
    else if (before.side === bubble.side) row.classList.add("again");
    const body = element("div", "bubble");
    body.append(element("span", bubble.side === "officer" ? "speaker" : "unseen", SPEAKERS[bubble.side] + ": "));
    for (const line of bubble.text.split("\n")) body.append(element("p", line.trim() ? "" : "gap", ...linked(line)));
    row.append(body);
    const standing = bubble.buttons.map((button, at) => [button, at]).filter(([button]) => button.kind !== "quick");
    if (standing.length) {
      const group = element("div", "buttons", ...standing.map(([button, at]) => this.button(bubble, button, at)));
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", "Nút bấm");
      row.append(group);
    }
    if (bubble.note) row.append(element("p", "note", bubble.note));
    return row;
  }

  // Quick replies stand above the input, and only under the newest message.
  offer(bubble) {
    const quick = (bubble?.buttons ?? []).map((button, at) => [button, at]).filter(([button]) => button.kind === "quick");
    const drawn = quick.length ? JSON.stringify([bubble.id, quick]) : "";
    if (drawn === this.quick.dataset.drawn) return;
    const focused = this.quick.contains(document.activeElement);
    this.quick.dataset.drawn = drawn;
    this.quick.replaceChildren(...quick.map(([button, at]) => this.button(bubble, button, at)));
    this.quick.hidden = !quick.length;
    if (focused) this.log.focus({ preventScroll: true });
  }

  button(bubble, button, at) {
    if (button.kind === "url" && /^https?:\/\//i.test(button.url ?? "")) return anchor(button.url, button.title);
    const made = element("button", "", button.title);
    made.type = "button";
    const outside = ["url", "phone", "sms"].includes(button.kind);
    made.addEventListener("click", () => (outside ? this.on.outside(button) : this.on.tap(bubble, at)));
    return made;
  }

  atEnd() {
    this.stick = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_PIXELS;
    return this.stick;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.stick = true;
    this.newer.hidden = true;
  }
}

// The time, where the talk paused.
function pause(bubble, before) {
  if (before && bubble.at - before.at < GAP_SECONDS) return "";
  return moment(bubble.at);
}

function moment(seconds) {
  const date = new Date(seconds * 1000);
  const time = date.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
  const today = date.toDateString() === new Date().toDateString();
  return today ? time : `${time}, ${date.toLocaleDateString("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric" })}`;
}

function linked(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const address = match[0].replace(/[.,;:!?)\]]+$/, "");
    parts.push(text.slice(from, match.index), anchor(address, address));
    from = match.index + address.length;
  }
  parts.push(text.slice(from));
  return parts;
}

function anchor(address, title) {
  const link = element("a", "", title);
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

export function element(name, classes = "", ...children) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.append(...children);
  return made;
}
