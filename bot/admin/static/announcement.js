// The form of an announcement saves itself, shows what comes of it, and counts letters. Without this file the buttons of
// the form save, and the page that comes back shows the same.
"use strict";
{
  const WAIT_MS = 1500;
  const form = document.getElementById("compose");
  const saved = document.getElementById("saved");
  let timer = 0;
  let saving = null;
  let again = false;
  let dirty = false;
  let stopped = false;
  let audience = false;
  let changes = 0;

  document.querySelector("[data-focus]")?.focus();
  document.addEventListener("input", (event) => {
    if (event.target.form === form) changed(event);
  });
  document.addEventListener("change", (event) => {
    if (event.target.form === form) changed(event);
  });
  form.addEventListener("keydown", (event) => {
    // Enter in a box of one line would send the form.
    if (event.key === "Enter" && !event.isComposing && event.target.matches("input:not([type=submit])")) event.preventDefault();
  });
  form.addEventListener("submit", leave);
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  for (const box of boxesToCount()) count(box);

  function boxesToCount() {
    return [...document.querySelectorAll("[data-count]")];
  }

  function count(box) {
    const limit = Number(box.dataset.count) || 0;
    // As the platforms count: characters, not the pieces that JavaScript's strings are made of.
    const length = [...box.value].length;
    const place = box.closest(".field");
    let shown = place.querySelector("[data-counter], .counter");
    if (!shown) {
      shown = document.createElement("p");
      shown.className = "counter";
      box.after(shown);
    }
    shown.textContent = limit ? `${length}/${limit}` : `${length} ký tự`;
    shown.classList.toggle("over", limit > 0 && length > limit);
  }

  // What was wrong is not said any longer of a box that somebody is mending.
  function forgive(box) {
    const place = box.closest(".wrong");
    if (!place) return;
    place.classList.remove("wrong");
    for (const one of place.querySelectorAll(".problem")) one.remove();
    const list = document.getElementById("problems");
    list?.querySelector(`a[href="#${CSS.escape(place.id || box.id)}"]`)?.closest("li").remove();
    if (list && !list.querySelector("li")) list.remove();
  }

  function changed(event) {
    const box = event.target;
    forgive(box);
    if ("count" in box.dataset) count(box);
    if (box.name === "send_at" && box.value) document.getElementById("f-when-time").checked = true;
    if (box.closest("[data-audience]") || ["wards", "outlets", "kind"].includes(box.name)) audience = true;
    dirty = true;
    changes += 1;
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, box.type === "file" ? 0 : WAIT_MS);
    tell("Có thay đổi chưa lưu");
  }

  // The button's own saving must not meet one that is still under way: its version would be old.
  async function leave(event) {
    clearTimeout(timer);
    dirty = false;
    if (!saving) return;
    event.preventDefault();
    const button = event.submitter;
    await saving;
    dirty = false;
    form.requestSubmit(button);
  }

  function save() {
    if (saving) {
      again = true;
      return;
    }
    saving = send().finally(() => {
      saving = null;
      if (again && !stopped) {
        again = false;
        save();
      }
    });
  }

  async function send() {
    const body = new FormData(form);
    body.set("do", "auto");
    if (audience) body.set("with_forecast", "1");
    const files = [...form.querySelectorAll("input[type=file]")].filter((one) => one.files.length);
    const before = dirty;
    const asked = changes;
    const counted = audience;
    dirty = false;
    audience = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(30000) });
      if (answer.type === "opaqueredirect" || answer.status === 403) {
        stopped = true;
        dirty = before;
        return tell("Phiên làm việc đã hết. Anh/chị bấm “Lưu nháp” để đăng nhập lại.");
      }
      const text = await answer.text();
      if (answer.status === 409) {
        stopped = true;
        dirty = before;
        return tell(text);
      }
      if (answer.status === 413) {
        for (const one of files) one.value = "";
        return tell("Tệp lớn quá nên máy không nhận. Anh/chị chọn tệp nhỏ hơn.");
      }
      if (answer.status < 500 && !answer.ok) {
        stopped = true;
        dirty = before;
        return tell("Chưa tự lưu được. Anh/chị bấm “Lưu nháp” để xem vì sao.");
      }
      if (!answer.ok) throw new Error("HTTP " + answer.status);
      form.elements.version.value = answer.headers.get("X-Version");
      for (const one of files) one.value = "";
      // What was typed meanwhile is newer than the answer; the next saving shows it.
      if (asked === changes) show(document.createRange().createContextualFragment(text));
      else audience = audience || counted;
      if (!dirty) tell("Đã tự lưu lúc " + answer.headers.get("X-Saved"));
    } catch {
      dirty = true;
      audience = audience || counted;
      tell("Mất kết nối, chưa lưu được. Máy sẽ thử lại; anh/chị đừng đóng trang.");
      timer = setTimeout(save, 5000);
    }
  }

  function show(fresh) {
    for (const part of fresh.querySelectorAll("[data-part]")) {
      const place = document.getElementById(part.id);
      if (!place || place.innerHTML === part.innerHTML && place.hidden === part.hidden) continue;
      // Nothing moves under somebody who writes there.
      if (place.contains(document.activeElement) && document.activeElement.matches("textarea, input")) continue;
      const open = [...place.querySelectorAll("details")].map((one) => one.open);
      place.replaceWith(part);
      [...part.querySelectorAll("details")].forEach((one, at) => { one.open = one.open || Boolean(open[at]); });
      for (const box of part.querySelectorAll("[data-count]")) count(box);
    }
  }

  function tell(sentence) {
    if (saved.textContent !== sentence) saved.textContent = sentence;
  }
}
