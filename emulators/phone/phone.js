// One phone: asks the emulator every half second what it shows, and tells it what the person does.

import { Bubbles, element } from "./bubbles.js";
import { Weather } from "./weather.js";

const POLL_MS = 500;
const HIDDEN_POLL_MS = 3000;
const PATIENCE_MS = 8000;
const NOTICE_MS = 6000;

const find = (id) => document.getElementById(id);
const words = find("words");
const more = find("more");
const actions = find("actions");
let user = new URLSearchParams(location.search).get("user") ?? "";
let version = "";
let users = [];
let lost = false;
let timer = 0;
let asked = 0;

const bubbles = new Bubbles({
  tap: (bubble, button) => act("tap", { user, bubble: bubble.id, button }),
  outside: (button) => notice(outside(button)),
});
const weather = new Weather((change) => act("weather", change));

async function poll() {
  clearTimeout(timer);
  const turn = ++asked;
  try {
    const query = new URLSearchParams({ user, after: version });
    const answer = await fetch("state?" + query, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw new Error(String(answer.status));
    const state = await answer.json();
    if (turn !== asked) return;
    if (lost) notice("");
    lost = false;
    if (!state.same) show(state);
  } catch {
    if (turn !== asked) return;
    lost = true;
    notice("Máy giả lập không trả lời, đang thử lại…", false);
  }
  timer = setTimeout(poll, document.hidden ? HIDDEN_POLL_MS : POLL_MS);
}

function show(state) {
  version = state.version;
  if (!state.users.length) return void addUser();
  if (state.user !== user) hold(state.user || state.users[0]);
  showUsers(state.users);
  showHead(state.labels);
  showActions(state.actions);
  weather.show(state.scenes, state.weather);
  if (state.user === user) bubbles.show(state.bubbles);
  const said = state.bubbles.filter((one) => one.side !== "citizen").length;
  // Only a number leaves this page: the page with all phones marks the one that has news.
  if (parent !== window) parent.postMessage({ phone: document.body.dataset.kind, said }, "*");
}

// Take another citizen's phone into the hand.
function hold(one) {
  user = one;
  version = "";
  bubbles.clear();
  history.replaceState(null, "", "?" + new URLSearchParams({ user }));
  poll();
}

async function addUser() {
  const answer = await act("users", {});
  if (answer?.user) hold(answer.user);
  else version = "";
}

function showUsers(all) {
  if (all.join() !== users.join()) {
    users = all;
    find("user").replaceChildren(...all.map((one, at) => new Option(`Người dân ${at + 1}`, one)));
  }
  find("user").value = user;
}

function showHead(labels) {
  const label = labels.join(" · ") || "Chưa có tài khoản";
  if (find("label").textContent === label) return;
  find("label").textContent = label;
  const own = label.replace(/[(·].*/s, "").trim().split(/\s+/);
  find("face").textContent = own.slice(-2).map((word) => word[0]).join("").toUpperCase();
}

const GROUPS = { officer: "Phía cơ quan", citizen: "Người dân", trial: "Kỹ thuật" };

function groupOf([name]) {
  if (name.startsWith("officer")) return "officer";
  return /^(unknown|enable)/.test(name) ? "trial" : "citizen";
}

// What the office does, what the citizen does, and what only somebody who looks after the server wants to try.
function showActions(all) {
  const drawn = JSON.stringify(all);
  if (actions.dataset.drawn === drawn) return;
  actions.dataset.drawn = drawn;
  actions.replaceChildren();
  for (const [group, title] of Object.entries(GROUPS)) {
    const some = all.filter((one) => groupOf(one) === group);
    if (some.length) actions.append(element("h2", "", title), ...some.map(choice));
  }
}

function choice([name, label]) {
  const made = element("button", "", label);
  made.type = "button";
  made.addEventListener("click", () => {
    openActions(false);
    act("do", { user, action: name }, `Đã làm: ${label}.`);
  });
  return made;
}

function openActions(yes) {
  actions.hidden = !yes;
  more.setAttribute("aria-expanded", String(yes));
  if (yes) actions.querySelector("button")?.focus();
  else more.focus();
}

const REFUSED = "Lúc này không làm được: có thể người dân đang chặn, nút đã hết hiệu lực, hoặc chưa có tin nào.";

async function act(what, body, done = "") {
  try {
    const answer = await fetch(what, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    poll();
    if (!answer.ok) throw new Error(String(answer.status), { cause: "refused" });
    notice(done);
    return await answer.json();
  } catch (error) {
    notice(error.cause === "refused" ? REFUSED : "Chưa gửi được tới máy giả lập. Anh/chị thử lại.");
    return null;
  }
}

function outside(button) {
  const where = (button.url ?? "").replace(/^(tel|sms):/i, "");
  if (button.kind === "phone") return `Trên điện thoại thật, máy sẽ gọi số ${where}.`;
  if (button.kind === "sms") return `Trên điện thoại thật, máy sẽ mở tin nhắn SMS tới số ${where}.`;
  return "Trên điện thoại thật, nút này mở một trang khác.";
}

let fading = 0;
function notice(text, passing = true) {
  clearTimeout(fading);
  find("banner").textContent = text;
  find("banner").hidden = !text;
  if (text && passing) fading = setTimeout(() => notice(""), NOTICE_MS);
}

function grow() {
  words.style.height = "auto";
  words.style.height = `${words.scrollHeight + 2}px`;
  find("composer").classList.toggle("filled", Boolean(words.value.trim()));
}

async function send() {
  const text = words.value.trim();
  if (!text) return;
  words.value = "";
  grow();
  if (!(await act("say", { user, text })) && !words.value) {
    words.value = text;
    grow();
  }
}

find("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
words.addEventListener("input", grow);
words.addEventListener("keydown", (event) => {
  // While a Vietnamese keyboard is still composing a syllable, Enter belongs to it.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
more.addEventListener("click", () => openActions(actions.hidden));
actions.addEventListener("keydown", (event) => event.key === "Escape" && openActions(false));
find("add").addEventListener("click", addUser);
find("user").addEventListener("change", (event) => hold(event.target.value));
document.addEventListener("visibilitychange", () => !document.hidden && poll());
poll();
