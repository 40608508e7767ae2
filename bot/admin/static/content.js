// The form of an entry: shows what would come of it while somebody types, adds and takes away lines of its tables,
// and asks before what was typed is lost. Without this file the buttons of the form do the same, by loading the page.
"use strict";
{
  const WAIT_MS = 700;
  const form = document.getElementById("entry-form");
  const body = document.getElementById("preview-body");
  const state = document.getElementById("preview-state");
  const mark = document.getElementById("dirty");
  let timer = 0;
  let running = false;
  let again = false;
  let dirty = false;

  document.querySelector("[data-focus]")?.focus();
  if (form) begin();
  if (body && "load" in body.dataset) refresh();

  function begin() {
    if ("dirty" in form.dataset) touched();
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.add) add(event, button);
      else if (button && "drop" in button.dataset) drop(event, button);
    });
    form.addEventListener("keydown", (event) => {
      // Enter in a box of one line would send the form; here it only shows at once what would come of it.
      if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
      event.preventDefault();
      clearTimeout(timer);
      refresh();
    });
    form.addEventListener("submit", () => { dirty = false; });
    addEventListener("beforeunload", (event) => {
      if (dirty) event.preventDefault();
    });
  }

  function touched() {
    dirty = true;
    mark.hidden = false;
  }

  function changed(event) {
    touched();
    if (event && ["note", "checked_today"].includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, WAIT_MS);
  }

  // One at a time: what is typed meanwhile is asked for when the answer is there.
  async function refresh() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    again = false;
    body.setAttribute("aria-busy", "true");
    try {
      const answer = await (form ? fetch(form.dataset.try, { method: "POST", body: new FormData(form) }) : fetch(body.dataset.load));
      if (!answer.redirected && answer.ok) show(await answer.text());
    } catch {
      // the network is away: what is shown stays
    } finally {
      running = false;
      body.removeAttribute("aria-busy");
      if (again) refresh();
    }
  }

  function show(made) {
    const open = body.querySelector("details")?.open;
    body.innerHTML = made;
    if (open && body.querySelector("details")) body.querySelector("details").open = true;
    state.textContent = "Đã cập nhật phần người dân sẽ thấy.";
    setTimeout(() => { state.textContent = ""; }, 3000);
  }

  function add(event, button) {
    event.preventDefault();
    const table = document.getElementById("f-" + button.dataset.add);
    const lines = table.querySelector(".lines");
    const number = Number(lines.dataset.last || lines.children.length) + 1;
    lines.dataset.last = number;
    const template = document.getElementById("row-" + button.dataset.add);
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll("__n__", String(number));
    const line = holder.firstElementChild;
    lines.append(line);
    line.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    changed();
  }

  function drop(event, button) {
    event.preventDefault();
    const line = button.closest(".line");
    const table = button.closest("[data-table]");
    const lines = line.parentElement;
    lines.dataset.last = Math.max(Number(lines.dataset.last || 0), lines.children.length);
    const next = line.nextElementSibling || line.previousElementSibling;
    line.remove();
    (next?.querySelector("[data-drop]") || table.querySelector("[data-add]")).focus();
    changed();
  }
}
