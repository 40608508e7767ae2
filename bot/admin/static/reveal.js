// A button beside every password that shows what was typed. Without this file the field works as ever.
"use strict";
for (const input of document.querySelectorAll('input[type="password"]')) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link reveal";
  button.setAttribute("aria-controls", input.id);
  const tell = () => {
    const hidden = input.type === "password";
    button.textContent = hidden ? "Hiện mật khẩu" : "Ẩn mật khẩu";
    button.setAttribute("aria-pressed", String(!hidden));
  };
  button.addEventListener("click", () => {
    input.type = input.type === "password" ? "text" : "password";
    tell();
  });
  tell();
  input.after(button);
  input.form.addEventListener("submit", () => { input.type = "password"; });
}
