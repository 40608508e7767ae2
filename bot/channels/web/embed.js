// For a ward's portal:  <script src="https://BOT/embed.js" data-site="SITE-KEY" async></script>
// Draws one button; the chat itself lives in a frame of the gateway's own origin.

(() => {
  "use strict";
  const script = document.currentScript;
  const site = script?.dataset.site;
  const origin = script && new URL(script.src).origin;
  if (!site || window.__motCua) return;
  window.__motCua = true;

  const base = "all:initial;position:fixed;z-index:2147483000;box-sizing:border-box;";
  let frame, button, labels;

  fetch(`${origin}/embed/${encodeURIComponent(site)}/config`, { credentials: "omit" })
    .then((response) => (response.ok ? response.json() : Promise.reject(new Error("HTTP " + response.status))))
    .then((config) => {
      labels = config;
      if (document.body) draw();
      else addEventListener("DOMContentLoaded", draw);
    })
    .catch((error) => console.warn("embed.js: site", site, "is not allowed here:", error.message));

  function draw() {
    button = document.createElement("button");
    button.type = "button";
    button.style.cssText =
      base +
      "right:max(16px,env(safe-area-inset-right));bottom:max(16px,env(safe-area-inset-bottom));width:60px;height:60px;" +
      "border-radius:30px;background:#0b5a8a;cursor:pointer;box-shadow:0 4px 16px rgba(0,0,0,.3);padding:14px;";
    button.setAttribute("aria-label", labels.label);
    button.setAttribute("aria-expanded", "false");
    button.title = labels.label;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.style.cssText = "display:block;width:32px;height:32px;fill:#fff;pointer-events:none;";
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", "M4 4h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z");
    svg.append(path);
    button.append(svg);
    button.addEventListener("focus", () => (button.style.outline = "3px solid #f2a900"));
    button.addEventListener("blur", () => (button.style.outline = "none"));
    button.addEventListener("click", () => (frame && frame.style.display !== "none" ? hide() : show()));
    document.body.append(button);
    addEventListener("message", (event) => {
      if (event.origin === origin && event.source === frame?.contentWindow && event.data === "mot-cua:close") hide();
    });
    addEventListener("resize", place);
  }

  function show() {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.src = `${origin}/embed/${encodeURIComponent(site)}`;
      frame.title = labels.label;
      frame.referrerPolicy = "strict-origin-when-cross-origin";
      document.body.append(frame);
    }
    frame.hidden = false;
    place(true);
    button.setAttribute("aria-expanded", "true");
    frame.focus();
  }

  function hide() {
    frame.style.display = "none";
    button.style.display = "block";
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  function place(open) {
    if (!frame || (open !== true && frame.style.display === "none")) return;
    const phone = innerWidth < 520;
    frame.style.cssText =
      base +
      "display:block;border:0;background:#fff;color-scheme:normal;" +
      (phone
        ? "inset:0;width:100%;height:100%;"
        : "right:16px;bottom:88px;width:400px;height:min(660px,calc(100vh - 108px));border-radius:16px;" +
          "box-shadow:0 12px 40px rgba(0,0,0,.3);");
    button.style.display = phone ? "none" : "block";
  }
})();
