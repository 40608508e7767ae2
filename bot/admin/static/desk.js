// Saves reloading at the desk: what is new appears by itself, and a reply goes out without leaving the page.
// Without this file every button works as well, with a page for each.
"use strict";

const LONGEST_PAUSE_MS = 30000;
const live = document.getElementById("live");
const news = document.getElementById("news");
const form = document.getElementById("reply-form");
const field = form && form.querySelector("textarea");
const shelf = form && "reply-" + form.dataset.conversation;
let pause = 0;

if (form) setUpReply();
forgetWhatWasDone();
if (live && live.dataset.news) poll();

// What was just done is told once, and not again when the page loads anew by itself.
function forgetWhatWasDone() {
  const query = new URLSearchParams(location.search);
  ["done", "problem"].forEach((name) => query.delete(name));
  const rest = query.toString();
  history.replaceState(null, "", location.pathname + (rest ? "?" + rest : "") + location.hash);
}

// What is new

async function poll() {
  for (;;) {
    await wait(pause || 1000 * Number(live.dataset.seconds));
    try {
      await look();
      pause = 0;
    } catch {
      pause = Math.min(LONGEST_PAUSE_MS, (pause || 3000) * 2);
      tell("Mất kết nối, đang thử lại.");
    }
  }
}

async function look() {
  const mark = live.dataset.news.includes("?") ? "&" : "?";
  const response = await fetch(`${live.dataset.news}${mark}seen=${live.dataset.revision}`, {
    redirect: "manual",
    cache: "no-store",
    signal: AbortSignal.timeout(15000),
  });
  if (response.status === 204) return;
  // Signed out, or no longer allowed: the page itself says so.
  if (response.type === "opaqueredirect" || response.status === 403) return location.reload();
  if (!response.ok) throw new Error("HTTP " + response.status);
  take(parse(await response.text()), response.headers.get("X-Revision"));
}

function take(fresh, revision) {
  if (revision) live.dataset.revision = revision;
  if (document.getElementById("talk")) takeTalk(fresh);
  else takeCases(fresh);
}

function takeTalk(fresh) {
  const facts = document.getElementById("facts");
  const newFacts = fresh.querySelector("#facts");
  // The form below no longer fits: somebody else took over, or the platform's window has closed or opened.
  if (facts.dataset.shape !== newFacts.dataset.shape) return location.reload();
  facts.replaceChildren(...newFacts.childNodes);
  const talk = document.getElementById("talk");
  for (const line of [...fresh.querySelectorAll("#talk > li")]) {
    const known = line.id && document.getElementById(line.id);
    if (!known) talk.append(line);
    else if (known.innerHTML !== line.innerHTML && !known.contains(document.activeElement)) known.replaceWith(line);
  }
}

function takeCases(fresh) {
  const before = Number(live.querySelector("[data-cases]")?.dataset.cases || 0);
  const focused = live.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
  live.replaceChildren(...fresh.childNodes);
  if (focused) live.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
  const now = Number(live.querySelector("[data-cases]")?.dataset.cases || 0);
  if (now > before) tell(`Có ${now} cuộc trò chuyện chưa ai nhận.`);
  document.title = document.title.replace(/^(\(\d+\) )?/, now ? `(${now}) ` : "");
}

function parse(html) {
  return document.createRange().createContextualFragment(html);
}

// A reply

function setUpReply() {
  // What is being written outlives a reload of this tab, and nothing else.
  if (!field.value) field.value = sessionStorage.getItem(shelf) || "";
  field.addEventListener("input", () => sessionStorage.setItem(shelf, field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
}

async function send() {
  const button = form.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  try {
    const body = new URLSearchParams(new FormData(form));
    const response = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(20000) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const problem = page.getElementById("problem");
    if (!response.ok || problem) return complain(problem ? problem.textContent : "Chưa gửi được. Anh/chị thử lại.");
    if (!page.getElementById("reply-form")) return location.assign(response.url);
    field.value = "";
    sessionStorage.removeItem(shelf);
    document.getElementById("problem")?.remove();
    const fresh = page.getElementById("live");
    take(fresh, fresh.dataset.revision);
    document.getElementById("talk-box").scrollTop = 0; // reversed: its end
    tell("Đã ghi nhận, đang gửi.");
    field.focus();
  } catch {
    complain("Mất kết nối, chưa gửi được. Nội dung vẫn còn trong ô trả lời; anh/chị bấm Gửi lại sau ít phút.");
  } finally {
    button.disabled = false;
  }
}

function complain(sentence) {
  let place = document.getElementById("problem");
  if (!place) {
    place = document.createElement("p");
    place.id = "problem";
    place.className = "problems";
    place.setAttribute("role", "alert");
    form.before(place);
  }
  place.textContent = sentence;
  field.focus();
}

function tell(sentence) {
  if (news && news.textContent !== sentence) news.textContent = sentence;
}

function wait(milliseconds) {
  // Looking at a page that nobody sees is a waste; the moment somebody does, it is looked at.
  return new Promise((resolve) => {
    const done = () => {
      if (document.visibilityState === "hidden") return;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", done);
      resolve();
    };
    const timer = setTimeout(() => {
      if (document.visibilityState === "visible") done();
    }, milliseconds);
    document.addEventListener("visibilitychange", done);
  });
}
