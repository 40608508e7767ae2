// The panel of things that can go wrong: the scenes a ward rehearses, and under them every switch of the emulator.

import { element } from "./bubbles.js";

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export class Weather {
  // `change(what)` tells the emulator: {scene, on}, {name, value} or {reset: true}.
  constructor(change) {
    this.change = change;
    this.panel = document.getElementById("weather");
    this.opener = document.getElementById("trouble");
    this.count = document.getElementById("count");
    this.scenes = new Rows(document.getElementById("scenes"), (one) => this.scene(one));
    this.switches = new Rows(document.getElementById("switches"), (one) => this.control(one));
    this.opener.addEventListener("click", () => this.open(this.panel.hidden));
    document.getElementById("shut").addEventListener("click", () => this.open(false));
    document.getElementById("fair").addEventListener("click", () => change({ reset: true }));
    this.panel.addEventListener("keydown", (event) => event.key === "Escape" && this.open(false));
  }

  open(yes) {
    this.panel.hidden = !yes;
    this.opener.setAttribute("aria-expanded", String(yes));
    if (yes) this.panel.querySelector("#scenes input, summary").focus();
    else this.opener.focus();
  }

  show(scenes, switches) {
    const raised = switches.filter((one) => !same(one.value, one.fair));
    this.scenes.show(scenes, (one, control) => {
      control.checked = one.on;
      return one.on;
    });
    this.switches.show(switches, (one, control) => {
      if (one.kind === "bool") control.checked = Boolean(one.value);
      else if (control !== document.activeElement) control.value = one.kind === "choice" ? place(one) : (one.value ?? "");
      return raised.includes(one);
    });
    this.opener.classList.toggle("raised", raised.length > 0);
    this.count.textContent = raised.length ? ` (${raised.length})` : "";
  }

  scene(one) {
    const control = element("input");
    control.type = "checkbox";
    control.setAttribute("role", "switch");
    control.addEventListener("change", () => this.change({ scene: one.name, on: control.checked }));
    element("label", "switch scene", element("span", "", element("strong", "", one.label), element("small", "", one.hint)), control);
    return control;
  }

  control(one) {
    const control = element(one.kind === "choice" ? "select" : "input");
    if (one.kind === "choice") control.append(...pairs(one).map(([, label], at) => new Option(label, String(at))));
    else control.type = { bool: "checkbox", number: "number" }[one.kind] ?? "text";
    if (one.kind === "bool") control.setAttribute("role", "switch");
    if (one.kind === "number") Object.assign(control, { min: "0", step: "any", inputMode: "decimal", required: true });
    control.addEventListener("change", () => {
      if (!control.checkValidity()) return control.reportValidity();
      this.change({ name: one.name, value: given(one, control) });
    });
    element("label", "switch " + one.kind, element("span", "", one.label), control);
    return control;
  }
}

// One labelled control per named thing, made once and then kept up to date.
class Rows {
  constructor(list, make) {
    this.list = list;
    this.make = make;
    this.controls = new Map();
  }

  show(things, update) {
    if (things.map((one) => one.name).join() !== [...this.controls.keys()].join()) {
      this.controls = new Map(things.map((one) => [one.name, this.make(one)]));
      this.list.replaceChildren(...[...this.controls.values()].map((one) => one.closest(".switch")));
    }
    for (const one of things) {
      const control = this.controls.get(one.name);
      control.closest(".switch").classList.toggle("raised", update(one, control));
    }
  }
}

function given(one, control) {
  if (one.kind === "bool") return control.checked;
  if (one.kind === "number") return Number(control.value);
  return one.kind === "choice" ? pairs(one)[control.value][0] : control.value;
}

function pairs(one) {
  return one.choices.map((choice) => (Array.isArray(choice) ? choice : [choice, String(choice) || "–"]));
}

function place(one) {
  return String(pairs(one).findIndex(([known]) => same(known, one.value)));
}
