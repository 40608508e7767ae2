// What is seen: bubbles, choices, the banner. Texts become text nodes, never HTML; only https addresses become links.

const LINK = /https:\/\/[^\s<>"'“”«»]+/g;
const SOURCE = /^\s*(Nguồn|Căn cứ|Cập nhật)[^:]{0,40}:\s*\S/i;
const ITEM = /^\s*([-•–*]|\d{1,2}[.)])\s+(?=\S)/;
const LABEL = /^\s*([^\s:.,;!?()][^:.,;!?()]{1,28}):(?=\s|$)/;
const GAP_SECONDS = 300;
const SAID_ASIDE = ["notice", "taken", "handed_back"]; // lines between the bubbles

export class View {
  constructor(words, on) {
    this.words = words;
    this.on = on;
    this.log = document.getElementById("log");
    this.banner = document.getElementById("banner");
    this.newer = document.getElementById("newer");
    this.rows = new Map();
    this.count = 0;
    this.last = null;
    this.choices = null;
    this.newer.textContent = words.newMessages;
    this.newer.addEventListener("click", () => this.toEnd(true));
    this.log.addEventListener("scroll", () => this.atEnd() && (this.newer.hidden = true), { passive: true });
    new ResizeObserver(() => this.stick && this.toEnd(false)).observe(this.log);
    this.stick = true;
    this.waiting = element("div", "row bot waiting");
    this.waiting.append(element("div", "bubble dots", element("i"), element("i"), element("i")));
    this.hint = element("p", "hint");
    this.hint.setAttribute("role", "status");
    this.waiting.append(this.hint);
  }

  // The history stands: from now on, what comes is read aloud.
  settled() {
    this.log.setAttribute("aria-busy", "false");
    this.log.setAttribute("aria-live", "polite");
    this.toEnd(false);
  }

  add(message, state) {
    const known = this.rows.get(message.key);
    if (known) {
      this.mark(message.key, state);
      return;
    }
    const stick = this.stick || message.side === "citizen";
    if (message.kind !== "notice") this.count += 1;
    this.divide(message);
    const aside = SAID_ASIDE.includes(message.kind);
    const row = aside ? notice(message) : this.bubble(message);
    this.rows.set(message.key, row);
    this.log.insertBefore(row, this.waiting.parentNode === this.log ? this.waiting : null);
    if (message.side === "bot" && message.kind !== "notice") this.offer(row, message.buttons || []);
    if (message.side !== "bot") this.clearChoices();
    this.mark(message.key, state);
    if (!stick) this.newer.hidden = false;
    else if (message.side !== "citizen" && row.offsetHeight > this.log.clientHeight - 60) this.toStart(row);
    else this.toEnd(false);
  }

  bubble(message) {
    const mine = message.side === "citizen";
    const person = message.side === "officer";
    const row = element("div", `row ${mine ? "citizen" : "bot"}${person ? " person" : ""}${message.kind === "apology" ? " apology" : ""}`);
    const bubble = element("div", "bubble");
    if (person) bubble.append(element("p", "name", this.words.officer));
    else bubble.append(element("span", "unseen", (mine ? this.words.you : this.words.bot) + ": "));
    bubble.append(...(person ? plain(message.text) : lines(message.text, !mine)));
    row.append(bubble, element("p", "state"));
    if (this.last && this.last.side === message.side) row.classList.add("again");
    this.last = { side: message.side, at: message.at };
    return row;
  }

  // A line with the day or the time, when the talk pauses.
  divide(message) {
    const date = new Date(message.at * 1000);
    if (this.last && message.at - this.last.at < GAP_SECONDS) return;
    const day = this.day(date);
    const time = date.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
    const line = element("p", "when", day + ", " + time);
    this.log.insertBefore(line, this.waiting.parentNode === this.log ? this.waiting : null);
    if (!this.last) this.last = { side: "", at: message.at };
    else this.last = { side: "", at: message.at };
  }

