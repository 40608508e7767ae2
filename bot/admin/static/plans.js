// Plans from files: shows how far the reading is, takes a file that is dropped, and asks before what was typed is lost.
// Without this file the same is done by links, buttons and loading the page.
"use strict";
{
  const WAIT_MS = 2000;
  const drafts = document.getElementById("drafts");
  const news = document.getElementById("drafts-news");
  const place = document.querySelector("[data-drop-file]");
  const form = document.getElementById("plan-form");
  let dirty = Boolean(form && "dirty" in form.dataset);

  document.querySelector("[data-focus]")?.focus();
  if (drafts && "working" in drafts.dataset) setTimeout(refresh, WAIT_MS);
  if (place) takeDropped();
  if (form) watch();

  async function refresh() {
    // Nothing moves under somebody who is about to press something.
    if (!drafts.contains(document.activeElement) && !drafts.querySelector("details[open]")) {
      try {
        const address = new URL(location.href);
        address.searchParams.delete("done");
        const answer = await fetch(address);
        const made = answer.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("drafts") : null;
        if (made) show(made);
      } catch {
        // the network is away: asked again
      }
    }
    if ("working" in drafts.dataset) setTimeout(refresh, WAIT_MS);
  }

  function show(made) {
    if (!("working" in made.dataset)) {
      delete drafts.dataset.working;
      news.textContent = "Máy đã đọc xong.";
    }
    if (drafts.innerHTML !== made.innerHTML) drafts.innerHTML = made.innerHTML;
  }

  function takeDropped() {
    const input = place.querySelector("input");
    for (const name of ["dragenter", "dragover"]) place.addEventListener(name, (event) => { event.preventDefault(); place.classList.add("over"); });
    for (const name of ["dragleave", "drop"]) place.addEventListener(name, () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  }

  function watch() {
    const mark = document.getElementById("dirty");
    const touched = () => {
      dirty = true;
      if (mark) mark.hidden = false;
    };
    if (dirty) touched();
    form.addEventListener("input", (event) => {
      touched();
      // Words of one's own are an answer of their own.
      const own = event.target.name?.startsWith("words.") && event.target.closest("fieldset").querySelector("input[value=own]");
      if (own) own.checked = true;
    });
    form.addEventListener("submit", () => { dirty = false; });
    form.addEventListener("keydown", (event) => {
      // Enter in a box of one line would send the form.
      if (event.key === "Enter" && !event.isComposing && event.target.matches("input:not([type=checkbox], [type=radio])")) event.preventDefault();
    });
    addEventListener("beforeunload", (event) => {
      if (dirty) event.preventDefault();
    });
  }
}
