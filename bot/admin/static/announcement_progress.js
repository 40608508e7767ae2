// Shows how far an announcement has come without a reload. Without this file a link loads the page again.
"use strict";
{
  const WAIT_MS = 2000;
  const live = document.getElementById("live");
  const news = document.getElementById("news");
  const OVER = ["finished", "cancelled"];
  poll();

  async function poll() {
    for (;;) {
      if (OVER.includes(live.querySelector("[data-state]").dataset.state)) return;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      if (document.visibilityState === "hidden") continue;
      // Nothing moves under somebody who is writing a reason.
      if (live.querySelector("details[open]")) continue;
      try {
        await look();
      } catch {
        news.textContent = "Mất kết nối, đang thử lại.";
      }
    }
  }

  async function look() {
    const answer = await fetch(`${live.dataset.news}?seen=${live.dataset.revision}`, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(15000) });
    if (answer.status === 204) return;
    if (answer.type === "opaqueredirect" || answer.status === 403) return location.reload();
    if (!answer.ok) throw new Error("HTTP " + answer.status);
    const before = live.querySelector("[data-state]").dataset.state;
    const focused = live.contains(document.activeElement) ? document.activeElement.textContent : null;
    live.innerHTML = await answer.text();
    live.dataset.revision = answer.headers.get("X-Revision");
    if (focused) [...live.querySelectorAll("a, button, summary")].find((one) => one.textContent === focused)?.focus();
    const fresh = live.querySelector("[data-state]").dataset.state;
    if (fresh !== before) news.textContent = live.querySelector(".marks").textContent;
  }
}