  day(date) {
    const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86400000);
    if (days === 0) return this.words.today;
    if (days === 1) return this.words.yesterday;
    return date.toLocaleDateString("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric" });
  }

  // The choices under the newest answer; older ones are gone, as what they meant may be too.
  offer(row, buttons) {
    this.clearChoices();
    if (!buttons.length) return;
    const group = element("div", "choices");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", this.words.choices);
    for (const button of buttons) {
      const one = element("button", "choice", button.title);
      one.type = "button";
      one.addEventListener("click", () => {
        this.on.choose(button);
        this.log.focus({ preventScroll: true });
      });
      group.append(one);
    }
    row.append(group);
    this.choices = group;
  }

  clearChoices() {
    this.choices?.remove();
    this.choices = null;
  }

  mark(key, state, failed = false) {
    const row = this.rows.get(key);
    const line = row?.querySelector(".state");
    if (!line) return;
    line.textContent = state;
    row.classList.toggle("pending", state === this.words.waiting);
    row.classList.toggle("failed", failed);
    if (failed) line.setAttribute("role", "alert");
  }

  typing(yes) {
    if (yes === (this.waiting.parentNode === this.log)) return;
    if (yes) {
      this.hint.textContent = "";
      this.hint.className = "hint unseen";
      this.log.append(this.waiting);
      this.hint.textContent = this.words.typing;
    } else this.waiting.remove();
    if (this.stick) this.toEnd(false);
  }

  slow(yes) {
    if (!yes) return;
    this.hint.className = "hint";
    this.hint.textContent = this.words.slow;
    if (this.stick) this.toEnd(false);
  }

  offline(yes) {
    if (yes === !this.banner.hidden) return;
    this.banner.textContent = yes ? this.words.offline : "";
    this.banner.hidden = !yes;
  }

  atEnd() {
    this.stick = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
    return this.stick;
  }

  // An answer longer than the screen is read from its first line.
  toStart(row) {
    if (this.log.getAttribute("aria-busy") === "true") return this.toEnd(false);
    this.log.scrollTo({ top: row.offsetTop - 12, behavior: "instant" });
    this.stick = false;
  }

  toEnd(smooth) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
    this.stick = true;
    this.newer.hidden = true;
  }
}

function notice(message) {
  const row = element("div", `row notice ${message.kind}`);
  row.append(element("p", "", message.text));
  return row;
}

// A person's words as they were typed.
function plain(text) {
  return text.split("\n").map((line) => (line.trim() ? element("p", "", ...linked(line)) : element("p", "gap")));
}

// Lines of a text as paragraphs: a heading, labelled lines, list items, sources, plain ones.
function lines(text, rich) {
  const all = text.split("\n");
  return all.map((line, number) => {
    if (!rich) return element("p", "", line || "\u00a0");
    if (!line.trim()) return element("p", "gap");
    if (SOURCE.test(line)) return element("p", "source", ...linked(line));
    const item = line.match(ITEM);
    if (item) {
      const mark = element("span", "mark", item[1].replace(/[-–*]/, "•"));
      return element("p", "item", mark, ...linked(line.slice(item[0].length)));
    }
    if (number === 0 && all.length > 1 && line.length < 90 && !/[.!?:…]\s*$/.test(line)) {
      return element("p", "heading", ...linked(line));
    }
    const label = line.match(LABEL);
    if (label) return element("p", "", element("strong", "", label[0]), ...linked(line.slice(label[0].length)));
    return element("p", "", ...linked(line));
  });
}

function linked(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const address = match[0].replace(/[.,;:!?)\]]+$/, "");
    parts.push(text.slice(from, match.index), anchor(address));
    from = match.index + address.length;
  }
  parts.push(text.slice(from));
  return parts;
}

function anchor(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return address;
  }
  if (url.protocol !== "https:") return address;
  const link = element("a", "", address.replace(/^https:\/\//, "").replace(/\/$/, ""));
  link.href = url.href;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

function element(name, classes = "", ...children) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.append(...children);
  return made;
}
