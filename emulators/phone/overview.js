// On a narrow screen one phone at a time; a dot marks the ones that have been written to meanwhile.

const tabs = [...document.querySelectorAll("nav button")];
const frames = [...document.querySelectorAll("iframe")];
const seen = new Map();
const said = new Map();

function choose(kind) {
  for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.kind === kind));
  for (const frame of frames) frame.classList.toggle("behind", frame.dataset.kind !== kind);
  mark();
}

function mark() {
  for (const tab of tabs) {
    const kind = tab.dataset.kind;
    if (tab.getAttribute("aria-pressed") === "true") seen.set(kind, said.get(kind) ?? 0);
    const news = (said.get(kind) ?? 0) > (seen.get(kind) ?? 0);
    tab.classList.toggle("news", news);
    tab.setAttribute("aria-label", tab.textContent + (news ? ", có tin mới" : ""));
  }
}

for (const tab of tabs) tab.addEventListener("click", () => choose(tab.dataset.kind));
addEventListener("message", (event) => {
  const frame = frames.find((one) => one.contentWindow === event.source);
  if (!frame || typeof event.data?.said !== "number") return;
  said.set(frame.dataset.kind, event.data.said);
  mark();
});
choose(tabs[0].dataset.kind);
