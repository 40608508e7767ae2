// The chat page: puts the wire (what goes to and comes from the gateway) and the view (what is seen) together.
// Every sentence comes from wording.py, inside the page.

import { Wire, randomId } from "./wire.js";
import { View } from "./view.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const words = settings.words;
const shelf = openShelf("mot-cua:" + (settings.target.ward || settings.target.site));
const SLOW_AFTER_MS = 12000;

let conversation = shelf.get("conversation");
if (!conversation) shelf.set("conversation", (conversation = randomId(32)));

const view = new View(words, { choose: (button) => send({ text: button.title, payload: button.payload }) });
const awaited = new Map(); // message id → timer; what has been sent and not been answered yet
const ABOUT_ERASING = ["erase_asked", "erased"]; // answered by the gateway whoever talks
let withPerson = false; // an officer has taken the conversation: nobody is typing, and an answer takes its time

const wire = new Wire(conversation, settings.target, shelf, {
  message: show,
  sent: (item) => view.mark(item.id, ""),
  refused: (item, code) => {
    settle(item.id);
    const sentence = words["problem." + code] || words["problem.other"];
    view.mark(item.id, words.refused + ". " + sentence.replace("{max}", settings.maxChars), true);
  },
  connected: (yes) => view.offline(!yes),
});

start();

async function start() {
  await wire.load();
  view.settled();
  for (const item of wire.unsent) {
    if (item.event) expect(item.id);
    else echo(item);
  }
  if (!view.count && !wire.unsent.length) {
    const hello = { id: "first-contact", event: "open" };
    expect(hello.id);
    wire.send(hello);
  }
  wire.run();
}

function send(content) {
  const item = { id: randomId(12), ...content };
  view.clearChoices();
  echo(item);
  wire.send(item);
}

function echo(item) {
  view.add({ key: item.id, side: "citizen", text: item.text, at: Date.now() / 1000 }, words.waiting);
  expect(item.id);
}

function show(message) {
  if (message.side === "citizen") {
    view.add(message, "");
    if (!wire.loading || message.at > Date.now() / 1000 - 3600) expect(message.key);
  } else {
    view.add(message, "");
    if (message.turn) settle(message.to);
    follow(message);
  }
  view.typing(awaited.size > 0);
}

function follow(message) {
  if (message.kind === "taken" || message.side === "officer") {
    withPerson = true;
    [...awaited.keys()].forEach(settle);
  } else if (message.kind === "handed_back" || (message.turn && !ABOUT_ERASING.includes(message.turn.outcome))) {
    withPerson = false;
  }
}

function expect(id) {
  if (withPerson) return;
  if (!awaited.has(id)) awaited.set(id, setTimeout(() => view.slow(awaited.size > 0), SLOW_AFTER_MS));
  view.typing(true);
}

function settle(id) {
  clearTimeout(awaited.get(id));
  awaited.delete(id);
  view.typing(awaited.size > 0);
}

// The composer

const form = document.getElementById("composer");
const input = document.getElementById("words");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text) return input.focus();
  input.value = "";
  fit();
  send({ text });
});
input.addEventListener("keydown", (event) => {
  // Vietnamese keyboards compose: Enter that ends a composition is not "send".
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    form.requestSubmit();
  }
});
input.addEventListener("input", fit);
if (matchMedia("(hover: hover)").matches) input.focus();

function fit() {
  input.style.height = "auto";
  input.style.height = Math.min(input.scrollHeight, 140) + "px";
  form.classList.toggle("filled", input.value.trim() !== "");
}

// A page of the office may bring a question along (#hoi=…): it stands in the composer until the visitor sends it.
const brought = new URLSearchParams(location.hash.slice(1)).get("hoi");
if (brought) {
  input.value = brought.slice(0, settings.maxChars);
  fit();
  input.focus();
  history.replaceState(null, "", location.pathname + location.search);
}

// A new conversation: what was said stays with the office, this device forgets it.

const dialog = document.getElementById("ask-restart");
document.getElementById("ask-restart-text").textContent = words.restartAsk;
document.getElementById("restart-no").textContent = words.restartNo;
document.getElementById("restart-yes").textContent = words.restartYes;
document.getElementById("restart").addEventListener("click", () => dialog.showModal());
dialog.addEventListener("close", () => {
  if (dialog.returnValue !== "yes") return;
  wire.stop();
  shelf.clear();
  location.reload();
});

// Inside a portal's frame

if (document.body.classList.contains("embedded") && parent !== window) {
  const close = document.getElementById("close");
  close.hidden = false;
  close.addEventListener("click", () => parent.postMessage("mot-cua:close", "*"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !dialog.open) parent.postMessage("mot-cua:close", "*");
  });
}

// localStorage, or memory where the browser forbids it (private windows, frames)
function openShelf(prefix) {
  let store;
  try {
    store = window.localStorage;
    store.setItem(prefix + ":probe", "1");
    store.removeItem(prefix + ":probe");
  } catch {
    const memory = new Map();
    store = {
      getItem: (key) => memory.get(key) ?? null,
      setItem: (key, value) => memory.set(key, value),
      removeItem: (key) => memory.delete(key),
    };
  }
  const names = ["conversation", "unsent"];
  return {
    get: (name) => store.getItem(prefix + ":" + name),
    set: (name, value) => {
      try {
        store.setItem(prefix + ":" + name, value);
      } catch {
        // full: the message still goes out, it only would not survive a reload
      }
    },
    clear: () => names.forEach((name) => store.removeItem(prefix + ":" + name)),
  };
}
